import { errors } from '../errors/index.js';
import type { MapNode, Node, Path } from './tree/index.js';
import { formatPath, lookup, merge, splitPath } from './tree/index.js';

const BLOCK_MOVE = '_inherit_from';
const BLOCK_COPY = '_copy';
const DELETE = '_delete_key';
/** `swap_key` is the old name of `inherit_from`. */
const VALUE = /^\$\{\s*(inherit_from|swap_key|copy)\s*:\s*([^{}]*?)\s*\}$/;

/**
 * Carries out `inherit_from`, `copy`, `_inherit_from`, `_copy`, `_delete_key` and `swap_key` on merged files.
 * Sources are read from the tree as it came; a moved source is gone afterwards. A source may itself inherit.
 */
export function applyDirectives(root: MapNode): MapNode {
  const run = new Run(root);
  let result = run.node(root, []) as MapNode;
  for (const source of run.moved) result = remove(result, splitPath(source)) as MapNode;
  return result;
}

class Run {
  readonly moved = new Set<string>();
  readonly #open: string[] = [];

  constructor(private readonly root: MapNode) {}

  node(node: Node, path: Path): Node {
    if (node.kind === 'list') {
      const items = node.items.map((item, index) => this.node(item, [...path, index]));
      return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
    }
    if (node.kind === 'map') return this.block(node, path);
    const match = typeof node.value === 'string' ? VALUE.exec(node.value) : null;
    if (match === null) return node;
    const source = this.source(match[2]!, match[1] !== 'copy', node, path);
    return { ...source, previous: node };
  }

  private block(node: MapNode, path: Path): Node {
    const own = new Map<string, Node>();
    let changed = false;
    for (const [key, value] of node.entries) {
      const result = key.startsWith('_') && isDirective(key) ? value : this.node(value, [...path, key]);
      changed ||= result !== value;
      own.set(key, result);
    }
    const directive = [BLOCK_MOVE, BLOCK_COPY].find((key) => own.has(key));
    if (directive === undefined && !own.has(DELETE)) return changed ? { ...node, entries: own } : node;
    return this.inherit({ ...node, entries: own }, directive, path);
  }

  private inherit(block: MapNode, directive: string | undefined, path: Path): Node {
    const own = new Map(block.entries);
    const deletions = this.deletions(own.get(DELETE), path);
    let base: Node | undefined;
    if (directive !== undefined) {
      const written = own.get(directive)!;
      if (written.kind !== 'scalar' || typeof written.value !== 'string') {
        throw errors.configDirectivePath(directive, { ...written.origin, key: formatPath(path) });
      }
      base = this.source(written.value.trim(), directive === BLOCK_MOVE, written, path);
    }
    for (const key of [BLOCK_MOVE, BLOCK_COPY, DELETE]) own.delete(key);
    const left = deletions.filter((key) => !own.delete(key));
    const rest: MapNode = { ...block, entries: own };
    if (base === undefined || base.kind !== 'map') {
      this.refuseDeletions(left, block, path);
      return base !== undefined && own.size === 0 ? base : rest;
    }
    const entries = new Map(base.entries);
    this.refuseDeletions(
      left.filter((key) => !entries.delete(key)),
      block,
      path,
    );
    return merge({ ...base, entries }, rest);
  }

  private refuseDeletions(keys: readonly string[], block: MapNode, path: Path): void {
    if (keys.length > 0) throw errors.configDeleteKey(keys, { ...block.origin, key: formatPath(path) });
  }

  private deletions(node: Node | undefined, path: Path): string[] {
    if (node === undefined) return [];
    if (node.kind !== 'scalar' || typeof node.value !== 'string') {
      throw errors.configDirectivePath(DELETE, { ...node.origin, key: formatPath(path) });
    }
    return node.value
      .split(',')
      .map((key) => key.trim())
      .filter((key) => key !== '');
  }

  /** The source with its own directives carried out; `???` when it, or what it lies in, is `???`. */
  private source(text: string, move: boolean, from: Node, path: Path): Node {
    const steps = splitPath(text);
    const where = { ...from.origin, key: formatPath(path) };
    let node: Node | undefined = this.root;
    for (const step of steps) {
      if (node?.kind === 'scalar' && node.value === '???') break;
      node = node === undefined ? undefined : lookup(node, [step]);
    }
    if (node === undefined || steps.length === 0) {
      throw errors.configInheritPath(text, [...this.root.entries.keys()], where);
    }
    const inside = steps.every((step, index) => String(path[index]) === step);
    if (inside || this.#open.includes(text)) {
      throw errors.configInheritCycle([...this.#open, text], where);
    }
    if (move && !(node.kind === 'scalar' && node.value === '???')) this.moved.add(steps.join('.'));
    this.#open.push(text);
    const result = this.node(node, steps);
    this.#open.pop();
    return result;
  }
}

function isDirective(key: string): boolean {
  return key === BLOCK_MOVE || key === BLOCK_COPY || key === DELETE;
}

function remove(node: Node, [part, ...rest]: Path): Node {
  if (part === undefined || node.kind !== 'map') return node;
  const below = node.entries.get(String(part));
  if (below === undefined) return node;
  const entries = new Map(node.entries);
  if (rest.length === 0) entries.delete(String(part));
  else entries.set(String(part), remove(below, rest));
  return { ...node, entries };
}
