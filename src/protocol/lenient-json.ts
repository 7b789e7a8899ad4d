import type { Json } from './json.js';

/** Escapes control characters inside strings, which some models and servers leave raw. */
function escapeControls(text: string): string {
  let inString = false;
  let escaped = false;
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!inString) inString = code === 0x22;
    else if (escaped) escaped = false;
    else if (code === 0x5c) escaped = true;
    else if (code === 0x22) inString = false;
    else if (code < 0x20) {
      out += `${text.slice(from, i)}\\u${code.toString(16).padStart(4, '0')}`;
      from = i + 1;
    }
  }
  return out + text.slice(from);
}

/**
 * `JSON.parse`, and when that fails once more with raw control characters inside strings escaped. Throws
 * `SyntaxError` for anything else.
 */
export function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const repaired = escapeControls(text);
    if (repaired === text) throw error;
    return JSON.parse(repaired) as Json;
  }
}
