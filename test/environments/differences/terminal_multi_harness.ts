import { breaks } from '../difference-kinds.js';

export default [breaks('arguments that are no JSON object', /DecodedArgumentsResult/)];
