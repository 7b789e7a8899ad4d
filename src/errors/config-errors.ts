import { NgError } from './ng-error.js';
import type { Where } from './ng-error.js';
import { didYouMean, nearest } from './suggest.js';

/** Mistakes in configuration files, overrides and environment values. Re-exported by the catalogue. */

/** A token with a mark under the column where it goes wrong. */
function marked(text: string, column: number): string {
  // Control characters would move the mark.
  // eslint-disable-next-line no-control-regex -- they are what is being replaced
  const shown = text.replace(/[\u0000-\u001f]/g, ' ');
  return `    ${shown}\n    ${' '.repeat(column)}^`;
}

export function configOverrideSyntax(token: string, column: number, problem: string, fix: string): NgError {
  return new NgError(
    'CONFIG_OVERRIDE_SYNTAX',
    `Cannot read the argument: ${problem}.\n${marked(token, column)}`,
    fix,
    { column: column + 1 },
  );
}

/** A place of a value: only what is printed of it, without what the caller keeps besides. */
type Place = Where & { source?: string; text?: string };

interface Located {
  origin: Place;
}

function where({ file, line, column, key }: Place): Where {
  return {
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(key === undefined ? {} : { key }),
  };
}

/** `file:line`, the argument, or nothing known. */
function placeText({ origin }: Located): string {
  if (origin.source === 'argument') return `argument ${origin.text ?? ''}`;
  return origin.file === undefined ? 'default' : [origin.file, origin.line].join(':');
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n');
}

export function configOverrideNoKey(token: string): NgError {
  return new NgError('CONFIG_OVERRIDE_KEY', `The argument "${token}" names no key.`, 'Write +key=value.');
}

export function configOverrideNotSet(key: string, token: string): NgError {
  return new NgError(
    'CONFIG_OVERRIDE_NOT_SET',
    `"${key}" is not set on the command line, so there is nothing to change.`,
    `Write +${token}; "key=value" without "+" only changes an earlier argument, never a file.`,
  );
}

export function configOverrideTaken(key: string, token: string, earlier: string): NgError {
  return new NgError(
    'CONFIG_OVERRIDE_TAKEN',
    `"${key}" is given twice on the command line: ${earlier} and then ${token.split('=')[0]!}=….`,
    `Remove one of them, or write ++${key}=… to let the later one win.`,
  );
}

export function configOverrideIndex(key: string, length: number, token: string): NgError {
  return new NgError(
    'CONFIG_OVERRIDE_INDEX',
    `"${key}" is outside its list, which has ${length} entries (argument ${token.split('=')[0]!}=…).`,
    'Positions count from 0; give the whole list to make it longer.',
  );
}

export function configOverrideDelete(key: string, token: string): NgError {
  return new NgError(
    'CONFIG_OVERRIDE_DELETE',
    `"${token}" removes "${key}", which no earlier argument has set.`,
    `"~" only takes back an argument. To empty a value from a file, write ++${key}=null.`,
  );
}

export function configOverrideDeleteValue(key: string, token: string): NgError {
  return new NgError(
    'CONFIG_OVERRIDE_DELETE',
    `"${token}" does not remove "${key}": its value is another one.`,
    `Write ~${key} to remove it whatever its value.`,
  );
}

export function configKindClash(
  path: string,
  old: string,
  oldAt: Place,
  over: string,
  overAt: Place,
): NgError {
  const names: Record<string, string> = { map: 'mapping', list: 'list', scalar: 'value' };
  return new NgError(
    'CONFIG_KIND_CLASH',
    `"${path}" is a ${names[old]!} (${placeText({ origin: oldAt })}); a ${names[over]!} cannot be laid over it.`,
    `Give the whole ${names[old]!}${old === 'list' ? `, e.g. ++${path}=[…]; single entries cannot be changed` : ''}.`,
    { ...where(overAt), key: path },
  );
}

export function configFileNotFound(file: string, candidates: readonly string[], origin: Place): NgError {
  return new NgError(
    'CONFIG_FILE_NOT_FOUND',
    `Configuration file "${file}" does not exist. Looked for:\n${bullets(candidates)}`,
    'Correct the path, or add its root folder to NEMO_GYM_EXTRA_ROOTS (--search-dir).',
    { ...where(origin), key: 'config_paths' },
  );
}

export function configFileUnreadable(file: string, code: string, cause: unknown): NgError {
  const reason = code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'permission denied' : code;
  return new NgError(
    'CONFIG_FILE_UNREADABLE',
    `Cannot read the configuration file: ${reason}.`,
    code === 'EISDIR' ? 'Name the YAML file inside it.' : 'Make the file readable.',
    { file },
    { cause },
  );
}

export function configPathsNotList(value: unknown, origin: Place): NgError {
  void value;
  return new NgError(
    'CONFIG_PATHS_NOT_LIST',
    '"config_paths" must be a list of paths.',
    'Write it with brackets: "+config_paths=[a.yaml,b.yaml]".',
    { ...where(origin), key: 'config_paths' },
  );
}

export function configYamlSyntax(
  reason: string,
  text: string,
  place: Required<Pick<Where, 'file' | 'line' | 'column'>>,
): NgError {
  const line = text.split(/\r?\n/)[place.line - 1] ?? '';
  return new NgError(
    'CONFIG_YAML_SYNTAX',
    `Not valid YAML: ${reason}.\n${marked(line, place.column - 1)}`,
    'Correct the file at this line; text with special characters goes in quotes.',
    place,
  );
}

