import { judgeFailed, unusedKeys } from './shared.js';

export default [unusedKeys('responses_create_params'), judgeFailed];
