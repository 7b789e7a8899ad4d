import { NgError } from './ng-error.js';

/** A model server's block does not fit its type. `block` is the dotted path of the block. */
export function modelConfigInvalid(
  block: string,
  problems: readonly { key: string; message: string; alias?: string }[],
): NgError {
  const lines = problems.map(
    ({ key, message, alias }) =>
      `${block}${key === '' ? '' : `.${key}`}${alias === undefined ? '' : ` (or ${alias})`}: ${message}`,
  );
  return new NgError(
    'MODEL_CONFIG_INVALID',
    `The configuration of a model server is not usable:\n  ${lines.join('\n  ')}`,
    `Set it in the YAML file, in env.yaml, or with ++${block}.${problems[0]?.key ?? '<key>'}=<value>.`,
    { key: block },
  );
}

/** Azure's classic addresses answer no request without a version; `block` is the dotted path of the block. */
export function azureVersionMissing(block: string): NgError {
  return new NgError(
    'MODEL_AZURE_VERSION_MISSING',
    'An Azure OpenAI address needs an API version, unless it ends in /openai/v1.',
    `Add "++${block}.default_query={api-version: <version>}", or let the base URL end in /openai/v1.`,
    { key: `${block}.default_query.api-version` },
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
