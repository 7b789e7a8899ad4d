import { NgError } from '../ng-error.js';
import { didYouMean, nearest } from '../suggest.js';
import { bullets, marked, placeText, where } from './places.js';
import type { Place } from './places.js';

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

/** `problem` says in which way; `path` leads to the value. */
export function configTooLarge(problem: string, path: readonly (string | number)[], at: Place): NgError {
  return new NgError(
    'CONFIG_TOO_LARGE',
    `This value grows beyond all measure: ${problem}.`,
    'Let fewer values refer to one another.',
    { ...where(at), key: path.join('.') },
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
    ({ at, key, origin }) => `${placeText({ origin })}: ${at} needs "${key}"${nearText(at, key, known)}`,
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

function nearText(at: string, key: string, known: readonly string[]): string {
  const near = nearest(
    key,
    known.filter((name) => name !== at),
  );
  return near.length === 0 ? '' : ` (there is ${near.map((name) => `"${name}"`).join(', ')})`;
}

function keyHint(keys: readonly string[]): string {
  return `Add ${keys.map((key) => `++${key}=<value>`).join(' ')} to the command, or put the key in env.yaml.`;
}

function policyHint(keys: readonly string[]): string {
  const policy = keys.filter((key) => key in POLICY);
  const others = keys.filter((key) => !(key in POLICY));
  const flags = policy.map((key) => `+${key}=… (${POLICY[key]!.flag})`).join(' ');
  const file = policy.map((key) => `${key}: ${POLICY[key]!.example}`);
  return [
    `Add ${flags} to the command, or put this into env.yaml in the working directory:`,
    bullets(file),
    ...(others.length > 0 ? [keyHint(others)] : []),
  ].join('\n');
}
