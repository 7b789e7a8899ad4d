import {
  compareDecimals,
  distance,
  formatPython,
  JsonNumber,
  literalValue,
  parseDecimal,
  parseFloatText,
  parseIntText,
  plainJson,
  pythonRegex,
  roundSignificant,
  splitWords,
  strip,
  title,
  tryLoadsJson,
} from '../../../../python/index.js';
import { gold, listOf, numberOf, textOf, Unscored } from '../entry.js';
import type { Entry, Scorer } from '../entry.js';
import { within } from './texts.js';

function int(text: string): number {
  const value = parseIntText(text);
  if (value === undefined) throw new Unscored(`no integer: ${text}`);
  return value;
}

function float(text: string): number {
  const value = parseFloatText(text);
  if (value === undefined) throw new Unscored(`no number: ${text}`);
  return value;
}

/** The same number, commas dropped; else as a text. */
export const decimalOrWithin: Scorer = (answer, entry) => {
  const [given, wanted] = [answer.replaceAll(',', ''), gold(entry).replaceAll(',', '')];
  const [one, two] = [parseDecimal(given), parseDecimal(wanted)];
  if (answer !== '' && one !== undefined && two !== undefined && compareDecimals(one, two) === 0) return 1;
  return within(given, { ...entry, answer: wanted });
};

const THOUSANDTH = { digits: 1n, exponent: -3 };

/** At most a thousandth apart. */
export const decimalArithmetic: Scorer = (answer, entry) => {
  const [one, two] = [parseDecimal(answer), parseDecimal(gold(entry))];
  return Number(
    one !== undefined && two !== undefined && compareDecimals(distance(one, two), THOUSANDTH) <= 0,
  );
};

/** The same number. */
export const decimalEqual: Scorer = (answer, entry) => {
  const [one, two] = [parseDecimal(answer), parseDecimal(gold(entry))];
  return Number(one !== undefined && two !== undefined && compareDecimals(one, two) === 0);
};

/** Three significant digits. */
export const powerFunction: Scorer = (answer, entry) => {
  const [one, two] = [parseDecimal(answer), parseDecimal(gold(entry))];
  if (one === undefined || two === undefined) return 0.01;
  const [given, wanted] = [roundSignificant(one, 3), roundSignificant(two, 3)];
  if (given === null || wanted === null) return given === wanted ? 1 : 0.01;
  return compareDecimals(given, wanted) === 0 ? 1 : 0.01;
};

/** Within a hundredth of the stored number. */
export const numberFormat: Scorer = (answer, entry) => {
  const given = parseFloatText(strip(answer).replaceAll(',', ''));
  return Number(answer !== '' && given !== undefined && Math.abs(given - numberOf(entry, 'solution')) < 1e-2);
};

const NUMBER = pythonRegex(String.raw`\b-?\d+(?:\.\d+)?\b`);

/** The first number of the answer. */
export const gsmSymbolic: Scorer = (answer, entry) => {
  const found = NUMBER.search(answer)?.group();
  if (found === undefined) return 0;
  return float(found) === float(gold(entry)) ? 1 : 0.01;
};

/** Prime factors with × between them; half for others of the same product. */
export const primeFactorization: Scorer = (answer, entry) => {
  const [wanted, given] = [factors(gold(entry)), factors(answer)];
  if (String(wanted) === String(given)) return 1;
  return product(wanted) === product(given) ? 0.5 : 0.01;
};

