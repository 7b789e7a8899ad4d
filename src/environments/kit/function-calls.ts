import { isFunctionCall, isObject } from '../../protocol/index.js';
import type { FunctionCallItem, JsonObject, ResponsesReply } from '../../protocol/index.js';

/** The calls in a reply, in order; with a name, only calls of that tool. */
export function functionCalls(reply: Pick<ResponsesReply, 'output'>, name?: string): FunctionCallItem[] {
  return reply.output.filter(isFunctionCall).filter((call) => name === undefined || call.name === name);
}

/** The arguments of a call as an object; undefined when the model's text is not a JSON object. */
export function callArguments(call: FunctionCallItem): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(call.arguments);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
