import { where as placeOf } from './config/places.js';
import type { Where } from './ng-error.js';
import { NgError } from './ng-error.js';
import { didYouMean } from './suggest.js';

const KIND_WORDS: Record<string, string> = {
  responses_api_models: 'model server',
  resources_servers: 'environment',
  responses_api_agents: 'agent',
};

/** `type` is the server type of the configuration, e.g. `resources_servers`. */
export function notBuiltIn(
  server: string,
  type: string,
  implementation: string,
  known: readonly string[],
  where: Where = {},
): NgError {
  const word = KIND_WORDS[type] ?? type;
  return new NgError(
    'GRAPH_NOT_BUILT_IN',
    `"${server}" needs the ${word} "${implementation}", which is not built in.${didYouMean(implementation, known)}`,
    `Run it in its own process and say where: "++${server}.${type}.${implementation}.base_url=http://<host>:<port>".\n  Built in: ${known.join(', ')}.`,
    { ...placeOf(where), key: `${server}.${type}.${implementation}` },
  );
}

/** A model server of a type that nobody knows, with an address and a provider's keys (`keys`). */
export function unknownProviderType(
  server: string,
  implementation: string,
  keys: readonly string[],
  known: readonly string[],
  where: Where = {},
): NgError {
  return new NgError(
    'GRAPH_UNKNOWN_PROVIDER_TYPE',
    `"${server}" is a model server of the type "${implementation}", which is not built in, so nothing says in which dialect its provider is to be asked.${didYouMean(implementation, known)}`,
    `Name one of ${known.join(', ')}: inference_provider speaks Chat Completions, openai_model Responses.\n` +
      `  Or, for a model server of ngym or NeMo Gym that runs elsewhere, leave base_url and remove ${keys.join(', ')} (its token is "server_token").`,
    { ...placeOf(where), key: `${server}.responses_api_models.${implementation}` },
  );
}

/** `path` is the dotted path of the key. */
export function misspeltKey(
  path: string,
  key: string,
  implementation: string,
  meant: string,
  where: Where = {},
): NgError {
  return new NgError(
    'GRAPH_MISSPELT_KEY',
    `The key "${key}" means nothing to ${implementation}. Did you mean "${meant}"?`,
    'Correct the key, or remove it.',
    { ...placeOf(where), key: path },
  );
}

/** `type` is the server type of the configuration, e.g. `responses_api_agents`. */
export function unknownServer(name: string, type: string, known: readonly string[]): NgError {
  const word = KIND_WORDS[type] ?? type;
  return new NgError(
    'GRAPH_UNKNOWN_SERVER',
    `There is no ${word} "${name}" in the configuration.${didYouMean(name, known)}`,
    known.length === 0
      ? `The configuration defines no ${word} at all: name a config file that does (--config …).`
      : `Defined: ${known.join(', ')}.`,
  );
}

export function missingReference(server: string, field: string, known: readonly string[]): NgError {
  return new NgError(
    'GRAPH_MISSING_REFERENCE',
    `"${server}" names no ${field.replace(/_/g, ' ')}.`,
    `Give it one: "++${server}.<type>.<implementation>.${field}.name=<server>".${known.length === 0 ? '' : ` Defined: ${known.join(', ')}.`}`,
    { key: `${server}.${field}` },
  );
}

export function unknownReference(
  server: string,
  field: string,
  name: string,
  known: readonly string[],
): NgError {
  return new NgError(
    'GRAPH_UNKNOWN_REFERENCE',
    `"${server}" refers to ${field.replace(/_/g, ' ')} "${name}", which is not in the configuration.${didYouMean(name, known)}`,
    known.length === 0
      ? 'Add the config file that defines it.'
      : `Defined: ${known.join(', ')}. Or add the config file that defines "${name}".`,
    { key: `${server}.${field}.name` },
  );
}
