import { GRAMMAR } from './grammar.js';
import type { Token } from './tokens.js';
import { NoReading } from './tree.js';

/** A rule that was matched, with its parts in order. */
export interface ParseNode {
  readonly rule: string;
  readonly parts: readonly (ParseNode | Token)[];
}

export const isToken = (part: ParseNode | Token): part is Token => 'type' in part;

/** What a rule is made of. */
type Form =
  | { readonly kind: 'token' | 'rule'; readonly name: string }
  | { readonly kind: 'sequence' | 'choice'; readonly forms: readonly Form[] }
  | { readonly kind: 'optional' | 'repeated'; readonly form: Form };

type Parts = readonly (ParseNode | Token)[];

/** Ways to match a form from a place on: where each ends, in the order of preference, each end once. */
type Ways = readonly { readonly end: number; readonly parts: Parts }[];

interface Grammar {
  readonly rules: ReadonlyMap<string, Form>;
  /** Types of tokens that a rule may begin with. No rule is empty. */
  readonly first: ReadonlyMap<string, ReadonlySet<string>>;
}

let known: Grammar | undefined;

/**
 * The first whole reading of some tokens, in the order in which ANTLR (of the reference) prefers them. Throws
 * {@link NoReading} when there is none.
 */
export function parse(tokens: readonly Token[]): ParseNode {
  known ??= readGrammar(GRAMMAR);
  const [whole] = new Reader(known, tokens).rule('math', 0);
  if (whole === undefined) throw new NoReading('no whole reading');
  return whole.parts[0] as ParseNode;
}

class Reader {
  readonly #known = new Map<string, Ways>();

  constructor(
    private readonly grammar: Grammar,
    private readonly tokens: readonly Token[],
  ) {}

  rule(name: string, from: number): Ways {
    if (!this.grammar.first.get(name)!.has(this.tokens[from]?.type ?? '')) return [];
    const key = `${name} ${from}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // A rule that begins with itself would go on for ever; the grammar has none.
    const ways = this.#ways(this.grammar.rules.get(name)!, from).map(({ end, parts }) => ({
      end,
      parts: [{ rule: name, parts }],
    }));
    this.#known.set(key, ways);
    return ways;
  }

  #ways(form: Form, from: number): Ways {
    switch (form.kind) {
      case 'token': {
        const token = this.tokens[from];
        return token?.type === form.name ? [{ end: from + 1, parts: [token] }] : [];
      }
      case 'rule':
        return this.rule(form.name, from);
      case 'choice':
        return once(form.forms.flatMap((one) => this.#ways(one, from)));
      case 'optional':
        return once([...this.#ways(form.form, from), { end: from, parts: [] }]);
      case 'repeated':
        return this.#repeated(form.form, from);
      case 'sequence':
        return form.forms.reduce<Ways>(
          (ways, next) =>
            once(
              ways.flatMap(({ end, parts }) =>
                this.#ways(next, end).map((way) => ({ end: way.end, parts: [...parts, ...way.parts] })),
              ),
            ),
          [{ end: from, parts: [] }],
        );
    }
  }

  #repeated(form: Form, from: number): Ways {
    const more = this.#ways(form, from).flatMap(({ end, parts }) =>
      end === from
        ? []
        : this.#repeated(form, end).map((way) => ({ end: way.end, parts: [...parts, ...way.parts] })),
    );
    return once([...more, { end: from, parts: [] }]);
  }
}

/** The first way to each end. */
function once(ways: Ways): Ways {
  const seen = new Set<number>();
  return ways.filter(({ end }) => !seen.has(end) && seen.add(end));
}

function readGrammar(text: string): Grammar {
  const lines = text.trim().split('\n');
  const rules = new Map(
    lines.map((line) => {
      const [name = '', body = ''] = line.split(' = ');
      const words = body.match(/[A-Za-z_]+|[()|?*]/g) ?? [];
      return [name, readChoice(words)];
    }),
  );
  const first = new Map([...rules.keys()].map((name) => [name, new Set<string>()]));
  for (let size = -1, now = 0; size !== now;) {
    size = now;
    for (const [name, form] of rules) for (const type of beginnings(form, first)) first.get(name)!.add(type);
    now = [...first.values()].reduce((total, types) => total + types.size, 0);
  }
  return { rules, first };
}

/** Types of tokens that a form may begin with, as far as those of the rules are known. */
function beginnings(form: Form, first: ReadonlyMap<string, ReadonlySet<string>>): Iterable<string> {
  switch (form.kind) {
    case 'token':
      return [form.name];
    case 'rule':
      return first.get(form.name)!;
    case 'choice':
      return form.forms.flatMap((one) => [...beginnings(one, first)]);
    case 'optional':
    case 'repeated':
      return beginnings(form.form, first);
    case 'sequence': {
      // What may be left out lets the next one begin.
      const must = form.forms.findIndex(({ kind }) => kind !== 'optional' && kind !== 'repeated');
      return form.forms
        .slice(0, must === -1 ? undefined : must + 1)
        .flatMap((one) => [...beginnings(one, first)]);
    }
  }
}

/** Reads up to the closing parenthesis or the end; takes the words away. */
function readChoice(words: string[]): Form {
  const choices: Form[][] = [[]];
  while (words.length > 0 && words[0] !== ')') {
    const word = words.shift()!;
    const current = choices.at(-1)!;
    if (word === '|') choices.push([]);
    else if (word === '?' || word === '*') {
      current.push({ kind: word === '?' ? 'optional' : 'repeated', form: current.pop()! });
    } else if (word === '(') {
      current.push(readChoice(words));
      words.shift();
    } else current.push({ kind: /^[A-Z]/.test(word) ? 'token' : 'rule', name: word });
  }
  const forms = choices.map((sequence): Form =>
    sequence.length === 1 ? sequence[0]! : { kind: 'sequence', forms: sequence },
  );
  return forms.length === 1 ? forms[0]! : { kind: 'choice', forms };
}

/** The first part of a rule's name; undefined where there is none. */
export const child = (node: ParseNode, rule: string): ParseNode | undefined => children(node, rule)[0];

export const children = (node: ParseNode, rule: string): ParseNode[] =>
  node.parts.filter((part): part is ParseNode => !isToken(part) && part.rule === rule);

export const tokensOf = (node: ParseNode): Token[] =>
  node.parts.filter((part): part is Token => isToken(part));

/** The text of a node without the white space in it. */
export const textOf = (part: ParseNode | Token): string =>
  isToken(part) ? part.text : part.parts.map((one) => textOf(one)).join('');
