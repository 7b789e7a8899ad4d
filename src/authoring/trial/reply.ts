import type { Item, ResponsesReply } from '../../protocol/index.js';
import type { TrialCase } from './case.js';

/** A reply with these items. */
export function replyOf(output: Item[]): ResponsesReply {
  return { id: 'resp_trial', object: 'response', created_at: 0, model: 'trial', output, usage: null };
}

/** A message of the model. */
export function message(text: string): Item {
  return {
    type: 'message',
    id: 'msg_trial',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text, annotations: [] }],
  };
}

/** What the model said in a case: the calls of the session with what they answered, then the text. */
export function responseOf(
  { reply, response, session = [] }: Pick<TrialCase, 'reply' | 'response' | 'session'>,
  told: readonly unknown[] = [],
): ResponsesReply {
  if (response != null) return response;
  const calls = session.flatMap(({ tool, arguments: args }, index): Item[] => {
    const call_id = `call_${index}`;
    const called = { type: 'function_call', call_id, name: tool, arguments: JSON.stringify(args) };
    return [called, { type: 'function_call_output', call_id, output: told[index] }] as Item[];
  });
  return replyOf([...calls, message(reply ?? '')]);
}
