import { CallFailure } from '../../../protocol/index.js';
import { lower, parseFloatText, pythonRegex, strip } from '../../../python/index.js';
import type { PythonRegex } from '../../../python/index.js';
import { inBudget, rowPattern } from '../../kit/row-pattern.js';

export type AnswerType = 'float' | 'bool' | 'string';

/** Where an answer stands, by the name of its form. */
const FORMS: Readonly<Record<string, string>> = {
  fmt_00: String.raw`\(\((.*?)\)\)`,
  fmt_01: String.raw`\(Answer:\s*(.+?)\)`,
  fmt_02: String.raw`Final answer:\s*\((.+?)\)`,
  fmt_03: String.raw`Answer is\s*\[(.+?)\]`,
  fmt_04: String.raw`\[Answer:\s*(.+?)\]`,
  fmt_05: String.raw`\[\[(.+?)\]\]`,
  fmt_06: String.raw`Correct Answer:\s*\[(.+?)\]`,
  fmt_07: String.raw`\\boxed\{(.+?)\}`,
  fmt_08: String.raw`\\boxed\{(.+?)\}`,
  fmt_09: String.raw`\{\{(.+?)\}\}`,
  fmt_10: String.raw`Answer Value:\s*\{(.+?)\}`,
  fmt_11: String.raw`<<(.+?)>>`,
  fmt_12: String.raw`<<(.+?)>>`,
  fmt_13: String.raw`<(.+?)>`,
  fmt_14: String.raw`<Answer:\s*(.+?)>`,
  fmt_15: String.raw`<final_answer>\s*(.+?)\s*</final_answer>`,
  fmt_16: String.raw`Final Answer:\s*\|\|(.+?)\|\|`,
  fmt_17: String.raw`The answer is:\s*\|(.+?)\|`,
  fmt_18: String.raw`\*\*Answer:\s*(.+?)\*\*`,
  fmt_19: String.raw`\*\*Final answer is:\s*(.+?)\*\*`,
  fmt_20: String.raw`Answer:\s*\*(.+?)\*`,
  fmt_21: String.raw`## Answer:\s*(.+?)\s*##`,
};

/** Those whose answer ends with its line. */
const LINES: Readonly<Record<string, string>> = {
  fmt_22: String.raw`ANSWER IS\s*(.+)`,
  fmt_23: String.raw`Response:\s*(.+)`,
  fmt_24: String.raw`Final Answer\s*->\s*(.+)`,
  fmt_25: String.raw`Final value is:\s*(.+)`,
  fmt_26: String.raw`Correct Answer >>\s*(.+)`,
  fmt_27: String.raw`Answer Value:\s*(.+)`,
  fmt_28: String.raw`Final Answer\s*=\s*(.+)`,
  fmt_29: String.raw`Correct answer is\s*(.+)`,
  fmt_30: String.raw`Final Answer:\s*(.+)`,
};

const compiled = new Map<string, PythonRegex>();

function formOf(name: string): PythonRegex {
  const isLine = Object.hasOwn(LINES, name);
  const pattern = isLine ? LINES[name] : Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
  if (pattern === undefined) throw new CallFailure('row_invalid', `answer_format: there is no "${name}"`);
  const form = compiled.get(name) ?? pythonRegex(pattern, { dotAll: !isLine });
  compiled.set(name, form);
  return form;
}

/** How a row says where its answer stands. */
export interface Place {
  readonly output_regex?: string | null | undefined;
  readonly answer_format?: string | null | undefined;
  readonly use_box_format: boolean;
}

/** The row's own pattern, with one group; else the form that it names, else one of the two old ones. */
function patternOf({ output_regex: own, answer_format: form, use_box_format: boxed }: Place): PythonRegex {
  if (own == null) return formOf(form || (boxed ? 'fmt_07' : 'fmt_00'));
  const pattern = rowPattern(own, 'output_regex', { dotAll: true });
  if (pattern.groups === 1) return pattern;
  throw new CallFailure('row_invalid', `output_regex: must have one group, and has ${pattern.groups}`);
}

const NUMBER = pythonRegex(String.raw`-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`);

/** The number that a text is, else the last one in it. */
export function readNumber(text: string): number | null {
  const last = NUMBER.findAll(text).at(-1);
  return parseFloatText(strip(text)) ?? (last === undefined ? null : (parseFloatText(last) ?? null));
}

const YES = ['1', '1.0', 'true', 'yes', 'present', 't', 'y'];
const NO = ['0', '0.0', 'false', 'no', 'absent', 'f', 'n'];

/** 1 or 0 for a word that says so, and for a number that is not or is 0. */
export function readBool(text: string): number | null {
  const word = lower(strip(text));
  if (YES.includes(word)) return 1;
  if (NO.includes(word)) return 0;
  const number = readNumber(word);
  return number === null ? null : Number(number !== 0);
}

/** The last answer in a text; null where there is none. */
export function readAnswer(text: string, type: AnswerType, place: Place): number | string | null {
  const found = inBudget('output_regex', () => patternOf(place).findAll(strip(text)).at(-1));
  if (found === undefined) return null;
  const raw = strip(found);
  if (type === 'string') return raw;
  return type === 'bool' ? readBool(raw) : readNumber(raw);
}
