export { dataFolder } from './data-folder.js';
export type { Env, FoundPython, PythonPlaces } from './python.js';
export { findPython, programOnPath, PYTHON_VARIABLE, somePython } from './python.js';
export { installedRoot, referenceRoots, unpackedRoots } from './roots.js';
export type { Kind, Unpacked } from './unpack.js';
export { unpackWheel } from './unpack.js';
