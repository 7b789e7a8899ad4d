export { maskArgument } from './argument.js';
export { isSecretKey, isSecretPath, MASK } from './secret-keys.js';
export { maskSourceLine } from './source-line.js';
export { maskUrls, maskValues } from './text.js';
export type { NamedSecret } from './tree.js';
export { findSecrets, maskedValues, redactTree, shownScalar } from './tree.js';
