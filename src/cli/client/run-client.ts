import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { errors } from '../../errors/index.js';
import { EXIT } from '../exit-codes.js';
import type { Host } from '../host.js';
import { createApi, RemoteError } from './api.js';
import { resolveTarget } from './settings.js';
import { option, type Word, type WordOption } from './word.js';
import { WORDS } from './words.js';

/** The reference's exit code for what the platform refused or did not answer. */
const REMOTE = 3;

/** Flags that every command has; those with a value may stand before the words too. */
const COMMON: readonly WordOption[] = [
  option('workspace', 'text', { short: 'w', summary: 'default: that of the settings, or "default"' }),
  option('base-url', 'text', {
    summary: 'where the platform is; default: NMP_BASE_URL, the settings, http://localhost:8080',
  }),
  option('output-format', 'text', { short: 'f', summary: 'json, yaml, table, markdown, csv or raw' }),
];
/** Other names of flags, and flags that change nothing here. */
const ALIASES: Readonly<Record<string, string>> = {
  '--output': '--output-format',
  '--format': '--output-format',
};
const IGNORED: ReadonlySet<string> = new Set(['--no-telemetry', '--agent-mode', '-A', '-v', '--verbose']);

/** What the words of a command line of the client come to. */
export type ParsedClient =
  | { readonly kind: 'help'; readonly text: string; readonly asked: boolean }
  | {
      readonly kind: 'run';
      readonly word: Word;
      readonly values: Record<string, unknown>;
      readonly args: string[];
    };

/** Runs one command of the client. Mistakes in what was typed are NgErrors; what the platform says is exit code 3. */
export async function runClient(argv: readonly string[], host: Host): Promise<number> {
  const parsed = parseClient(argv);
  if (parsed.kind === 'run') return await runWord(parsed, host);
  host.stdout.write(parsed.text);
  return parsed.asked ? EXIT.complete : EXIT.usage;
}

/** Reads the words. Throws NgError for a command or flag that is not there. */
export function parseClient(argv: readonly string[]): ParsedClient {
  let chosen: Extract<ParsedClient, { kind: 'run' }> | undefined;
  let text = '';
  const program = build(
    (piece) => (text += piece),
    (found) => (chosen = { kind: 'run', ...found }),
  );
  try {
    program.parse(wordsFirst(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return { kind: 'help', text, asked: true };
    if (error.code === 'commander.help') return { kind: 'help', text, asked: false };
    throw errors.clientUsage(error.message.replace(/^error: /, ''), spoken(argv));
  }
  if (chosen === undefined) throw new Error(`no command ran for: ${argv.join(' ')}`);
  return chosen;
}

async function runWord(
  { word, values, args }: { word: Word; values: Record<string, unknown>; args: string[] },
  host: Host,
): Promise<number> {
  const { workspace, baseUrl } = values as { workspace?: string; baseUrl?: string };
  const settings = word.words.startsWith('config ') ? {} : { workspace, baseUrl };
  const target = await resolveTarget(word.words === 'config set' ? {} : host.env, clean(settings));
  const options = Object.fromEntries(Object.entries(values).map(([key, value]) => [dashed(key), value]));
  const givenFormat = values['outputFormat'] as string | undefined;
  try {
    return await word.run({
      args: word.args?.map((_, index) => args[index]) ?? [],
      options,
      workspace: target.workspace,
      api: createApi(target),
      host,
      format: givenFormat ?? target.outputFormat ?? undefined,
      givenFormat,
      words: word.words,
    });
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    host.stderr.write(`Error: ${error.message}\n`);
    return REMOTE;
  }
}

function build(
  write: (text: string) => void,
  choose: (found: { word: Word; values: Record<string, unknown>; args: string[] }) => void,
): Command {
  const program = new Command('ng').exitOverride().helpCommand(false);
  program.configureOutput({ writeOut: write, writeErr: write, outputError: () => undefined });
  for (const word of WORDS) {
    let at = program;
    const parts = word.words.split(' ');
    for (const part of parts.slice(0, -1)) {
      at = at.commands.find((each) => each.name() === part) ?? at.command(part).helpCommand(false);
    }
    const last = parts.at(-1)!;
    const command = at.commands.find((each) => each.name() === last) ?? at.command(last);
    command.description(word.summary).allowExcessArguments(false);
    for (const arg of word.args ?? []) command.argument(arg);
    for (const each of [
      ...word.options,
      ...COMMON.filter(({ name }) => !word.options.some((own) => own.name === name)),
    ]) {
      addOption(command, each);
    }
    command.action(() => choose({ word, values: command.opts(), args: command.args }));
  }
  return program;
}

function addOption(
  command: Command,
  { name, kind, short, summary = '', negatable, needed }: WordOption,
): void {
  const flag = short === undefined ? `--${name}` : `-${short}, --${name}`;
  if (kind === 'switch') {
    if (!name.startsWith('no-'))
      command.option(`${flag} [yes]`, summary, (value: string) => !/^(false|no|0)$/i.test(value));
    else command.option(`--${name.replace(/^no-/, 'no-')}`, summary);
    if (negatable === true) command.option(`--no-${name}`, summary);
    return;
  }
  const read = READERS[kind];
  if (needed === true) command.requiredOption(`${flag} <value>`, summary);
  else if (kind === 'list')
    command.option(`${flag} <value>`, summary, (value: string, all?: string[]) => [...(all ?? []), value]);
  else if (read === undefined) command.option(`${flag} <value>`, summary);
  else command.option(`${flag} <value>`, summary, read);
}

const READERS: Readonly<Record<string, ((text: string) => unknown) | undefined>> = {
  integer(text) {
    if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
    return Number(text);
  },
  number(text) {
    if (text.trim() === '' || Number.isNaN(Number(text)))
      throw new InvalidArgumentError('It is not a number.');
    return Number(text);
  },
  json(text) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new InvalidArgumentError('It is not JSON.');
    }
  },
};

/** Common flags may stand before the words: they are put behind them. */
function wordsFirst(argv: readonly string[]): string[] {
  const flags: string[] = [];
  const plain = argv.filter((word) => !IGNORED.has(word)).map((word) => ALIASES[word] ?? word);
  let start = 0;
  while (start < plain.length && plain[start]!.startsWith('-')) {
    const takesValue =
      !plain[start]!.includes('=') && /^(--workspace|-w|--base-url|--output-format|-f)$/.test(plain[start]!);
    flags.push(...plain.slice(start, start + (takesValue ? 2 : 1)));
    start += takesValue ? 2 : 1;
  }
  return [...plain.slice(start), ...flags];
}

function spoken(argv: readonly string[]): string {
  const words = wordsFirst(argv);
  const end = words.findIndex((word) => !/^[a-z][a-z0-9-]*$/.test(word));
  const known = (end === -1 ? words : words.slice(0, end)).join(' ');
  return (
    WORDS.map((word) => word.words).find((each) => known.startsWith(each)) ?? known.split(' ', 1)[0] ?? ''
  );
}

/** `filter.hostUrl` is what commander makes of `filter.host-url`. */
function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function clean(flags: { workspace?: string | undefined; baseUrl?: string | undefined }): {
  workspace?: string;
  baseUrl?: string;
} {
  return {
    ...(flags.workspace !== undefined && { workspace: flags.workspace }),
    ...(flags.baseUrl !== undefined && { baseUrl: flags.baseUrl }),
  };
}
