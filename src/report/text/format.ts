/** A number for people: at most four digits after the point, no trailing zeros beyond one. */
export function decimal(value: number | null, digits = 4): string {
  if (value === null || Number.isNaN(value)) return '–';
  return value.toFixed(digits);
}

/** 12345 as `12,345`. */
export function whole(value: number | null): string {
  return value === null ? '–' : String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** 0.905 as `90.5%`. A share below 1 never rounds up to 100 %, nor one above 0 down to 0 %. */
export function percent(share: number | null, digits = 1): string {
  if (share === null || Number.isNaN(share)) return '–';
  const step = 10 ** -digits;
  let value = share * 100;
  if (share > 0 && share < 1) value = Math.min(100 - step, Math.max(step, value));
  return `${value.toFixed(digits)}%`;
}

/** 1.5 as `$1.50`; less than a dollar with four digits. Null: some price or count is unknown. */
export function dollars(value: number | null): string {
  return value === null ? 'unknown' : `$${value.toFixed(value < 1 ? 4 : 2)}`;
}

/** 75000 ms as `1m 15s`, 3 240 ms as `3.2 s`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const all = Math.round(seconds);
  const parts = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const [h = 0, m = 0, s = 0] = parts;
  return h > 0 ? `${h}h ${m}m ${s}s` : `${m}m ${s}s`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${whole(n)} ${n === 1 ? one : many}`;
}
