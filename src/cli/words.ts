import type { CommandSpec } from './command.js';
import { COMMANDS } from './command-table.js';
import { textValue } from './text-value.js';

/** `help x y` → `x y --help`; `--version …` → `version …`, wherever no command was given before it. */
export function normalizeWords(argv: readonly string[]): string[] {
  const start = argv.findIndex((word) => word !== '-v' && word !== '--verbose');
  const before = start < 0 ? [...argv] : argv.slice(0, start);
  const rest = start < 0 ? [] : argv.slice(start);
  if (rest[0] === 'help') return [...before, ...rest.slice(1), '--help'];
  if (rest[0] === '--version' || rest[0] === '-V') return [...before, 'version', ...rest.slice(1)];
  return [...before, ...rest];
}

/** The leading words that name a command: everything up to the first flag that is not `-v`, or override. */
export function wordsOf(argv: readonly string[]): string[] {
  const words: string[] = [];
  for (const word of argv) {
    if (word === '-v' || word === '--verbose') continue;
    if (!/^[a-z][a-z-]*$/.test(word)) break;
    words.push(word);
  }
  return words;
}

/** The long flag names of a command, with dashes. */
export function longNames(spec: CommandSpec): string[] {
  const own = spec.flags.map(({ flags }) => /--[\w-]+/.exec(flags)![0]);
  return [...own, '--help', '--verbose'];
}

/** Writes out unambiguous beginnings of long flags (`--out` → `--output`), as the reference's parser does. */
export function expandAbbreviations(argv: readonly string[]): string[] {
  const spec = specOf(argv);
  if (spec === undefined) return [...argv];
  const known = longNames(spec);
  const end = argv.indexOf('--');
  return argv.map((word, index) => {
    const match = /^(--[a-z-]+)(=.*)?$/s.exec(word);
    if (match === null || (end >= 0 && index >= end) || known.includes(match[1]!)) return word;
    const longer = known.filter((name) => name.startsWith(match[1]!));
    return longer.length === 1 ? `${longer[0]!}${match[2] ?? ''}` : word;
  });
}

/** `--resume=if-possible` is the override of that flag with the value; the flag alone means true. */
export function switchValues(argv: readonly string[]): string[] {
  const spec = specOf(argv);
  return argv.map((word) => {
    const [, name = '', value = ''] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? [];
    const effect = spec?.flags.find(({ flags }) => flags === name)?.effect;
    return effect?.kind === 'switch' ? `+${effect.key}=${textValue(value)}` : word;
  });
}

/** The command that the words name. */
function specOf(argv: readonly string[]): CommandSpec | undefined {
  const [first = '', second = ''] = wordsOf(argv);
  return COMMANDS.find(({ path }) => path.join(' ') === `${first} ${second}`);
}
