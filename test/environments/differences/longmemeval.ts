import { judgeFailed } from '../difference-kinds.js';

export default [judgeFailed];
