import { isObject } from '../../src/protocol/index.js';
import type { Json, JsonObject, ResponsesReply } from '../../src/protocol/index.js';
import type { Case } from './oracle.js';

/** What verifiers look for and stumble over. */
const PIECES = [
  ...[
    '\\boxed{',
    '}',
    '{',
    '$',
    '$$',
    '**',
    '*',
    '_',
    '#',
    '```',
    '```json\n',
    '`',
    '"',
    "'",
    '\\',
    '\\\\',
    '/',
  ],
  ...['\n', '\r\n', '\n\n', ' ', '\t', '\u00a0', '\u2003', '\u200b', '\ufeff', '\u2028', '\u0085', '\u001c'],
  ...[
    '：',
    ':',
    '.',
    ',',
    ';',
    '。',
    '(',
    ')',
    '[',
    ']',
    '<',
    '>',
    '|',
    '=',
    '-',
    '–',
    '−',
    '+',
    '%',
    '?',
    '!',
  ],
  ...[
    'A',
    'b',
    'C',
    'D',
    '0',
    '1',
    '-1',
    '42',
    '3.0',
    '1e3',
    '1,000',
    '½',
    '²',
    '١',
    'é',
    'e\u0301',
    'ﬁ',
    'İ',
    'ß',
    'ǅ',
    '😀',
  ],
  ...[
    '<think>',
    '</think>',
    '<answer>',
    '</answer>',
    'Answer:',
    'Final answer: ',
    'answer is ',
    'None',
    'null',
    'true',
    'NaN',
  ],
];

export interface Draw {
  /** A whole number below `below`. */
  (below: number): number;
}

const pick = <T>(draw: Draw, from: readonly T[]): T => from[draw(from.length)]!;

function mutateText(text: string, others: readonly string[], draw: Draw): string {
  const other = pick(draw, others);
  const at = draw(text.length + 1);
  const to = Math.min(text.length, at + 1 + draw(12));
  const part = (): string => {
    const from = draw(other.length + 1);
    return other.slice(from, from + 1 + draw(30));
  };
  switch (draw(14)) {
    case 0:
      return other;
    case 1:
      return text + pick(draw, ['', ' ', '\n', '\n\n']) + other;
    case 2:
      return text.slice(0, at) + text.slice(to);
    case 3:
      return text.slice(0, at) + part() + text.slice(to);
    case 4:
      return text.slice(0, at) + text.slice(at, to).repeat(2) + text.slice(to);
    case 5:
      return text.toUpperCase();
    case 6:
      return text.toLowerCase();
    case 7:
      return text.slice(0, at);
    case 8:
      return text + pick(draw, PIECES);
    case 9:
      return pick(draw, PIECES) + text;
    case 10:
      return text.slice(0, at) + part() + text.slice(at);
    default:
      return text.slice(0, at) + pick(draw, PIECES) + text.slice(draw(2) === 0 ? at : to);
  }
}

/** A text anywhere in a value, by turns. */
function mutateWithin(value: Json, others: readonly string[], draw: Draw): Json {
  if (typeof value === 'string') return mutateText(value, others.length > 0 ? others : [value], draw);
  if (Array.isArray(value) && value.length > 0) {
    const at = draw(value.length);
    if (draw(6) === 0) return draw(2) === 0 ? value.toSpliced(at, 1) : [...value, value[at]!];
    return value.with(at, mutateWithin(value[at]!, others, draw));
  }
  if (isObject(value) && Object.keys(value).length > 0) {
    const key = pick(draw, Object.keys(value));
    return { ...value, [key]: mutateWithin(value[key]!, others, draw) };
  }
  if (typeof value === 'number') return pick(draw, [value + 1, -value, value / 2, 0]);
  if (typeof value === 'boolean') return !value;
  return value;
}

type Item = JsonObject & { content?: { text?: string }[]; arguments?: string };

const itemsOf = (response: ResponsesReply): Item[] => response.output as unknown as Item[];

/** The texts and the arguments of calls in a reply. */
export function textsOf({ response }: Case): string[] {
  return itemsOf(response!).flatMap((item) => [
    ...(Array.isArray(item.content) ? item.content.flatMap(({ text }) => text ?? []) : []),
    ...(typeof item.arguments === 'string' ? [item.arguments] : []),
  ]);
}

function mutateReply(response: ResponsesReply, others: readonly string[], draw: Draw): ResponsesReply {
  const output = itemsOf(response);
  if (output.length === 0) return response;
  const at = draw(output.length);
  const item = output[at]!;
  let changed: Item = item;
  if (Array.isArray(item.content) && item.content.length > 0) {
    const which = draw(item.content.length);
    const part = item.content[which]!;
    if (typeof part.text === 'string') {
      const content = item.content.with(which, { ...part, text: mutateText(part.text, others, draw) });
      changed = { ...item, content };
    }
  } else if (typeof item.arguments === 'string') {
    changed = { ...item, arguments: mutateText(item.arguments, others, draw) };
  }
  return { ...response, output: output.with(at, changed) } as unknown as ResponsesReply;
}

/** A case like `one`, with parts of others of the same environment. */
export function mutate(one: Case, all: readonly Case[], draw: Draw): Case {
  const other = pick(draw, all);
  const mutant: Case = { ...one, case: `${one.case}~` };
  const times = 1 + draw(3);
  for (let time = 0; time < times; time += 1) {
    if (draw(4) === 0) {
      // The question is what verifiers read least.
      const keys = Object.keys(mutant.row).filter((key) => key !== 'responses_create_params');
      if (keys.length === 0) continue;
      const key = pick(draw, keys);
      const theirs = other.row[key];
      const value =
        theirs !== undefined && draw(2) === 0 ? theirs : mutateWithin(mutant.row[key]!, textsOf(other), draw);
      mutant.row = { ...mutant.row, [key]: value };
    } else {
      const others = textsOf(other);
      mutant.response = mutateReply(mutant.response!, others.length > 0 ? others : [''], draw);
    }
  }
  return mutant;
}
