import { errors } from '../../errors/index.js';
import type { Interpolation, Reference, ResolverCall, Template, Value } from '../grammar/index.js';
import { Dict, Template as TemplateClass } from '../grammar/index.js';
import type { MapNode, Node, Path, ScalarNode } from '../tree/index.js';
import { child, children, formatPath, scalar, scalarText, splitPath } from '../tree/index.js';
import type { Origin } from '../types.js';
import { isSecretKey } from '../redact/index.js';
import { LIMITS, sizeOf } from './limits.js';
import { parseDecoded, parseTemplate } from './parse.js';
import type { ResolverContext } from './resolvers.js';
import { callResolver, isResolver, RESOLVER_NAMES } from './resolvers.js';
import { nodeText } from './text.js';

export interface InterpolateOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Top-level keys to compute; the rest is left as it is. Default: all. */
  only?: readonly string[];
}

export interface Interpolated {
  root: MapNode;
  warnings: string[];
  /** Values of environment variables with a secret name: value → name. */
  secrets: ReadonlyMap<string, string>;
}

/** A value that refers to a key that is not there. */
export interface MissingKey {
  /** Path of the value with the interpolation. */
  at: string;
  key: string;
  origin: Origin;
}

/**
 * Computes every `${…}` of a tree (OmegaConf 2.3). All missing keys are reported together; a cycle, an unknown
 * resolver or bad syntax is reported at once. Errors are NgErrors.
 */
export function interpolate(root: MapNode, options: InterpolateOptions): Interpolated {
  const run = new Run(root, options);
  const entries = new Map(root.entries);
  for (const key of options.only ?? root.entries.keys()) {
    const node = root.entries.get(key);
    if (node !== undefined) entries.set(key, run.resolve(node, [key]));
  }
  if (run.missing.length > 0) throw errors.configInterpolationKeys(run.missing, topKeys(root));
  return { root: { ...root, entries }, warnings: run.warnings, secrets: run.secrets };
}

function topKeys(root: MapNode): string[] {
  return [...root.entries.keys()];
}

type Wanted = 'computed' | 'as it is';

function idOf(path: Path): string {
  return path.map(String).join('\u0000');
}

/** The absolute path that a resolver's argument names: relative with leading dots. */
function selected(path: Path, text: string): Path {
  const up = /^\.*/.exec(text)![0].length;
  return [...(up === 0 ? [] : path.slice(0, -up)), ...splitPath(text.slice(up))];
}

class Run {
  readonly missing: MissingKey[] = [];
  readonly warnings: string[] = [];
  readonly secrets = new Map<string, string>();
  readonly #done = new Map<string, Node>();
  readonly #open: string[] = [];

  constructor(
    private readonly root: MapNode,
    private readonly options: InterpolateOptions,
  ) {}

