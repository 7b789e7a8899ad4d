export type { PlatformSettings } from './open-platform.js';
export { openPlatform } from './open-platform.js';
export type { Platform, PlatformOptions } from './platform.js';
export { startPlatform } from './platform.js';
export type { KeySources, MasterKey } from './secrets/index.js';
export { readMasterKeys } from './secrets/index.js';