export function configYamlNotMapping(kind: string, place: Where): NgError {
  return new NgError(
    'CONFIG_YAML_NOT_MAPPING',
    `A configuration file must be a mapping (key: value); this one is a ${kind === 'list' ? 'list' : 'single value'}.`,
    'Put the content under a key.',
    place,
  );
}

export function configYamlAliases(problem: string, place: Where): NgError {
  return new NgError(
    'CONFIG_YAML_ALIAS',
    `YAML aliases (*name) ${problem}.`,
    'Write the value out, or define the anchor (&name) earlier in the file.',
    place,
  );
}

export function configYamlMergeKey(place: Where): NgError {
  return new NgError(
    'CONFIG_YAML_MERGE_KEY',
    'The merge key "<<" needs a mapping or a list of mappings.',
    'Write "<<: *anchor", where the anchor stands on a mapping.',
    place,
  );
}

export function configYamlKey(place: Where): NgError {
  return new NgError(
    'CONFIG_YAML_KEY',
    'A mapping key must be a single value.',
    'Use text as the key.',
    place,
  );
}

export function configYamlTag(tag: string, place: Where): NgError {
  return new NgError(
    'CONFIG_YAML_TAG',
    `The YAML tag "${tag}" is not supported.`,
    'Remove the tag; quote the value to make it text.',
    place,
  );
}

export function configYamlScalar(refusal: 'sexagesimal' | 'too_large', text: string, place: Where): NgError {
  const problem =
    refusal === 'sexagesimal'
      ? `"${text}" is a base-60 number in YAML 1.1, which is hardly what is meant`
      : `${text} is too large to be held exactly`;
  return new NgError('CONFIG_YAML_SCALAR', `${problem}.`, `Quote it to keep it as text: "${text}".`, place);
}

export function configInterpolationSyntax(
  text: string,
  column: number,
  problem: string,
  fix: string,
  at: Place,
): NgError {
  const start = text.lastIndexOf('\n', column - 1) + 1;
  const line = text.slice(start).split('\n')[0]!;
  return new NgError(
    'CONFIG_INTERPOLATION_SYNTAX',
    `Cannot read the interpolation: ${problem}.\n${marked(line, column - start)}`,
    fix,
    where(at),
  );
}

export function configInterpolation(text: string, problem: string, fix: string, at: Place): NgError {
  return new NgError('CONFIG_INTERPOLATION', `Cannot compute ${text}: ${problem}.`, fix, where(at));
}

export function configInterpolationResolver(name: string, known: readonly string[], at: Place): NgError {
  return new NgError(
    'CONFIG_INTERPOLATION_RESOLVER',
    `Unknown resolver "${name}".${didYouMean(name, known)}`,
    `Known resolvers: ${known.join(', ')}.`,
    where(at),
  );
}

export function configInterpolationRelative(text: string, key: string, at: Place): NgError {
  return new NgError(
    'CONFIG_INTERPOLATION',
    `${text} points above the top of the configuration.`,
    'Use fewer dots, or write the path from the top without leading dots.',
    { ...where(at), key },
  );
}

export function configInterpolationCycle(cycle: readonly string[], at: Place): NgError {
  return new NgError(
    'CONFIG_INTERPOLATION_CYCLE',
    `These values refer to each other in a circle: ${cycle.join(' -> ')}.`,
    'Give one of them a value of its own.',
    { ...where(at), key: cycle[0] ?? '' },
  );
}

/** Keys that every run against a policy model needs; they usually live in `env.yaml`. */
const POLICY: Readonly<Record<string, { example: string; flag: string }>> = {
  policy_base_url: { example: 'https://api.openai.com/v1', flag: '--model-url' },
  policy_api_key: { example: '<your key>', flag: '--model-api-key' },
  policy_model_name: { example: '<model name>', flag: '--model' },
};

export function configInterpolationKeys(
  missing: readonly { at: string; key: string; origin: Place }[],
  known: readonly string[],
): NgError {
  const lines = missing.map(
    ({ at, key, origin }) =>
      `${placeText({ origin })}: ${at} needs "${key}"${didYouMean(key, known).trimEnd()}`,
  );
  const keys = [...new Set(missing.map(({ key }) => key))];
  const [first] = missing;
  return new NgError(
    'CONFIG_INTERPOLATION_KEY',
    `${keys.length === 1 ? 'A value that others refer to is' : 'Values that others refer to are'} not set:\n${bullets(lines)}`,
    keys.some((key) => key in POLICY) ? policyHint(keys) : keyHint(keys),
    missing.length === 1 && first !== undefined ? { ...where(first.origin), key: first.at } : {},
  );
}

function keyHint(keys: readonly string[]): string {
  return `Add ${keys.map((key) => `++${key}=<value>`).join(' ')} to the command, or put the key in env.yaml.`;
}

function policyHint(keys: readonly string[]): string {
  const policy = keys.filter((key) => key in POLICY);
  const others = keys.filter((key) => !(key in POLICY));
  const flags = policy.map((key) => `+${key}=… (${POLICY[key]!.flag})`).join(' ');
  const file = Object.entries(POLICY).map(([key, { example }]) => `${key}: ${example}`);
  return [
    `Add ${flags} to the command, or put this into env.yaml in the working directory:`,
    bullets(file),
    ...(others.length > 0 ? [keyHint(others)] : []),
  ].join('\n');
}

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
      ? `Add a file that defines one under ${type} to config_paths.`
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
