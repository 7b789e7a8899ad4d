import type { Document, Node } from 'yaml';
import { isCollection, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { errors } from '../../errors/index.js';
import type { MapNode } from '../tree/index.js';
import { emptyMap, scalar } from '../tree/index.js';
import type { Origin } from '../types.js';
import { buildNode } from './build-node.js';
import { sourceLine } from './source-line.js';

/**
 * Reads one YAML document into a tree with the line of every value. An empty file is an empty mapping and a
 * lone word is a key without value, as in the reference. `file` is the name shown to the user.
 */
export function readYaml(text: string, file: string, source: Origin['source'] = 'file'): MapNode {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    // Every scalar comes as text: typing is ours, since PyYAML's YAML 1.1 is not the package's.
    schema: 'failsafe',
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(offset(document, error));
    const place = { file, line, column: col };
    throw errors.configYamlSyntax(reason(error.code, error.message), sourceLine(text, place), place);
  }
  const origin: Origin = { source, file, line: 1 };
  if (document.contents === null) return emptyMap(origin);
  const node = buildNode(document, { text, file, source, lines });
  if (node.kind === 'map') return node;
  if (node.kind === 'scalar' && node.value === null) return emptyMap(origin);
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    return { kind: 'map', entries: new Map([[node.value, scalar(null, node.origin)]]), origin };
  }
  throw errors.configYamlNotMapping(node.kind, { file, line: 1 });
}

/** Where the mistake is: for text that is never closed, where it was opened instead of the end of the file. */
function offset(document: Document.Parsed, error: { code: string; pos: readonly [number, number] }): number {
  if (error.code !== 'MISSING_CHAR') return error.pos[0];
  let last = document.contents as Node | null;
  for (;;) {
    const item = isCollection(last) ? last.items.at(-1) : undefined;
    const next = isPair(item) ? (item.value ?? item.key) : item;
    if (!isNode(next)) break;
    last = next;
  }
  return isScalar(last) ? (last.range?.[0] ?? error.pos[0]) : error.pos[0];
}

function reason(code: string, message: string): string {
  if (/call stack/i.test(message)) return 'the nesting is too deep here';
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; one file holds one';
  if (code === 'MISSING_CHAR' && /quote/.test(message)) return 'this quote is never closed';
  if (code === 'BAD_INDENT' && /^Flow/.test(message)) return 'a "[" or "{" above this line is not closed';
  return message.charAt(0).toLowerCase() + message.slice(1);
}
