/** The words with which a verdict says why: those of the reference, because reports count them. */
export const CATEGORY = {
  nothing: 'No tool call or chat message was found in the response',
  noCall: 'No tool call was found when one was expected',
  message: 'A chat message was found as expected',
  noMessage: 'A tool call was executed when a chat message was expected',
  tool: 'The tool in a tool call is not the expected tool',
  decode: 'An error occurred when decoding the arguments string in a tool call as a JSON object',
  type: 'The type of an argument value in a tool call is different than the expected type',
  keys: 'The keys in an object in an argument value in a tool call are different than the keys in the expected object',
  length: 'A list in an argument value in a tool call has a different length than the expected list',
  value: 'An argument value in a tool call is different than the expected value',
  call: 'A tool call that matches the expected tool call was found',
  batchLength: 'The number of tool calls in a batch is different than expected',
  batch: 'A tool-call batch that matches the expected tool calls was found',
} as const;

export type Category = (typeof CATEGORY)[keyof typeof CATEGORY];
