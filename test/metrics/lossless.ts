import { JsonNumber } from '../../src/metrics/index.js';

/** Parses JSON so that floats keep their text (`1.0` stays `1.0`): the oracle for number forms. */
export function lossless(text: string): unknown {
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    !token.startsWith('"') && /[.eE]/.test(token) ? `{"$float":"${token}"}` : token,
  );
  return JSON.parse(marked, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('$float' in value)) return value;
    // Python's json writes 1e-05 where orjson writes 0.00001: one value, one form, for comparing.
    const text = String(value.$float);
    return new JsonNumber(/e/i.test(text) ? formOf(Number(text)) : text);
  });
}

function formOf(value: number): string {
  return value < 1e-5 || value >= 1e16 ? value.toExponential() : String(value);
}