  /** The computed node at a path of the tree; each path is computed once. */
  resolve(node: Node, path: Path): Node {
    if (node.kind === 'scalar' && !(typeof node.value === 'string' && node.value.includes('${'))) return node;
    const id = idOf(path);
    const known = this.#done.get(id);
    if (known !== undefined) return known;
    if (this.#open.includes(id)) this.failCycle(id, node.origin);
    if (this.#open.length >= LIMITS.depth) {
      throw errors.configTooLarge(`it leads through more than ${LIMITS.depth} others`, path, node.origin);
    }
    this.#open.push(id);
    const result = node.kind === 'scalar' ? this.scalarNode(node, path) : this.container(node, path);
    this.#open.pop();
    this.#done.set(id, result);
    return result;
  }

  private container(node: Exclude<Node, ScalarNode>, path: Path): Node {
    let changed = false;
    const below = children(node).map(([part, value]) => {
      const resolved = this.resolve(value, [...path, part]);
      changed ||= resolved !== value;
      return [part, resolved] as const;
    });
    if (!changed) return node;
    const result: Node =
      node.kind === 'list'
        ? { ...node, items: below.map(([, value]) => value) }
        : { ...node, entries: new Map(below.map(([part, value]) => [String(part), value])) };
    if (sizeOf(result) > LIMITS.values) {
      throw errors.configTooLarge(`it comes to more than ${LIMITS.values} values`, path, node.origin);
    }
    return result;
  }

  private scalarNode(node: ScalarNode, path: Path): Node {
    const text = node.value as string;
    const template = parseTemplate(text, { ...node.origin, key: formatPath(path) });
    if (template === undefined) return node;
    const result = this.template(template, path, node.origin);
    const { origin, previous } = node;
    return { ...result, origin, previous, written: text };
  }

  /** One interpolation keeps the type of what it gives; anything else is text. */
  private template(template: Template, path: Path, origin: Origin): Node {
    const [only] = template.parts;
    if (template.parts.length === 1 && typeof only === 'object' && !template.quoted) {
      return this.interpolation(only, path, origin);
    }
    let text = '';
    for (const part of template.parts) {
      text += typeof part === 'string' ? part : nodeText(this.interpolation(part, path, origin, 'as it is'));
      if (text.length > LIMITS.text) {
        throw errors.configTooLarge(`it comes to more than ${LIMITS.text} characters`, path, origin);
      }
    }
    return scalar(text, origin);
  }

  private interpolation(part: Interpolation, path: Path, origin: Origin, wanted?: Wanted): Node {
    return part.kind === 'reference'
      ? this.reference(part, path, origin, wanted)
      : this.call(part, path, origin);
  }

  private reference(part: Reference, path: Path, origin: Origin, wanted?: Wanted): Node {
    const keys = this.names(part.keys, path, origin);
    if (part.up >= path.length + 1)
      throw errors.configInterpolationRelative(part.text, formatPath(path), origin);
    const from = part.up === 0 ? [] : path.slice(0, -part.up);
    const target = [...from, ...keys];
    // What stands in a container cannot have the container in its own text.
    if (target.every((key, i) => String(key) === String(path[i]))) this.failCycle(idOf(target), origin);
    const found = this.find(target, wanted);
    if (found !== undefined) return found;
    this.missing.push({ at: formatPath(path), key: formatPath(target), origin });
    return scalar(null, origin);
  }

  private names(parts: readonly (string | Interpolation)[], path: Path, origin: Origin): string[] {
    return parts.map((part) =>
      typeof part === 'string' ? part : nodeText(this.interpolation(part, path, origin)),
    );
  }

  /**
   * Walks down from the root; an interpolation on the way is computed and walked into. A container is computed whole,
   * or given as it is: its keys, and its text, do not depend on what its values come to.
   */
  private find(path: Path, wanted: Wanted = 'computed'): Node | undefined {
    let node: Node | undefined = this.root;
    let computed = false;
    for (let depth = 0; depth < path.length; depth++) {
      node = child(node, path[depth]!);
      if (node === undefined) return undefined;
      if (
        !computed &&
        node.kind === 'scalar' &&
        typeof node.value === 'string' &&
        node.value.includes('${')
      ) {
        node = this.resolve(node, path.slice(0, depth + 1));
        computed = true;
      }
    }
    return computed || (wanted === 'as it is' && node.kind !== 'scalar') ? node : this.resolve(node, path);
  }

  private call(part: ResolverCall, path: Path, origin: Origin): Node {
    const name = this.names(part.name, path, origin).join('.');
    const key = formatPath(path);
    if (!isResolver(name)) {
      throw errors.configInterpolationResolver(name, RESOLVER_NAMES, { ...origin, key });
    }
    const args = part.args.map((arg) => this.argument(arg, path, origin));
    return callResolver(name, args, this.context(part, path, origin));
  }

  private context(part: ResolverCall, path: Path, origin: Origin): ResolverContext {
    const where = { ...origin, key: formatPath(path) };
    return {
      path,
      origin,
      env: this.options.env,
      select: (text) => this.find(selected(path, text)),
      container: (text) => this.find(selected(path, text), 'as it is'),
      decode: (text) => this.argument(parseDecoded(text, where), path, origin),
      warn: (message) => this.warnings.push(message),
      fail: (message, fix) => {
        throw errors.configInterpolation(part.text, message, fix, where);
      },
      usedVariable: (name, value) => {
        if (isSecretKey(name)) this.secrets.set(value, name);
      },
    };
  }

  private argument(value: Value, path: Path, origin: Origin): Node {
    if (value instanceof TemplateClass) return this.template(value, path, origin);
    if (Array.isArray(value)) {
      return { kind: 'list', items: value.map((item) => this.argument(item, path, origin)), origin };
    }
    if (!(value instanceof Dict)) return scalar(value, origin);
    const entries = value.entries.map(
      (entry) => [scalarText(entry.key), this.argument(entry.value, path, origin)] as const,
    );
    return { kind: 'map', entries: new Map(entries), origin };
  }

  private failCycle(id: string, origin: Origin): never {
    const ids = [...this.#open.slice(this.#open.indexOf(id)), id];
    const cycle = ids.map((open) => open.replaceAll('\u0000', '.'));
    throw errors.configInterpolationCycle(cycle, origin);
  }
}
