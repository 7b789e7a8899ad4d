export { readYaml } from './read-yaml.js';
export { readPlainScalar } from './scalar.js';
