export { Discovery } from './discovery.js';
export { entityName } from './names.js';