function factors(text: string): bigint[] {
  const parts = text.split('×').map((part) => strip(part));
  const found = parts.filter((part) => part !== '').map((part) => BigInt(int(part)));
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

const product = (numbers: readonly bigint[]): bigint => numbers.reduce((all, one) => all * one, 1n);

const LATEX_FRACTION = pythonRegex(String.raw`\\(?:frac|dfrac)\s*{\s*(\d+)\s*}\s*{\s*(\d+)\s*}`, {
  ignoreCase: true,
});

/** The simplified fraction; a tenth for one that shares a part with the given one. */
export const fractionSimplification: Scorer = (answer, { metadata }) => {
  const parts = fraction(answer);
  if (parts === undefined) return 0.01;
  const [top, bottom] = parts;
  if (top === metadata['simplified_numerator'] && bottom === metadata['simplified_denominator']) return 1;
  return top === metadata['numerator'] || bottom === metadata['denominator'] ? 0.1 : 0.05;
};

function fraction(answer: string): [number, number] | undefined {
  const clean = strip(strip(strip(answer), '$'));
  const latex = LATEX_FRACTION.match(clean);
  const slash = clean.indexOf('/');
  if (latex === undefined && slash === -1) return undefined;
  const parts =
    latex === undefined
      ? [clean.slice(0, slash), clean.slice(slash + 1)]
      : [latex.group(1)!, latex.group(2)!];
  const [top, bottom] = parts.map((part) => parseIntText(strip(part)));
  return top === undefined || bottom === undefined ? undefined : [top, bottom];
}

const FRACTION = /^\s*[-+]?(?=\d|\.\d)\d*(?:(?:\s*\/\s*\d+)|(?:\.\d*)?(?:E[-+]?\d+)?)\s*$/i;

/** A probability within a ten-thousandth; else by how many of its first digits are right. */
export const coinFlip: Scorer = (answer, entry) => {
  const given = rational(answer.replaceAll(',', ''));
  const wanted = rational(gold(entry).replaceAll(',', ''));
  if (strip(answer) === '' || given === undefined || wanted === undefined) return 0;
  if (Math.abs(given - wanted) <= 1e-4) return 1;
  const [one, two] = [given, wanted].map(tenDigits) as [string, string];
  let same = 0;
  while (same < Math.min(one.length, two.length) && one[same] === two[same]) same += 1;
  return same / Math.min(one.length, two.length);
};

function rational(text: string): number | undefined {
  if (!FRACTION.test(text)) return undefined;
  const [top, bottom] = text.split('/').map((part) => Number(part.trim()));
  if (bottom === undefined) return top;
  return bottom === 0 ? undefined : top! / bottom;
}

const tenDigits = (value: number): string =>
  formatPython(
    '{x:.10g}',
    new Map([['x', new JsonNumber(Number.isInteger(value) ? `${value}.0` : String(value))]]),
  );

/** The solutions of an equation: the nearer the better, those too many or too few cost a half each. */
export const polynomialEquations: Scorer = (answer, entry) => {
  const left = numbersOf(gold(entry));
  const given = numbersOf(answer);
  if (left.length === 0 && given.length === 0) return 1;
  let [credit, matched, extra] = [0, 0, 0];
  for (const value of given) {
    const apart = left.map((one) => Math.abs(value - one));
    const least = Math.min(...apart);
    if (!(least < Infinity)) {
      extra += 1;
      continue;
    }
    matched += 1;
    left.splice(apart.indexOf(least), 1);
    credit += Math.exp(least * -10);
  }
  if (matched > 0) credit /= matched;
  return Math.max(0, credit - (left.length * 0.5 + extra * 0.5));
};

function numbersOf(text: string): number[] {
  const found = text.split(',').map((part) => parseFloatText(strip(part)));
  return found.filter((value) => value !== undefined).sort((a, b) => a - b);
}

/** Real and imaginary part: the nearer the better. */
export const complexArithmetic: Scorer = (answer, entry) => {
  const given = complex(answer);
  const [real, imaginary] = listOf<number>(entry, 'result');
  if (given === undefined) return 0;
  return Math.min(1, Math.exp(-Math.hypot(given[0] - real!, given[1] - imaginary!)));
};

function complex(answer: string): [number, number] | undefined {
  let text = answer.replaceAll(' ', '').toLowerCase();
  while (text.length > 1 && text.startsWith('(') && text.endsWith(')')) text = text.slice(1, -1);
  text = text.replaceAll('i', 'j');
  const pair = (real: number | undefined, imaginary: number | undefined): [number, number] | undefined =>
    real === undefined || imaginary === undefined ? undefined : [real, imaginary];
  if (!text.includes('j')) return pair(parseFloatText(text), 0);
  const signs = (part: string): boolean => /[+-]/.test(part);
  if (
    (text.endsWith('j') && !signs(text.slice(0, -1))) ||
    (text.startsWith('-') && !signs(text.slice(1, -1)))
  ) {
    const factor = text.slice(0, -1);
    return pair(0, factor === '' ? 1 : factor === '-' ? -1 : parseFloatText(factor));
  }
  if (!text.endsWith('j')) return undefined;
  const [, real, imaginary] = /^([+-]?[\d._]+(?:e[+-]?\d+)?)?([+-][\d._]*(?:e[+-]?\d+)?)j$/.exec(text) ?? [];
  if (imaginary === undefined) return undefined;
  const factor = /^[+-]$/.test(imaginary) ? Number(`${imaginary}1`) : parseFloatText(imaginary);
  return pair(real === undefined ? 0 : parseFloatText(real), factor);
}

/** A list of numbers in order, each within 1 of the right one. */
export const numberSorting: Scorer = (answer, entry) => {
  const given = tryLoadsJson(answer.replaceAll("'", '"'));
  if (!Array.isArray(given)) return 0;
  const wanted = tryLoadsJson(gold(entry)) ?? literalValue(gold(entry));
  if (!Array.isArray(wanted) || wanted.length !== given.length) return 0;
  const [one, two] = [given, wanted].map((list) => list.map((item) => asFloat(plainJson(item)))) as [
    number[],
    number[],
  ];
  const up = textOf(entry, 'direction') === 'ascending' ? 1 : -1;
  const inOrder = one.every((value, index) => index === 0 || (one[index - 1]! - value) * up <= 0);
  return Number(inOrder && one.every((value, index) => !(Math.abs(value - two[index]!) > 1)));
};

function asFloat(value: unknown): number {
  if (typeof value === 'string') return float(value);
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  throw new Unscored('no number');
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Days of the week, numbers of days, leap years. */
export const calendarArithmetic: Scorer = (answer, entry) => {
  const task = textOf(entry, 'task');
  if (answer === '') return 0;
  if (['weekday_offset', 'weekday_of_date', 'weekday_of_date_from_first_date'].includes(task)) {
    if (strip(answer) === gold(entry)) return 1;
    if (WEEKDAYS.includes(strip(answer))) return 0.1;
    return WEEKDAYS.includes(title(strip(answer))) ? 0.05 : 0;
  }
  if (['count_business_days', 'count_days', 'recurring_event_day'].includes(task)) {
    const [given, wanted] = [int(answer), int(gold(entry))];
    if (wanted === 0) return Number(given === 0);
    return Math.max(0, Math.exp((-5 * Math.abs(given - wanted)) / wanted));
  }
  return Number(task === 'is_leap_year' && strip(answer).toLowerCase() === gold(entry).toLowerCase());
};

const DAY = 86_400;

/** Dates, times of day, or both: the nearer the better. */
export const timeIntervals: Scorer = (answer, entry) => {
  const task = textOf(entry, 'task_type');
  if (task === 'date') return nearness(firstWhole(answer), firstWhole(gold(entry)), 100);
  if (task.startsWith('time')) return nearness(secondsOf(answer), secondsOf(gold(entry)), DAY);
  return nearness(daysAndTime(answer), daysAndTime(gold(entry)), 100 * DAY);
};

const nearness = (one: number, two: number, most: number): number =>
  Math.max(0, 1 - Math.abs(one - two) / most);

function firstWhole(text: string): number {
  return int(splitWords(text)[0] ?? '');
}

function secondsOf(text: string): number {
  const [hours, minutes, seconds] = text.trim().split(':');
  const whole = int(hours!) * 3600 + int(minutes ?? '') * 60;
  if (seconds === undefined) return whole;
  if (!seconds.includes('.')) return whole + int(seconds);
  const [s, ms, ...more] = seconds.split('.');
  if (more.length > 0) throw new Unscored('no time');
  return whole + (int(s!) + int(ms!) / 1000);
}

function daysAndTime(text: string): number {
  const days = int(text.split(' days,')[0]!);
  const [hours, minutes, seconds] = strip(text.split(',')[1] ?? '').split(':');
  return (
    days * DAY + (int(hours!) * 3600 + int(minutes ?? '') * 60 + (seconds === undefined ? 0 : int(seconds)))
  );
}

/** A count: four fifths, less a fifth of that for each one off. */
export const rectangleCount: Scorer = (answer, entry) => {
  const apart = Math.abs(int(strip(answer)) - int(gold(entry).toLowerCase().replaceAll('\n', '')));
  if (apart === 0) return 1;
  return apart >= 5 ? 0 : 0.8 * (1 - apart / 5);
};

/** Angles, points and radii, rounded as the task says. */
export const advancedGeometry: Scorer = (answer, entry) => {
  try {
    return geometry(answer, entry);
  } catch (error) {
    if (error instanceof Unscored) return 0.01;
    throw error;
  }
};

function geometry(answer: string, entry: Entry): number {
  const some = strip(answer) === '' ? 0.01 : 0.05;
  const rounds = (value: number, digits: number): number =>
    roundHalfEven(value * 10 ** digits) / 10 ** digits;
  const task = textOf(entry, 'task_type');
  if (task === 'angle_measure') {
    const [given, wanted] = [answer, gold(entry)].map((text) => float(text.replaceAll('°', '')));
    return rounds(given!, 2) === rounds(wanted!, 2) ? 1 : some;
  }
  if (task === 'orthocenter') {
    const [x = '', y] = answer.split(',');
    if (y === undefined) throw new Unscored('no point');
    const given = [float(x.replaceAll('(', '')), float(y.replaceAll(')', ''))];
    const wanted = listOf<string>(entry, 'ortho').map(quotient);
    return given.every((value, index) => rounds(value, 3) === rounds(wanted[index]!, 3)) ? 1 : 0.01;
  }
  if (task !== 'incircle_radius') throw new Unscored('no such task');
  if (answer === gold(entry)) return 1;
  const exact = entry.metadata['incircle_radius_exact'];
  return rounds(float(answer), 2) === rounds(asFloat(exact), 2) ? 0.5 : some;
}

function quotient(text: string): number {
  const [top, bottom] = text.split('/');
  return bottom === undefined ? float(text) : int(top!) / int(bottom);
}

function roundHalfEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}
