import { breaks } from '../difference-kinds.js';

export default [breaks('half a character in an answer, which it cannot write', /surrogates not allowed/)];
