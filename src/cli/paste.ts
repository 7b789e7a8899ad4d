import type { CommandLines, ResolvedConfig } from '../index.js';
import type { Flag, Invocation } from './command.js';
import { EVAL_COMMANDS } from './eval-commands.js';
import { longName } from './overrides.js';

const PLAIN = /^[\w@%+=:,./-]+$/;
const MASK = '****';
/** Names that end so may hold a credential; masking one too many only costs a word to type. */
const SECRET = /(?:key|keys|token|tokens|secret|secrets|password|passwd|credentials?|authorization|cookie)$/i;

/** One word for a POSIX shell. */
export function shellQuote(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Removes credentials from words of a command line. */
function masker(resolved: ResolvedConfig): (words: readonly string[]) => string[] {
  const secrets = resolved.secrets();
  return (words) =>
    words.map((word, i) => {
      const [, name] = /^[+~]{0,2}([^=]+)=/s.exec(word) ?? [];
      if (name !== undefined && SECRET.test(name)) return `${word.slice(0, word.indexOf('=') + 1)}${MASK}`;
      if (SECRET.test(words[i - 1] ?? '') && words[i - 1]!.startsWith('--')) return MASK;
      return secrets.reduce((text, secret) => text.replaceAll(secret, MASK), word);
    });
}

const RESUMES = /^(?:--resume(?:=.*)?|\+{1,2}resume_from_cache=.*|--overwrite|\+{1,2}overwrite=.*)$/s;

/** Whether a flag says which servers there are, and not what a run does with them; a key could not be pasted. */
function describesServers({ effect }: Flag): boolean {
  if (effect.kind === 'text') return effect.key.startsWith('policy_') && !SECRET.test(effect.key);
  return effect.kind === 'config' || effect.kind === 'asset' || effect.kind === 'search-dir';
}

/** The words of this command that describe servers, with the flags of `eval reverify`. */
function serverWords({ command, values, typed }: Invocation, runKeys: ReadonlySet<string>): string[] {
  const reverify = EVAL_COMMANDS.find(({ path }) => path.join(' ') === 'eval reverify')!;
  const known = new Set(reverify.flags.map(longName));
  const flags = command.flags.filter((flag) => describesServers(flag) && known.has(longName(flag)));
  const words = flags.flatMap((flag) =>
    [values[longName(flag)] ?? []].flat().flatMap((value) => [`--${longName(flag)}`, String(value)]),
  );
  const topKey = (token: string): string => /^[+~]{0,2}([^.=@]*)/.exec(token)![1]!;
  return [...words, ...typed.filter((token) => !runKeys.has(topKey(token)))];
}

/** The command line of `eval run` as it can be pasted, in the ways in which an output that exists can be met. */
export async function commandLines(invocation: Invocation, resolved: ResolvedConfig): Promise<CommandLines> {
  const { collectKeys } = await import('../index.js');
  const { host, argv, command } = invocation;
  const mask = masker(resolved);
  const line = (words: readonly string[]): string => mask(words).map(shellQuote).join(' ');
  const again = [host.name, ...argv.filter((word) => !RESUMES.test(word))];
  const parameters = (command.parameters ?? []).map(({ key }) => key.split('.')[0]!);
  const runKeys = new Set([...(await collectKeys()), ...parameters, 'json', 'verbose']);
  const output = String(resolved.values['output_jsonl_fpath'] ?? '');
  const servers = serverWords(invocation, runKeys);
  return {
    overwrite: line([...again, '--overwrite']),
    reuse: line([...again, '--resume=if-possible']),
    rescore: line(['ng', 'eval', 'reverify', ...servers, '--rollouts', output, '--in-place']),
  };
}
