import { rowNamesTheReward } from './shared.js';

export default [rowNamesTheReward];
