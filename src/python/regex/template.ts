import { pythonRepr } from '../format/python-repr.js';
import { CONTROLS } from './parse/escapes.js';
import { length, PatternSource } from './parse/pattern-source.js';
import { PythonRegexError } from './regex-error.js';

/** Texts and numbers of groups, in order. */
export type Template = readonly (string | number)[];

interface Groups {
  readonly groups: number;
  readonly groupIndex: ReadonlyMap<string, number>;
}

const DIGIT = /^[0-9]$/;
const OCTAL = /^[0-7]$/;

/** Reads the replacement of `re.sub`. Throws `PythonRegexError` where Python refuses. */
export function parseTemplate(template: string, groups: Groups): Template {
  const source = new PatternSource(template);
  const parts: (string | number)[] = [];
  let text = '';
  for (let token = source.take(); token !== undefined; token = source.take()) {
    const part = token.startsWith('\\') ? templateEscape(source, token, groups) : token;
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    parts.push(text, part);
    text = '';
  }
  return [...parts, text];
}

function templateEscape(source: PatternSource, escape: string, groups: Groups): string | number {
  const letter = escape.slice(1);
  if (letter === 'g') return groupReference(source, groups);
  if (letter === '0') {
    return String.fromCharCode(Number.parseInt(letter + source.takeWhile(2, OCTAL), 8) & 0xff);
  }
  if (DIGIT.test(letter)) return numberOrOctal(source, escape, groups);
  const control = CONTROLS[escape];
  if (control !== undefined) return String.fromCharCode(control);
  if (/^[A-Za-z]$/.test(letter)) throw source.error(`bad escape ${escape}`, length(escape));
  return escape;
}

function numberOrOctal(source: PatternSource, first: string, groups: Groups): string | number {
  const escape = first + source.takeWhile(1, DIGIT);
  if (/^\\[0-7]{2}$/.test(escape) && source.next !== undefined && OCTAL.test(source.next)) {
    const octal = escape + source.take()!;
    const code = Number.parseInt(octal.slice(1), 8);
    if (code <= 0o377) return String.fromCharCode(code);
    throw source.error(`octal escape value ${octal} outside of range 0-0o377`, octal.length);
  }
  return checked(source, Number(escape.slice(1)), escape.length - 1, groups);
}

/** `\g<1>` and `\g<name>` */
function groupReference(source: PatternSource, groups: Groups): number {
  if (!source.accept('<')) throw source.error('missing <');
  const name = source.takeUntil('>', 'group name');
  if (/^[0-9]+$/.test(name)) return checked(source, Number(name), name.length + 1, groups);
  source.checkName(name);
  const group = groups.groupIndex.get(name);
  if (group === undefined) {
    throw new PythonRegexError(source.pattern, `unknown group name ${pythonRepr(name)}`);
  }
  return group;
}

function checked(source: PatternSource, group: number, back: number, { groups }: Groups): number {
  if (group > groups) throw source.error(`invalid group reference ${group}`, back);
  return group;
}

/** Groups that took no part are empty. */
export function expandTemplate(
  template: Template,
  match: { group: (group: number) => string | undefined },
): string {
  return template.map((part) => (typeof part === 'string' ? part : (match.group(part) ?? ''))).join('');
}
