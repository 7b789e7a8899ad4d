import type { JsonObject } from '../../protocol/index.js';
import { askJudge } from './ask.js';
import type { Asked, JudgeMessage } from './ask.js';
import { recordedRequest } from './record.js';

/** As {@link askJudge}, and every field that the reference's model has is in the request: null where it is not set. */
export function askInFull(
  context: Parameters<typeof askJudge>[0],
  messages: readonly JudgeMessage[],
  settings: JsonObject,
): Promise<Asked> {
  const { input, ...fields } = recordedRequest({ ...settings, input: messages as unknown as JsonObject[] });
  return askJudge(context, input as unknown as JudgeMessage[], fields);
}
