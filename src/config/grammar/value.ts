import type { Scalar } from '../tree/index.js';

/** A mapping as parsed: keys keep their type, since `{1: x, true: y}` has one key in Python. */
export class Dict {
  readonly #entries: { key: Scalar; value: Value }[] = [];

  /** Sets a key; Python equality decides what is the same key (`1`, `1.0` and `true` are). */
  set(key: Scalar, value: Value): void {
    const same = this.#entries.find((entry) => identity(entry.key) === identity(key));
    if (same === undefined) this.#entries.push({ key, value });
    else same.value = value;
  }

  get entries(): readonly { readonly key: Scalar; readonly value: Value }[] {
    return this.#entries;
  }
}

/** `${a.b}`, `${.sibling}`, `${list[0]}`, `${${name}}`. `up` counts the leading dots; 0 means from the root. */
export interface Reference {
  kind: 'reference';
  up: number;
  keys: (string | Interpolation)[];
  text: string;
}

/** `${oc.env:NAME,default}`. */
export interface ResolverCall {
  kind: 'call';
  name: (string | Interpolation)[];
  args: Value[];
  text: string;
}

export type Interpolation = Reference | ResolverCall;

/** Text with interpolations in it. With one part that is an interpolation, the value keeps its type. */
export class Template {
  constructor(
    readonly parts: readonly (string | Interpolation)[],
    /** Quoted text is a string whatever is inside. */
    readonly quoted = false,
  ) {}
}

/** A parsed value of an override or of a resolver's argument; {@link Template} occurs in the latter only. */
export type Value = Scalar | Template | Value[] | Dict;

function identity(key: Scalar): string {
  if (typeof key === 'string') return `s${key}`;
  if (key === null) return 'null';
  return `n${Number(typeof key === 'object' ? key.value : key)}`;
}
