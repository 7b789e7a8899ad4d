import { NgError } from './ng-error.js';

/** A model server's block does not fit its type. `block` is the dotted path of the block. */
export function modelConfigInvalid(
  block: string,
  problems: readonly { key: string; message: string }[],
): NgError {
  const lines = problems.map(({ key, message }) => `${block}${key === '' ? '' : `.${key}`}: ${message}`);
  return new NgError(
    'MODEL_CONFIG_INVALID',
    `The configuration of a model server is not usable:\n  ${lines.join('\n  ')}`,
    `Set it in the YAML file, in env.yaml, or with ++${block}.${problems[0]?.key ?? '<key>'}=<value>.`,
    { key: block },
  );
}

/** The first, tiny request to a model did not work; `words` are the provider's own, secrets removed. */
export function preflightFailed(model: string, modelId: string, words: string): NgError {
  return new NgError(
    'MODEL_PREFLIGHT_FAILED',
    `The model server "${model}" (model ${modelId}) cannot be used, so nothing was started:\n  ${words}`,
    'Correct base_url, api_key or model; or "+preflight=false" to start all the same.',
  );
}

export function recordingNotFound(file: string, roots: readonly string[]): NgError {
  return new NgError(
    'RECORDING_NOT_FOUND',
    `No recording "${file}". Looked in:\n  ${roots.join('\n  ')}`,
    'Give the path of a file made with +record=<path>, absolute or relative to one of these folders.',
  );
}

export function recordingUnreadable(file: string, line: number | undefined, reason: string): NgError {
  return new NgError(
    'RECORDING_UNREADABLE',
    `The recording cannot be read: ${reason}`,
    'Give a file made with +record=<path>; record it again if it is damaged.',
    { file, ...(line !== undefined && { line }) },
  );
}
