import path from 'node:path';
import { assetConfig } from './assets.js';
import { commandKeys } from './command-keys.js';
import type { Flag, Invocation } from './command.js';
import { longName } from './flags.js';
import type { Host } from './host.js';
import type { Parsed } from './parse.js';
import { textValue } from './text-value.js';
import { errors } from '../errors/index.js';

const CONFIG_PATHS = /^\+config_paths=\[(.*)\]$/s;

/**
 * Turns flags into override tokens and puts the typed ones after them. `config_paths` of flags, selectors and
 * typed `+config_paths=[…]` become one list, which comes first.
 */
export async function toInvocation(
  parsed: Extract<Parsed, { kind: 'run' }>,
  host: Host,
  argv: readonly string[] = [],
): Promise<Invocation> {
  const { command, values } = parsed;
  const { words, typed } = splitOperands(parsed);
  const effective: Host = { ...host, env: withPython(typed, withSearchDirs(host, command.flags, values)) };
  const configs: string[] = [];
  const tokens: string[] = parsed.verbose ? ['+verbose=true'] : [];
  const options: Record<string, string | true | undefined> = {};
  const lists: Record<string, readonly string[]> = {};
  for (const flag of command.flags) {
    const value = values[attributeName(flag)];
    if (value === undefined) continue;
    const { effect } = flag;
    if (effect.kind === 'text') tokens.push(`+${effect.key}=${textValue(value as string)}`);
    else if (effect.kind === 'typed') tokens.push(`+${effect.key}=${value as string}`);
    else if (effect.kind === 'switch') tokens.push(`+${effect.key}=true`);
    else if (effect.kind === 'config') configs.push(...(value as string[]).map(textValue));
    else if (effect.kind === 'asset') {
      for (const name of value as string[]) {
        configs.push(textValue(await assetConfig(effect.asset, name, effective)));
      }
    } else if (effect.kind === 'list') lists[longName(flag)] = value as string[];
    else if (effect.kind === 'option' && value !== true) options[longName(flag)] = value as string;
    else if (effect.kind === 'option') options[longName(flag)] = true;
    // `--no-x` is false once given and true by commander's default.
  }
  for (const flag of command.flags) {
    if (flag.effect.kind !== 'option' || !longName(flag).startsWith('no-')) continue;
    options[longName(flag)] = values[attributeName(flag)] === false ? true : undefined;
  }
  const overrides = [...tokens, ...typed.filter((token) => !tokens.includes(token))];
  return {
    command,
    argv,
    values: Object.fromEntries(command.flags.map((flag) => [longName(flag), values[attributeName(flag)]])),
    overrides: withConfigPaths(configs, overrides),
    typed,
    options,
    lists,
    positional: words[0],
    second: words[1],
    json: overrides.some((token) => /^\+{1,2}json=true$/i.test(token)),
    commandKeys: commandKeys(),
    host: effective,
  };
}

/** Commander's name for a flag's value: camel case, without a leading `no-`. */
function attributeName(flag: Flag): string {
  return longName(flag)
    .replace(/^no-/, '')
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function splitOperands({ command, operands }: Extract<Parsed, { kind: 'run' }>): {
  words: string[];
  typed: string[];
} {
  const typed: string[] = [];
  const words: string[] = [];
  const most = Number(command.positional !== undefined) + Number(command.second !== undefined);
  for (const word of operands) {
    if (word.includes('=') || word.startsWith('~')) typed.push(word);
    else if (words.length < most) words.push(word);
    else throw errors.unexpectedWord(word, command.path.join(' '));
  }
  return { words, typed };
}

function withSearchDirs(
  host: Host,
  flags: readonly Flag[],
  values: Readonly<Record<string, unknown>>,
): Host['env'] {
  const flag = flags.find(({ effect }) => effect.kind === 'search-dir');
  const added = (flag && (values[attributeName(flag)] as string[] | undefined)) ?? [];
  if (added.length === 0) return host.env;
  const former = host.env['NEMO_GYM_EXTRA_ROOTS'];
  const all = [...added.map((dir) => path.resolve(host.cwd, dir)), ...(former ? [former] : [])];
  return { ...host.env, NEMO_GYM_EXTRA_ROOTS: all.join(path.delimiter) };
}

/** A Python that is named is asked for its configs too, before there is a configuration. */
function withPython(typed: readonly string[], env: Host['env']): Host['env'] {
  const named = typed.findLast((token) => /^\+{0,2}python=/.test(token));
  const python = named?.slice(named.indexOf('=') + 1).replace(/^(["'])(.*)\1$/s, '$2');
  return python === undefined || python === '' ? env : { ...env, NGYM_PYTHON: python };
}

function withConfigPaths(configs: readonly string[], tokens: readonly string[]): string[] {
  const lists = [...configs];
  const rest: string[] = [];
  for (const token of tokens) {
    const inner = CONFIG_PATHS.exec(token)?.[1];
    if (inner === undefined) rest.push(token);
    else if (inner.trim() !== '') lists.push(inner.trim());
  }
  return lists.length === 0 ? rest : [`+config_paths=[${lists.join(',')}]`, ...rest];
}
