import { LineCounter, parseDocument } from 'yaml';
import { errors } from '../../errors/index.js';
import type { MapNode } from '../tree/index.js';
import { emptyMap, scalar } from '../tree/index.js';
import type { Origin } from '../types.js';
import { buildNode } from './build-node.js';

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
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw errors.configYamlSyntax(reason(error.code, error.message), text, { file, line, column: col });
  }
  const origin: Origin = { source, file, line: 1 };
  if (document.contents === null) return emptyMap(origin);
  const node = buildNode(document, { file, source, lines });
  if (node.kind === 'map') return node;
  if (node.kind === 'scalar' && node.value === null) return emptyMap(origin);
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    return { kind: 'map', entries: new Map([[node.value, scalar(null, node.origin)]]), origin };
  }
  throw errors.configYamlNotMapping(node.kind, { file, line: 1 });
}

function reason(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this key is already given in the same mapping';
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; one file holds one';
  if (code === 'MISSING_CHAR' && /quote/.test(message)) return 'a closing quote is missing';
  return message.charAt(0).toLowerCase() + message.slice(1);
}
