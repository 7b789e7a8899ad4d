import { judgeFailed, rowNamesTheReward, unusedKeys } from './shared.js';

export default [rowNamesTheReward, unusedKeys('responses_create_params'), judgeFailed];
