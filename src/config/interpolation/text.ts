import { pythonRepr } from '../../python/index.js';
import type { Node } from '../tree/index.js';
import { scalarText } from '../tree/index.js';

/** Python's `repr()`; an interpolation below shows as it was written, since OmegaConf prints what is stored. */
function repr(node: Node): string {
  if (node.kind === 'list') return `[${node.items.map(below).join(', ')}]`;
  if (node.kind === 'map') {
    const entries = [...node.entries].map(([key, value]) => `${pythonRepr(key)}: ${below(value)}`);
    return `{${entries.join(', ')}}`;
  }
  return typeof node.value === 'string' ? pythonRepr(node.value) : scalarText(node.value);
}

function below(node: Node): string {
  return node.written === undefined ? repr(node) : pythonRepr(node.written);
}

/** A node inside text, as OmegaConf puts it there: Python's `str()`. */
export function nodeText(node: Node): string {
  return node.kind === 'scalar' ? scalarText(node.value) : repr(node);
}
