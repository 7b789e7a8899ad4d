export { isFolder, makeFolder } from './make-folder.js';
export { placed } from './placed.js';
export { WholeFile, writeWhole } from './whole-file.js';
