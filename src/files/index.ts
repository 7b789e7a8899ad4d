export { lineGroups, LineSplitter } from './lines.js';
export type { PlacedLine } from './lines.js';
export { isFolder, makeFolder } from './make-folder.js';
export { placed } from './placed.js';
export { WholeFile, writeWhole } from './whole-file.js';
