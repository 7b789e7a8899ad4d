import { strip, parseIntText } from '../../../python/index.js';

/** Not what the rules can read: the original ends its check there, with no credit. */
export class Unreadable extends Error {}

/**
 * Minutes since midnight of `10am`, `2:15pm` or `14:15`. `am` and `pm` may stand anywhere, hours and minutes may be
 * any number, as in the original: `25:90` is 1590.
 */
export function minutesOf(time: unknown): number {
  if (typeof time !== 'string') throw new Unreadable('a time is a text');
  const text = strip(time);
  const half = text.includes('am') ? 'am' : text.includes('pm') ? 'pm' : null;
  if (half === null) return colonTime(text, (hour) => hour);
  const to24 = (hour: number): number => (hour === 12 ? 0 : hour) + (half === 'pm' ? 12 : 0);
  const digits = text.replaceAll(half, '');
  return text.includes(':') ? colonTime(digits, to24) : to24(whole(digits)) * 60;
}

function colonTime(text: string, to24: (hour: number) => number): number {
  const parts = text.split(':').map(whole);
  if (parts.length !== 2) throw new Unreadable(`no time: ${text}`);
  return to24(parts[0]!) * 60 + parts[1]!;
}

function whole(text: string): number {
  const value = parseIntText(text);
  if (value === undefined) throw new Unreadable(`no number: ${text}`);
  return value;
}
