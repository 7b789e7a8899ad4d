/** Numbers and words as they are shown. Nothing here touches the page. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function count(value) {
  return value === null ? '–' : whole.format(value);
}

/** At most four decimals, trailing zeros dropped; `1` stays `1`. */
export function number(value) {
  if (value === null || value === undefined) return '–';
  return String(Math.round(value * 1e4) / 1e4);
}

/** Four decimals, always: columns line up. */
export function decimal(value) {
  return value === null ? '–' : value.toFixed(4);
}

export function percent(share) {
  return share === null ? '–' : `${(100 * share).toFixed(1)} %`;
}

export function duration(ms) {
  if (ms === null) return '–';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export function plural(n, word) {
  return `${count(n)} ${word}${n === 1 ? '' : 's'}`;
}

/** JSON laid out in lines when the text is JSON, else the text. */
export function pretty(value) {
  if (typeof value !== 'string') return JSON.stringify(value, null, 2);
  try {
    const parsed = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? JSON.stringify(parsed, null, 2) : value;
  } catch {
    return value;
  }
}
