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
    { key: `${server}.${type}.${implementation}`, ...where },
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
