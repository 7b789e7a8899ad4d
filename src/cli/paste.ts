import type { CommandLines, ResolvedConfig } from '../index.js';
import type { Invocation } from './command.js';
import { configFlag, longName, modelFlags, searchDirFlag, selectorFlags } from './flags.js';

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

/** What says which servers there are, and not what a run does with them. A key could not be pasted. */
const SERVER_FLAGS = [configFlag, ...selectorFlags, searchDirFlag, ...modelFlags].filter(
  (flag) => !SECRET.test(longName(flag)),
);

/** The words of a command that describe servers. */
function serverWords({ values, typed }: Invocation, runKeys: ReadonlySet<string>): string[] {
  const words = SERVER_FLAGS.flatMap((flag) =>
    ([values[longName(flag)] ?? []].flat() as string[]).flatMap((value) => [`--${longName(flag)}`, value]),
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
  const { output_jsonl_fpath: output } = resolved.values;
  const servers = serverWords(invocation, runKeys);
  return {
    overwrite: line([...again, '--overwrite']),
    reuse: line([...again, '--resume=if-possible']),
    rescore: line([
      'ng',
      'eval',
      'reverify',
      ...servers,
      '--rollouts',
      typeof output === 'string' ? output : '',
      '--in-place',
    ]),
  };
}
