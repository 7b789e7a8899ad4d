import { judgeFailed, rowNamesTheReward } from './shared.js';

export default [rowNamesTheReward, judgeFailed];
