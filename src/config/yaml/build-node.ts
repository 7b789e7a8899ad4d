import type {
  Document,
  LineCounter,
  Node as YamlNode,
  ParsedNode,
  Scalar as YamlScalar,
  YAMLMap,
} from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import { errors } from '../../errors/index.js';
import type { Node, Scalar } from '../tree/index.js';
import { scalar, scalarText } from '../tree/index.js';
import type { Origin } from '../types.js';
import type { Refusal } from './scalar.js';
import { readPlainScalar } from './scalar.js';
import { sourceLine } from './source-line.js';

interface Source {
  /** The document's text, of which a message shows a line. */
  text: string;
  file: string;
  source: Origin['source'];
  lines: LineCounter;
}

/** More parts than any real file has: aliases of aliases can otherwise grow without bound. */
const MAX_PARTS = 200_000;
const TAG = 'tag:yaml.org,2002:';

/** Turns a parsed YAML document into a tree: types the scalars, follows aliases, applies `<<`. */
export function buildNode(document: Document.Parsed, source: Source): Node {
  return new Builder(document, source).build(document.contents!, 0);
}

class Builder {
  readonly #open = new Set<YamlNode>();
  /** Resolving an alias walks the document, so each is resolved once. */
  readonly #targets = new Map<ParsedNode, ParsedNode>();
  #parts = 0;

  constructor(
    private readonly document: Document.Parsed,
    private readonly source: Source,
  ) {}

  /** `at` is the offset whose line is told as the value's: of the key, for a mapping entry. */
  build(node: ParsedNode, at: number): Node {
    const origin = this.origin(at);
    if (++this.#parts > MAX_PARTS)
      throw errors.configYamlAliases('expand to too many values', this.place(at));
    if (isAlias(node)) return this.build(this.target(node, at), at);
    if (isScalar(node)) return scalar(this.scalarValue(node, at), origin);
    if (this.#open.has(node)) throw errors.configYamlAliases('contain themselves', this.place(at));
    this.#open.add(node);
    try {
      if (isMap(node)) return { kind: 'map', entries: this.entries(node), origin };
      const items = node.items.map((item) => this.build(item, item.range[0]));
      return { kind: 'list', items, origin };
    } finally {
      this.#open.delete(node);
    }
  }

  private target(alias: ParsedNode, at: number): ParsedNode {
    const known = this.#targets.get(alias);
    if (known !== undefined) return known;
    const target = isAlias(alias) ? (alias.resolve(this.document) as ParsedNode | undefined) : undefined;
    if (target === undefined) throw errors.configYamlAliases('name no anchor', this.place(at));
    this.#targets.set(alias, target);
    return target;
  }

  /** Merged keys (`<<`) come first and lose to the mapping's own, as in PyYAML. */
  private entries(map: YAMLMap): Map<string, Node> {
    const merged = new Map<string, Node>();
    const own = new Map<string, Node>();
    // The package would compare each key with each, which takes seconds for some thousands.
    const seen = new Set<unknown>();
    for (const pair of map.items) {
      const key = pair.key as ParsedNode;
      const value = pair.value as ParsedNode | null;
      const at = key.range[0];
      if (isScalar(key)) {
        if (seen.has(key.value)) throw this.repeated(at);
        seen.add(key.value);
      }
      if (isScalar(key) && key.value === '<<' && key.type === 'PLAIN') this.mergeInto(merged, value, at);
      else
        own.set(
          this.keyText(key, at),
          value === null ? scalar(null, this.origin(at)) : this.build(value, at),
        );
    }
    for (const [key, value] of own) merged.set(key, value);
    return merged;
  }

  private mergeInto(merged: Map<string, Node>, value: ParsedNode | null, at: number): void {
    const node = value === null ? undefined : isAlias(value) ? this.target(value, at) : value;
    const maps = isSeq(node) ? node.items : [node];
    for (const item of maps) {
      const map = item !== undefined && isAlias(item) ? this.target(item, at) : item;
      if (map === undefined || !isMap(map)) throw errors.configYamlMergeKey(this.place(at));
      for (const [key, inherited] of this.entries(map)) if (!merged.has(key)) merged.set(key, inherited);
    }
  }

  private keyText(key: ParsedNode, at: number): string {
    const node = isAlias(key) ? this.target(key, at) : key;
    if (!isScalar(node)) throw errors.configYamlKey(this.place(at));
    const value = this.scalarValue(node, at);
    return typeof value === 'boolean' || value === null ? String(value) : scalarText(value);
  }

  private scalarValue(node: YamlScalar, at: number): Scalar {
    const text = typeof node.value === 'string' ? node.value : '';
    const tag = node.tag?.startsWith(TAG) === true ? node.tag.slice(TAG.length) : node.tag;
    if (tag === 'str' || (tag === undefined && node.type !== 'PLAIN')) return text;
    if (tag !== undefined && !['int', 'float', 'bool', 'null'].includes(tag)) {
      throw errors.configYamlTag(tag, this.place(at));
    }
    const read = readPlainScalar(text);
    if ('refused' in read) throw this.refused(read.refused, text, node.range?.[0] ?? at);
    return read.value;
  }

  private repeated(at: number): Error {
    const place = this.place(at);
    const wrong = sourceLine(this.source.text, place);
    return errors.configYamlSyntax('this key is already given in the same mapping', wrong, place);
  }

  private refused(refusal: Refusal, text: string, at: number): Error {
    return errors.configYamlScalar(refusal, text, this.place(at));
  }

  private place(at: number): { file: string; line: number; column: number } {
    const { line, col } = this.source.lines.linePos(at);
    return { file: this.source.file, line, column: col };
  }

  private origin(at: number): Origin {
    return { source: this.source.source, file: this.source.file, line: this.source.lines.linePos(at).line };
  }
}
