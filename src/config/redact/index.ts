export { maskArgument } from './argument.js';
export { isSecretKey, MASK } from './secret-keys.js';
export { maskSourceLine } from './source-line.js';
export { maskUrls, maskValues } from './text.js';
export { collectSecrets, redactTree, shownScalar } from './tree.js';
