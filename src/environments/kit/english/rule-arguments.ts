import { characters, compilePattern, PythonRegexError, strip } from '../../../python/index.js';
import type { PythonFlags, PythonRegex } from '../../../python/index.js';

/** The original raises here, which counts as not followed. */
export class Unfit extends Error {}

/** The original draws what a row leaves open at random, so that no verdict can be repeated. */
export class Random extends Error {}

/** A trained model or a dictionary of the original is needed to tell. */
export class NeedsData extends Error {}

/** The arguments of a rule, as a row gives them; null counts as absent. */
export class RuleArguments {
  constructor(private readonly given: Readonly<Record<string, unknown>>) {}

  /** Throws {@link Unfit} for an argument that the rule does not take; `*` takes any. */
  static of(given: Readonly<Record<string, unknown>>, takes: readonly string[]): RuleArguments {
    const known = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
    const strange = takes.includes('*') ? undefined : known.find(([key]) => !takes.includes(key));
    if (strange !== undefined) throw new Unfit(`unexpected argument ${strange[0]}`);
    return new RuleArguments(Object.fromEntries(known));
  }

  raw(key: string): unknown {
    return this.given[key];
  }

  /** A text, stripped; empty or absent = drawn at random. */
  text(key: string): string {
    const value = this.given[key];
    if (this.isEmpty(value)) throw new Random(key);
    if (typeof value !== 'string') throw new Unfit(`${key} is no text`);
    return strip(value);
  }

  /** As {@link text}, or the first of a list. */
  firstText(key: string): string {
    const value = this.given[key];
    if (!Array.isArray(value) || value.length === 0) return this.text(key);
    if (typeof value[0] !== 'string') throw new Unfit(`${key} holds no text`);
    return strip(value[0]);
  }

  /** A text that must be there. */
  requiredText(key: string): string {
    const value = this.given[key];
    if (typeof value !== 'string' || value === '') throw new Unfit(`${key} is missing`);
    return value;
  }

  /** Texts, as they are; a text stands for its characters. */
  texts(key: string): string[] {
    const value = this.given[key];
    if (this.isEmpty(value)) throw new Random(key);
    const list = typeof value === 'string' ? characters(value) : value;
    if (!Array.isArray(list) || !list.every((item) => typeof item === 'string'))
      throw new Unfit(`${key} holds no texts`);
    return list;
  }

  /** A number from 0 on; another is drawn at random. */
  count(key: string): number {
    const value = this.given[key];
    if (value === undefined) throw new Random(key);
    const number = typeof value === 'boolean' ? Number(value) : value;
    if (typeof number !== 'number') throw new Unfit(`${key} is no number`);
    if (number < 0) throw new Random(key);
    return number;
  }

  /** A number but 0, which is drawn at random. */
  countFromOne(key: string): number {
    const value = this.given[key];
    if (this.isEmpty(value)) throw new Random(key);
    if (typeof value !== 'number') throw new Unfit(`${key} is no number`);
    return value;
  }

  /** `found < limit` or `found >= limit`, as `relation` says. */
  compare(found: number, limit: number, key = 'relation'): boolean {
    const relation = this.given[key];
    if (relation === undefined) throw new Random(key);
    if (relation !== 'less than' && relation !== 'at least') throw new Unfit(`no such ${key}`);
    return relation === 'less than' ? found < limit : found >= limit;
  }

  /** `found >= limit`; a limit that is drawn from a range decides only where every draw says the same. */
  atLeast(found: number, key: string, [low, high]: readonly [number, number]): boolean {
    if (this.given[key] !== undefined) return found >= this.count(key);
    if (found < low || found >= high) return found >= high;
    throw new Random(key);
  }

  private isEmpty(value: unknown): boolean {
    return value === undefined || value === '' || value === 0 || (Array.isArray(value) && value.length === 0);
  }
}

/** A pattern that a row gives; one that is none counts as not followed. */
export function rulePattern(pattern: string, flags?: PythonFlags): PythonRegex {
  try {
    return compilePattern(pattern, flags);
  } catch (error) {
    if (error instanceof PythonRegexError && !error.unsupported) throw new Unfit(error.message);
    throw error;
  }
}
