import { CallFailure } from '../../../protocol/index.js';
import { isTrue, lower, parseFloatText, pythonRegex, stripEnd, strip } from '../../../python/index.js';
import { written } from './table.js';
import type { Cell } from './table.js';

const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october'],
  ...['november', 'december'],
];

/** A day of four digits' year as `YYYY-MM-DD`, however it is written: `1 May 1900`, `May 1, 1900`, `1900-05-01`. */
function dayOf(text: string): string | undefined {
  const given = lower(strip(text));
  const [, year, month, day] =
    /^([1-9]\d{3})-(\d\d)-(\d\d)$/.exec(given) ??
    named(/^(?<day>\d{1,2}) (?<month>[a-z]+),? (?<year>[1-9]\d{3})$/.exec(given)) ??
    named(/^(?<month>[a-z]+) (?<day>\d{1,2}),? (?<year>[1-9]\d{3})$/.exec(given)) ??
    [];
  if (year === undefined) return undefined;
  const date = `${year}-${month!}-${day!}`;
  const made = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(made.getTime()) && made.toISOString().startsWith(date) ? date : undefined;
}

function named(match: RegExpExecArray | null): string[] | undefined {
  const { day, month, year } = match?.groups ?? {};
  const at = MONTHS.findIndex((name) => name === month || name.slice(0, 3) === month) + 1;
  if (at === 0) return undefined;
  return ['', year!, String(at).padStart(2, '0'), day!.padStart(2, '0')];
}

/** Whether a text is a date, and which one, only the original's library can tell. */
function unknownDate(text: string): CallFailure {
  return new CallFailure(
    'verify_unavailable',
    `Whether ${JSON.stringify(text)} is a date, and which one, only the Python library can tell.`,
  );
}

const NUMBER = pythonRegex(String.raw`[-+]?\d*\.\d+%?|[-+]?\d+\.?\d*%?`);

/** What is done with the texts of a column before they are compared. */
export const PREPARATIONS: Readonly<Record<string, (text: string) => string>> = {
  norm_str: (text) => strip(lower(text)).replaceAll(' ', '').replaceAll('*', ''),
  extract_number: (text) => NUMBER.search(text.replaceAll(',', ''))?.group() ?? 'NULL',
  // A text that may be a date or not stays as it is: two that are the same are the same whatever they are.
  norm_date: (text) => dayOf(text) ?? text,
};

const hostsIn = (text: string): Set<string> =>
  new Set(Array.from(text.matchAll(/https?:\/\/([^\s/?#]*)/g), ([, host]) => host!));

function nearDates(response: string, target: string): boolean {
  if (response === target) return true;
  const [one, two] = [response, target].map((text) => {
    const day = dayOf(text);
    if (day === undefined) throw unknownDate(text);
    return Date.parse(`${day}T00:00:00Z`);
  });
  return Math.abs(one! - two!) <= 31 * 24 * 3600 * 1000;
}

function nearNumbers(response: string, target: string, criterion: unknown): boolean {
  const [one, two] = [response, target].map((text) => {
    const number = parseFloatText(stripEnd(text, '%'));
    return number === undefined ? undefined : number / (text.includes('%') ? 100 : 1);
  });
  const given = isTrue(criterion) ? criterion : 0;
  const tolerance =
    typeof given === 'string' ? parseFloatText(given) : typeof given === 'object' ? undefined : Number(given);
  if (one === undefined || two === undefined || tolerance === undefined) return response === target;
  return Math.abs(one - two) <= Math.abs(two) * tolerance;
}

function sameHosts(response: string, target: string): boolean {
  const [one, two] = [hostsIn(response), hostsIn(target)];
  return one.size === two.size && [...one].every((host) => two.has(host));
}

type Metric<Value> = (response: Value, target: Value, criterion: unknown) => boolean;

const ofTexts =
  (compare: Metric<string>): Metric<Cell> =>
  (response, target, criterion) =>
    compare(written(response), written(target), criterion);

/** How two cells are compared; `llm_judge` is asked apart. A missing date is near to any. */
export const METRICS: Readonly<Record<string, Metric<Cell>>> = {
  exact_match: ofTexts((response, target) => lower(response) === lower(target)),
  url_match: ofTexts(sameHosts),
  number_near: ofTexts(nearNumbers),
  date_near: (response, target) => response === null || target === null || nearDates(response, target),
};
