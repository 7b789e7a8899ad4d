import type { JsonObject, TaskRow } from '../../protocol/index.js';

/** A reply that says nothing, where the form of a failed row wants one. */
export function emptyReply(row: TaskRow): JsonObject {
  const content = [{ type: 'output_text', text: '', annotations: [] }];
  return {
    id: 'resp_failed',
    object: 'response',
    created_at: 0,
    model: row.responses_create_params.model ?? '',
    status: 'failed',
    output: [{ id: 'msg_failed', type: 'message', role: 'assistant', status: 'completed', content }],
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    usage: null,
  };
}
