import type { Place } from './config/places.js';
import { bullets, placeText, where as placeOf } from './config/places.js';
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

/** A key of a block that is nearly one that is known; `path` is its dotted path. */
export interface Misspelt {
  path: string;
  key: string;
  meant: string;
  where: Place;
}

/** The slips of the pen in one block; at least one. */
export function misspeltKeys(implementation: string, slips: readonly Misspelt[]): NgError {
  const [first] = slips;
  const place = { ...placeOf(first!.where), key: first!.path };
  if (slips.length === 1) {
    return new NgError(
      'GRAPH_MISSPELT_KEY',
      `The key "${first!.key}" means nothing to ${implementation}. Did you mean "${first!.meant}"?`,
      'Correct the key, or remove it.',
      place,
    );
  }
  const lines = slips.map(
    ({ key, meant, where }) => `${placeText({ origin: where })}: "${key}". Did you mean "${meant}"?`,
  );
  return new NgError(
    'GRAPH_MISSPELT_KEY',
    `These keys mean nothing to ${implementation}:\n${bullets(lines)}`,
    'Correct the keys, or remove them.',
    place,
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
