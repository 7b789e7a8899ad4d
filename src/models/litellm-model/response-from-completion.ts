import type { JsonObject } from '../../protocol/index.js';
import { countingIds } from '../../protocol/index.js';
import { replyFromChat } from '../../translate/index.js';

/** A Responses reply from a chat completion; an `output` that is already there is kept. */
export function responseFromCompletion(body: JsonObject): JsonObject {
  const { output } = body;
  if (Array.isArray(output) && output.length > 0) return { ...body, object: 'response' };
  const id = typeof body['id'] === 'string' ? body['id'] : 'litellm';
  const ids = countingIds();
  const reply = replyFromChat(
    body,
    { input: [] },
    {
      ...(typeof body['model'] === 'string' && { model: body['model'] }),
      newId: (prefix) => ids(`${prefix}${id}_`),
    },
  );
  return reply as unknown as JsonObject;
}
