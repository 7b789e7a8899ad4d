import { judgeFailed } from './shared.js';

export default [judgeFailed];
