import { pythonFloat } from './lossless-json.js';

/** A float as pydantic writes it in JSON: Python's digits, but `0.00001` and `5e-7`; what is not finite is null. */
export function floatJson(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  const size = Math.abs(value);
  if (size >= 1e-5 && size < 1e-4) return `${value < 0 ? '-' : ''}${decimal(size)}`;
  return pythonFloat(value).replace(/e([+-])0(\d)$/, 'e$1$2');
}

function decimal(size: number): string {
  const [digits = '', exponent = '0'] = size.toExponential().split('e');
  return `0.${'0'.repeat(-Number(exponent) - 1)}${digits.replace('.', '')}`;
}
