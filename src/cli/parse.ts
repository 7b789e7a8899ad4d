import { Command, CommanderError } from 'commander';
import { errors } from '../errors/index.js';
import type { CommandSpec, Flag } from './command.js';
import { COMMANDS, GROUPS, MISSING } from './command-table.js';
import { helpAfter, rootHelp } from './help.js';
import { expandAbbreviations, longNames, normalizeWords, switchValues, wordsOf } from './words.js';

/** What the words of a command line come to. */
export type Parsed =
  /** `asked` is false when a group was given without a command. */
  | { kind: 'help'; text: string; asked: boolean }
  | {
      kind: 'run';
      command: CommandSpec;
      /** Flag values by commander's attribute name. */
      values: Readonly<Record<string, unknown>>;
      /** Every other word, in order: overrides and the positional. */
      operands: readonly string[];
      verbose: boolean;
    };

/**
 * Reads the words after the program name. Flags and other words may come in any order after the command.
 * Throws NgError (exit 2) for an unknown command or flag and for a flag without its value.
 */
export function parse(argv: readonly string[], columns = 100): Parsed {
  const words = switchValues(expandAbbreviations(normalizeWords(argv)));
  refuseMissing(words);
  refuseUnknown(words);
  let help = '';
  let chosen: Extract<Parsed, { kind: 'run' }> | undefined;
  const program = build(
    columns,
    (text) => (help += text),
    (run) => (chosen = run),
  );
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.help') return { kind: 'help', text: help, asked: false };
    if (error.code === 'commander.helpDisplayed') return { kind: 'help', text: help, asked: true };
    throw usageError(error, words);
  }
  if (chosen === undefined) throw new Error(`no command ran for: ${words.join(' ')}`);
  return chosen;
}

function build(
  columns: number,
  write: (text: string) => void,
  choose: (run: Extract<Parsed, { kind: 'run' }>) => void,
): Command {
  const program = new Command('ng')
    .option('-v, --verbose', 'more detail on stderr')
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: write,
      outputError: () => undefined,
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
    })
    .helpCommand(false);
  program.helpInformation = () => rootHelp(COMMANDS);
  const groups = new Map<string, Command>();
  for (const spec of COMMANDS) {
    const [first = '', second] = spec.path;
    let parent = program;
    if (second !== undefined) {
      parent =
        groups.get(first) ??
        program
          .command(first)
          .description(GROUPS[first] ?? '')
          .helpCommand(false);
      groups.set(first, parent);
    }
    addCommand(parent, spec, (values, operands) =>
      choose({ kind: 'run', command: spec, values, operands, verbose: program.opts()['verbose'] === true }),
    );
  }
  return program;
}

const REPEATABLE: ReadonlySet<Flag['effect']['kind']> = new Set(['config', 'asset', 'search-dir', 'list']);

function addCommand(
  parent: Command,
  spec: CommandSpec,
  run: (values: Record<string, unknown>, operands: string[]) => void,
): void {
  const words = [spec.positional, spec.second].map((word) => (word ? ` [${word.name}]` : '')).join('');
  const command = parent
    .command(spec.path.at(-1)!, { hidden: spec.hidden ?? false })
    .description(spec.summary)
    .allowExcessArguments(true)
    .usage(`[options]${words} [+key=value …]`)
    .addHelpText('after', helpAfter(spec));
  for (const { flags, summary, effect } of spec.flags) {
    if (REPEATABLE.has(effect.kind)) {
      command.option(flags, summary, (value: string, all: string[] | undefined) => [...(all ?? []), value]);
    } else {
      command.option(flags, summary);
    }
  }
  command.action(() => run(command.opts(), command.args));
}

/** Plain words about a command of the reference that is not here. */
function refuseMissing(words: readonly string[]): void {
  const [first = '', second = ''] = wordsOf(words);
  for (const name of [`${first} ${second}`, first]) {
    const reason = MISSING[name];
    if (reason !== undefined) throw errors.commandMissing(name, reason);
  }
}

/** Commander shows the help of a group for any word after it, when help is asked for. */
function refuseUnknown(words: readonly string[]): void {
  if (!words.some((word) => word === '--help' || word === '-h')) return;
  const end = words.findIndex((word) => word.startsWith('-') && word !== '-v' && word !== '--verbose');
  const [first, second] = words.slice(0, end).filter((word) => !word.startsWith('-'));
  if (first === undefined || COMMANDS.some(({ path }) => path.join(' ') === first)) return;
  if (!(first in GROUPS)) throw errors.unknownCommand(first, Object.keys(GROUPS));
  const known = commandsOf(first);
  if (second !== undefined && !known.includes(second)) throw errors.unknownCommand(second, known, first);
}

function commandsOf(group: string): string[] {
  return COMMANDS.filter(({ path, hidden }) => path[0] === group && hidden !== true).map(
    ({ path }) => path[1]!,
  );
}

/** Commander's complaint in our own form, with near names of the innermost command. */
function usageError(error: CommanderError, words: readonly string[]): Error {
  const subject = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const [first = '', second = ''] = wordsOf(words);
  const leaf = COMMANDS.find(({ path }) => path.join(' ') === [first, second].join(' ').trim());
  const name = leaf?.path.join(' ') ?? (first in GROUPS ? first : '');
  switch (error.code) {
    case 'commander.unknownOption': {
      const key = subject.replace(/^--/, '').replaceAll('-', '_');
      const parameter = leaf?.parameters?.find((candidate) => candidate.key === key);
      if (parameter !== undefined)
        return errors.flagIsParameter(subject, name, parameter.key, parameter.type);
      return errors.unknownFlag(subject, name, leaf ? longNames(leaf) : ['--help', '--verbose', '--version']);
    }
    case 'commander.unknownCommand':
      return errors.unknownCommand(subject, first in GROUPS ? commandsOf(first) : Object.keys(GROUPS), name);
    case 'commander.optionMissingArgument':
      return errors.flagWithoutValue(subject, name);
    default:
      return error;
  }
}
