import { isObject } from '../../protocol/index.js';
import { indexRecording } from './index-file.js';

/**
 * Values for the configuration keys that a replay does not need: the recorded model's name, and stand-ins for
 * address and key. Meant as lowest-ranking values, so that anything configured wins.
 */
export async function replayDefaults(
  file: string,
): Promise<{ policy_base_url: string; policy_api_key: string; policy_model_name: string }> {
  const index = await indexRecording(file);
  let model = 'replayed';
  try {
    for await (const { model: server, request } of index.entries()) {
      if (server !== 'policy_model' || !isObject(request) || typeof request['model'] !== 'string') continue;
      model = request['model'];
      break;
    }
  } finally {
    await index.close();
  }
  // A value that is known to be no key: nothing is to be removed from messages for its sake.
  return { policy_base_url: 'http://replay.invalid/v1', policy_api_key: 'unused', policy_model_name: model };
}
