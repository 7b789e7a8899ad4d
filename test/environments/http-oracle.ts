import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../src/protocol/index.js';
import { pythonEqual } from '../../src/python/index.js';
import type { Answer } from '../serve/support.js';
import type { OverHttp } from './http-face.js';
import type { Case } from './oracle.js';
import { answeredSteps, failureOf, isNoReply } from './oracle.js';

/** Numbers at 1e-9, as the verdicts of the reference are compared. */
function rounded(value: Json | undefined): Json | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Math.round(value * 1e9) / 1e9;
  if (Array.isArray(value)) return value.map((item) => rounded(item)!);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rounded(item)!]));
}

const same = (a: Json | undefined, b: Json | undefined): boolean => isDeepStrictEqual(rounded(a), rounded(b));

/** The request's own two keys: the reference fills in their defaults. */
const SENT = ['responses_create_params', 'response'];

/** Keys by which an answer differs from the recorded one: `key: found, recorded`. */
function fieldProblems(body: JsonObject, { row, verdict, echo }: Case): string[] {
  const problems: string[] = [];
  const tell = (key: string, wanted: Json | undefined): void => {
    problems.push(
      `${key}: ${JSON.stringify(body[key]) ?? 'missing'}, reference ${JSON.stringify(wanted) ?? 'none'}`,
    );
  };
  for (const [key, wanted] of Object.entries(verdict)) if (!same(body[key], wanted)) tell(key, wanted);
  for (const key of echo) {
    if (!SENT.includes(key) && !pythonEqual(body[key], row[key])) tell(key, row[key]);
  }
  for (const key of Object.keys(body)) {
    if (!(key in verdict) && !echo.includes(key) && !SENT.includes(key)) tell(key, undefined);
  }
  return problems;
}

/** What the reference says of a judge that could not be asked; its texts are its own. */
function judgeProblems(body: JsonObject, { verdict }: Case): string[] {
  const keys = ['reward', 'mask_sample', 'failure_kind', '_ng_failure_class'];
  return keys.flatMap((key) =>
    same(body[key], verdict[key])
      ? []
      : [`${key}: ${JSON.stringify(body[key])}, reference ${JSON.stringify(verdict[key])}`],
  );
}

function verdictProblems({ status, body, text }: Answer, one: Case): string[] {
  // A judge that could not be asked is told of in a 200 here, always; it is no verdict either.
  const isVerdict = status < 400 && (body as JsonObject | undefined)?.['_ng_failure_class'] === undefined;
  if (one.status === 500) return isVerdict ? [`status ${status}, reference 500`] : [];
  if (status !== one.status) return [`status ${status}, reference ${one.status}: ${detailOf(body, text)}`];
  if (status !== 200) return [];
  const found = body as JsonObject;
  return failureOf(one) === undefined ? fieldProblems(found, one) : judgeProblems(found, one);
}

/** Why there is no verdict. */
function detailOf(body: unknown, text: string): string {
  const detail = (body as { detail?: unknown } | undefined)?.detail;
  return typeof detail === 'string' ? detail : text.slice(0, 300);
}

/** The tools' answers, and those of `/reset` and `/step` of a game. */
function wayProblems({ before, answer }: OverHttp, one: Case): string[] {
  const wanted =
    one.reset === undefined
      ? (one.session ?? []).map(({ status, output }) => ({ status, body: output }))
      : [one.reset, ...answeredSteps(one)];
  const found = one.reset === undefined ? before : [...before, answer];
  return wanted.flatMap(({ status, body }, index) => {
    const { status: given, body: parsed, text } = found[index]!;
    if (status === 200 ? given !== 200 : given < 400)
      return [`answer ${index + 1}: status ${given}, reference ${status}`];
    if (status !== 200) return [];
    const value = typeof body === 'string' ? jsonOr(body) : body;
    return same((parsed as Json | undefined) ?? text, value)
      ? []
      : [`answer ${index + 1}: ${text.slice(0, 300)}, reference ${JSON.stringify(body)}`];
  });
}

function jsonOr(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** In what an answer over HTTP differs from the reference's; empty where it does not. */
export function problemsOf(played: OverHttp, one: Case): string[] {
  if (one.reset !== undefined) return wayProblems(played, one);
  // A body that is none is refused here whatever it is, and graded nowhere.
  if (isNoReply(one) && played.answer.status !== 200) return [];
  return [...wayProblems(played, one), ...verdictProblems(played.answer, one)];
}
