import { JsonNumber, pythonFloat } from '../lossless-json.js';

/** Python's format mini-language: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`. */
const SPEC = /^(?:([\s\S])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([_,])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u;

interface Spec {
  fill: string;
  align: string | undefined;
  /** As written; empty when it was not. */
  sign: string;
  alternate: boolean;
  width: number;
  group: string;
  precision: number | undefined;
  type: string;
}

/** A format that does not suit its value. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
}

function parseSpec(text: string): Spec {
  const found = SPEC.exec(text);
  if (found === null) throw new SpecError(`"${text}" is not a format`);
  const [, fill, align, sign, alternate, zero, width, group, precision, type] = found;
  return {
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align: align ?? (zero === undefined ? undefined : '='),
    sign: sign ?? '',
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    group: group ?? '',
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? '',
  };
}

/** Width counts code points, as in Python. */
function pad(sign: string, body: string, spec: Spec, standard: string): string {
  const missing = spec.width - Array.from(sign + body).length;
  if (missing <= 0) return sign + body;
  const align = spec.align ?? standard;
  if (align === '=') return sign + spec.fill.repeat(missing) + body;
  const left = align === '>' ? missing : align === '^' ? Math.floor(missing / 2) : 0;
  return spec.fill.repeat(left) + sign + body + spec.fill.repeat(missing - left);
}

function grouped(digits: string, mark: string, size: number): string {
  if (mark === '') return digits;
  return digits.replace(new RegExp(`\\B(?=(?:[0-9a-fA-F]{${size}})+$)`, 'g'), mark);
}

/** Exponents have at least two digits in Python. */
const exponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

function general(size: number, spec: Spec): string {
  if (spec.type === '' && spec.precision === undefined) return pythonFloat(size);
  const digits = Math.max(1, spec.precision ?? 6);
  const power = size === 0 ? 0 : Number(size.toExponential(digits - 1).split('e')[1]);
  const scientific = power < -4 || power >= digits - (spec.type === '' ? 1 : 0);
  let text = scientific
    ? exponent(size.toExponential(digits - 1))
    : size.toFixed(Math.max(0, digits - 1 - power));
  if (!spec.alternate) text = text.replace(/(\.\d*?)0+(?=e|$)/, '$1').replace(/\.(?=e|$)/, '');
  return spec.type === '' && !scientific && !text.includes('.') ? `${text}.0` : text;
}

/** `toFixed` gives up at 1e21; numbers of that size are whole. */
function fixed(size: number, precision: number): string {
  if (size < 1e21) return size.toFixed(precision);
  return `${BigInt(size).toString()}${precision === 0 ? '' : `.${'0'.repeat(precision)}`}`;
}

function floatBody(size: number, spec: Spec): string {
  const precision = spec.precision ?? 6;
  const type = spec.type.toLowerCase();
  let text: string;
  if (type === 'f') text = fixed(size, precision);
  else if (type === '%') text = `${fixed(size * 100, precision)}%`;
  else if (type === 'e') text = exponent(size.toExponential(precision));
  else text = general(size, spec);
  if ('EFG'.includes(spec.type) && spec.type !== '') text = text.toUpperCase();
  const whole = /^\d+/.exec(text)?.[0] ?? '';
  return grouped(whole, spec.group, 3) + text.slice(whole.length);
}

const RADIX: Record<string, [number, string]> = { b: [2, '0b'], o: [8, '0o'], x: [16, '0x'], X: [16, '0X'] };

function integerBody(size: bigint, spec: Spec): [prefix: string, digits: string] {
  if (spec.precision !== undefined) throw new SpecError('an integer takes no precision');
  const [radix, prefix] = RADIX[spec.type] ?? [10, ''];
  let digits = size.toString(radix);
  if (spec.type === 'X') digits = digits.toUpperCase();
  return [spec.alternate ? prefix : '', grouped(digits, spec.group, radix === 10 ? 3 : 4)];
}

function character(code: number): string {
  if (code >= 0 && code <= 0x10ffff) return String.fromCodePoint(code);
  throw new SpecError(`${code} is not the number of a character`);
}

function formatNumber(value: JsonNumber, spec: Spec): string {
  const negative = value.text.startsWith('-');
  const sign = negative ? '-' : spec.sign.replace('-', '');
  if (!value.isFloat && !/[eEfFgG%]/.test(spec.type)) {
    const size = BigInt(value.text.replace('-', ''));
    if (spec.type === 'c') return pad('', character(value.value), spec, '<');
    if (spec.type === 's') throw new SpecError('a number takes no "s" (use {field!s})');
    const [prefix, digits] = integerBody(size, spec);
    return pad(sign + prefix, digits, spec, '>');
  }
  if (/[bcdosxX]/.test(spec.type)) throw new SpecError(`a float takes no "${spec.type}"`);
  return pad(sign, floatBody(Math.abs(value.value), spec), spec, '>');
}

/** Python's `format(value, spec)` for the scalars of JSON. Throws {@link SpecError}. */
export function formatValue(value: string | boolean | JsonNumber, specText: string): string {
  const spec = parseSpec(specText);
  if (value instanceof JsonNumber) return formatNumber(value, spec);
  if (typeof value === 'boolean') {
    if (specText === '') return value ? 'True' : 'False';
    return formatNumber(new JsonNumber(value ? '1' : '0'), spec);
  }
  if (spec.type !== '' && spec.type !== 's') throw new SpecError(`a string takes no "${spec.type}"`);
  if (spec.align === '=' && specText.includes('=')) throw new SpecError('a string takes no "=" alignment');
  if (spec.sign !== '' || spec.group !== '' || spec.alternate) {
    throw new SpecError('a string takes no sign, grouping or "#"');
  }
  const text = spec.precision === undefined ? value : Array.from(value).slice(0, spec.precision).join('');
  return pad('', text, { ...spec, align: spec.align === '=' ? '<' : spec.align }, '<');
}
