export { initEnvironment } from './init.js';
export type { InitOptions, Scaffold } from './init.js';
export { KINDS, LANGUAGES } from './kinds.js';
export type { EnvironmentKind, Language } from './kinds.js';
export { blocksFor, NOBODY, openModels } from './open-models.js';
export { environmentSchema } from './schema.js';
export { environmentServer, testEnvironment } from './trial/test-environment.js';
export type { TestOptions } from './trial/test-environment.js';
export type { TrialCount, TrialFinding, TrialReport } from './trial/trial.js';
