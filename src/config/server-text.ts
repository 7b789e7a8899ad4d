import type { Node, Scalar } from './tree/index.js';
import { Float } from './tree/index.js';

/**
 * A tree as the text that a server process of the reference reads back (`OmegaConf.create`): flow style with every text
 * in quotes, which is JSON as well unless a number is not finite. What looks like an interpolation is a text by now, and
 * is marked so.
 */
export function serverText(node: Node): string {
  if (node.kind === 'scalar') return scalar(node.value);
  if (node.kind === 'list') return `[${node.items.map(serverText).join(', ')}]`;
  const entries = [...node.entries].map(([key, child]) => `${quoted(key)}: ${serverText(child)}`);
  return `{${entries.join(', ')}}`;
}

function scalar(value: Scalar): string {
  if (value instanceof Float) return float(value);
  return typeof value === 'string' ? quoted(value.replace(/(\\*)\$\{/g, '$1$1\\${')) : String(value);
}

/** Beyond JSON's own: what PyYAML refuses, or takes for the end of a line. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The exponent of a float needs the dot before it: PyYAML alone takes `1e-07` for a text. */
function float(value: Float): string {
  const text = value.toString();
  if (/inf$|nan$/.test(text)) return text.replace('inf', '.inf').replace('nan', '.nan');
  return text.replace(/^(-?\d+)e/, '$1.0e');
}
