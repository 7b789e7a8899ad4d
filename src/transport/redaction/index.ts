export { staysInContent, strengthOf, type Strength } from './everyday.js';
export { replaceInJson } from './json-values.js';
export { formsOf } from './secret-forms.js';
