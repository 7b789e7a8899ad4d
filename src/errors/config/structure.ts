import { NgError } from '../ng-error.js';
import { didYouMean, nearest } from '../suggest.js';
import { bullets, placeText, where } from './places.js';
import type { Place } from './places.js';

export function configDirectivePath(directive: string, at: Place): NgError {
  return new NgError(
    'CONFIG_DIRECTIVE',
    `"${directive}" must be text.`,
    directive === '_delete_key'
      ? 'Write "_delete_key: key_a, key_b".'
      : `Write "${directive}: path.to.block".`,
    where(at),
  );
}

export function configInheritPath(path: string, known: readonly string[], at: Place): NgError {
  return new NgError(
    'CONFIG_INHERIT_PATH',
    `"${path}", to be inherited, does not exist.${didYouMean(path.split('.')[0]!, known)}`,
    'Correct the path (from the top, with dots), or add the file that defines it to config_paths.',
    where(at),
  );
}

export function configInheritCycle(cycle: readonly string[], at: Place): NgError {
  return new NgError(
    'CONFIG_INHERIT_CYCLE',
    `A block inherits from itself: ${cycle.join(' -> ')}.`,
    'Inherit from a block outside of this one.',
    where(at),
  );
}

export function configDeleteKey(keys: readonly string[], at: Place): NgError {
  return new NgError(
    'CONFIG_DELETE_KEY',
    `"_delete_key" names keys that are not there: ${keys.join(', ')}.`,
    'Remove them from "_delete_key".',
    where(at),
  );
}

export function configMissingValues(missing: readonly { path: string; origin: Place }[]): NgError {
  const examples = missing.slice(0, 3).map(({ path }) => `++${path}=<value>`);
  const [first] = missing;
  return new NgError(
    'CONFIG_MISSING_VALUES',
    `${missing.length} value${missing.length === 1 ? ' is' : 's are'} left as "???" to be given by you:\n${bullets(
      missing.map(({ path, origin }) => `${placeText({ origin })}: ${path}`),
    )}`,
    `Add to the command: ${examples.join(' ')}${missing.length > 3 ? ' …' : ''}`,
    missing.length === 1 && first !== undefined ? { ...where(first.origin), key: first.path } : {},
  );
}

export function configAlmostServers(
  almost: readonly { name: string; problems: readonly { path: string; problem: string; origin: Place }[] }[],
): NgError {
  const lines = almost.flatMap(({ problems }) =>
    problems.map(({ path, problem, origin }) => `${placeText({ origin })}: ${path} ${problem}`),
  );
  const names = almost.map(({ name }) => `"${name}"`).join(', ');
  return new NgError(
    'CONFIG_ALMOST_SERVER',
    `${names} look${almost.length === 1 ? 's' : ''} like a server but cannot be one:\n${bullets(lines)}`,
    'Correct these fields, or pass +error_on_almost_servers=false to go on without the block.',
  );
}

/** The text of a warning: a block with a server type that takes no part. */
export function configLeftOut(block: { path: string; suggestion: string; origin: Place }): string {
  const { path, suggestion, origin } = block;
  const place = placeText({ origin });
  return `${place}: ${path} is left out: its type is not built in, and it has no "entrypoint".${suggestion}`;
}

/** The text of a warning: an environment server that would direct what its agent plays. */
export function configUndirected(server: { path: string; agent: string | undefined; origin: Place }): string {
  const { path, agent, origin } = server;
  const alone =
    agent === undefined
      ? 'agents play by themselves'
      : `"${agent}" plays by itself, with the environment of its own block`;
  return `${placeText({ origin })}: ${path} is not run: ${alone}.`;
}

/** The flag that adds such a file. */
const SELECTORS: Readonly<Record<string, string>> = {
  responses_api_models:
    ', or name one with --model-type, e.g. "--model-type inference_provider/together" ("ng list models")',
  resources_servers:
    ', or name one with --resources-server, e.g. "--resources-server mcqa" ("ng list resources-servers")',
};

export function configServerReference(
  name: string,
  type: string,
  known: readonly string[],
  otherType: string | undefined,
  at: Place,
): NgError {
  const near = nearest(name, known);
  const other = otherType === undefined ? '' : ` "${name}" is one of ${otherType}.`;
  return new NgError(
    'CONFIG_SERVER_REFERENCE',
    `No server "${name}" among ${type}.${other}${near.length === 0 ? '' : didYouMean(name, known)}`,
    known.length === 0
      ? `Add a file that defines one under ${type} to config_paths${SELECTORS[type] ?? ''}.`
      : `Defined ${type}: ${known.join(', ')}. Correct the name, or add the file that defines "${name}" to config_paths.`,
    where(at),
  );
}

export function configKeyUnknown(
  path: string,
  parent: string,
  part: string,
  known: readonly string[],
): NgError {
  return new NgError(
    'CONFIG_KEY_UNKNOWN',
    `There is no "${path}" in the configuration.${didYouMean(part, known)}`,
    `Keys of ${parent === '' ? 'the top level' : `"${parent}"`}: ${known.slice(0, 20).join(', ')}${known.length > 20 ? ', …' : ''}.`,
  );
}
