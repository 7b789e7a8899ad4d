import path from 'node:path';
import { errors } from '../errors/index.js';
import type { Invocation } from './command.js';

/** The file that a word of the command names, as an absolute path. Throws NgError when it is not given. */
export function namedFile({ command, host }: Invocation, word: string | undefined, what: string): string {
  if (word === undefined) throw errors.fileMissing(what, command.path.join(' '));
  return path.resolve(host.cwd, word);
}

/** The text of an option, or a default. */
export function optionText({ options }: Invocation, name: string, otherwise = ''): string {
  const value = options[name];
  return typeof value === 'string' ? value : otherwise;
}

/** One of the words that an option allows; `--json` is short for json. Throws NgError with a suggestion. */
export function optionWord<const Word extends string>(
  invocation: Invocation,
  name: string,
  words: readonly Word[],
): Word {
  const asked = name === 'output-format' && invocation.json ? 'json' : optionText(invocation, name, words[0]);
  const found = words.find((word) => word === asked);
  if (found === undefined) throw errors.flagNotWord(`--${name}`, asked, words);
  return found;
}

/** True when an output, stdout where nothing else is said, may be coloured. */
export function colored({ host }: Invocation, out: { isTTY?: boolean } = host.stdout): boolean {
  return out.isTTY === true && (host.env['NO_COLOR'] ?? '') === '' && host.env['TERM'] !== 'dumb';
}
