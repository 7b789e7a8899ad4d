import type { JsonObject, StopReason } from '../protocol/index.js';
import type { Finished, Playing } from './play.js';

/** The two settings by which an agent goes without the verifier. */
export interface SkipVerification {
  skip_verification?: boolean | null | undefined;
  skip_verification_reward?: number | null | undefined;
}

/** Scores what was played: by the verifier, or with the configured reward where verification is off. */
export async function verdictOf(
  playing: Playing,
  stopReason: StopReason,
  config: SkipVerification,
): Promise<Finished> {
  const { environment, session, row, call, progress } = playing;
  if (config.skip_verification === true) {
    const reward = config.skip_verification_reward ?? 0;
    const fields = { ...restOf(row), reward, verification_skipped: true };
    return { reward, stopReason, fields };
  }
  call.onPhase('verifying');
  progress.step = 'verify_failed';
  const { reward, ...found } = await environment.verify(session, row, progress.response!, call);
  return { reward, stopReason, fields: { reward, ...found } };
}

/** The row's own keys, as the reference echoes them when there is no verifier to say what comes back. */
function restOf(row: Playing['row']): JsonObject {
  const rest: Record<string, unknown> = { ...row };
  delete rest['responses_create_params'];
  return rest as JsonObject;
}
