/** The words with which a verdict says why: those of the reference, because reports count them. */
export const CATEGORY = {
  nothing: 'No tool call or chat message was found in the response',
  kind: 'The actual action type does not match the expected action type',
  emptyMessage: 'The assistant message is empty after trimming whitespace',
  message: 'A chat message that matches the expected message was found',
  tool: 'The tool in a tool call is not the expected tool',
  decode: 'An error occurred when decoding the arguments string in a tool call as JSON',
  noObject: 'The decoded tool-call arguments are not a JSON object',
  noSchema: 'The declared tool schema for the tool call could not be found',
  schema: 'The actual tool-call arguments are not valid under the declared tool schema',
  keys: 'The actual tool-call arguments contain parameter keys absent from the expected answer',
  value: 'The actual tool-call argument values do not match the expected answer',
  batchLength: 'The number of tool calls in a batch is different than expected',
  execMissing: 'The exec_command tool call does not contain a cmd argument',
  exec: 'The exec_command cmd similarity is below threshold',
  bashMissing: 'The bash tool call does not contain a command argument',
  bash: 'The bash command similarity is below threshold',
  plan: 'The update_plan tool call does not contain a non-empty plan argument',
  python: 'The execute_python code similarity is below threshold',
  result: 'The return_result result similarity is below threshold',
  todos: 'The todowrite tool call does not contain a non-empty todos list',
  call: 'A tool call that matches the expected tool call was found',
  batch: 'A tool-call batch that matches the expected batch was found',
  search: 'The web_search query similarity is below threshold',
  searchMissing: 'The web_search tool call does not contain a query argument',
  urlMissing: 'The fetch_web_page tool call does not contain a url argument',
  url: 'The fetch_web_page urls do not match the expected urls',
  reasonMissing: 'The finish tool call does not contain a reason argument',
  pathsMissing: 'The finish tool call does not contain a paths argument',
  reason: 'The finish reason similarity is below threshold',
  paths: 'The finish paths do not match the expected paths',
} as const;

export type Category = (typeof CATEGORY)[keyof typeof CATEGORY];

/** What a comparison comes to: a match has one of three categories. */
export interface Compared {
  readonly category: Category;
  /** How alike two texts are, where that was asked. */
  readonly similarity?: number;
}

export const isMatch = ({ category }: Compared): boolean =>
  category === CATEGORY.call || category === CATEGORY.batch || category === CATEGORY.message;
