export type { Included } from './config-paths.js';
export { includeFiles } from './config-paths.js';
export { loadEnvFile } from './env-file.js';
