import { translatePattern } from './regex-translate.js';
import { PythonRegexError } from './regex-error.js';

/** A Python regular expression, ready to run in JavaScript. */
export interface PythonRegex {
  /** The translated expression, with flags `g` and `v`. */
  readonly regex: RegExp;
  /** Number of capturing groups. */
  readonly groups: number;
}

export interface PythonFlags {
  /** `re.IGNORECASE` */
  ignoreCase?: boolean;
  /** `re.MULTILINE` */
  multiline?: boolean;
  /** `re.DOTALL` */
  dotAll?: boolean;
  /** `re.VERBOSE` */
  verbose?: boolean;
  /** `re.ASCII` */
  ascii?: boolean;
}

/**
 * Translates a Python pattern. Throws {@link PythonRegexError} when the pattern is wrong, or uses what JavaScript
 * cannot express (conditionals, possessive quantifiers, atomic groups): never a silently different meaning.
 */
export function pythonRegex(pattern: string, flags: PythonFlags = {}): PythonRegex {
  const { source, groups, ignoreCase } = translatePattern(pattern, flags);
  try {
    return { regex: new RegExp(source, ignoreCase ? 'giv' : 'gv'), groups };
  } catch (cause) {
    throw new PythonRegexError(pattern, `not a valid expression (${String(cause)})`, { cause });
  }
}

/** `re.findall`: group 1 when there is one group (empty when it took no part), the whole match when there is none. */
export function findAll({ regex, groups }: PythonRegex, text: string): string[] {
  if (groups > 1) throw new RangeError('findAll needs a pattern with at most one group');
  return Array.from(text.matchAll(regex), (match) => (groups === 1 ? (match[1] ?? '') : match[0]));
}
