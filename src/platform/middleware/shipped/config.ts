import { isObject, type Json, type JsonObject } from '../../../protocol/index.js';

/** Reads the configuration of one entry; each fault is an Error whose message names the key. */
export class Config {
  private readonly read = new Set<string>();

  constructor(private readonly given: JsonObject) {}

  /** Throws for keys that nobody asked for: they are probably misspelt. */
  done(): void {
    const other = Object.keys(this.given).find((key) => !this.read.has(key));
    if (other !== undefined)
      throw new Error(`Unknown key '${other}'. Known: ${[...this.read].toSorted().join(', ')}`);
  }

  object(key: string): JsonObject {
    const value = this.get(key);
    if (value === undefined) return {};
    if (!isObject(value)) throw new Error(`${key} must be an object`);
    return value;
  }

  texts(key: string): string[] {
    const value = this.get(key);
    if (value === undefined) return [];
    if (!Array.isArray(value) || !value.every((each) => typeof each === 'string'))
      throw new Error(`${key} must be a list of texts`);
    return value;
  }

  text(key: string, otherwise: string): string {
    const value = this.get(key);
    if (value === undefined) return otherwise;
    if (typeof value !== 'string') throw new Error(`${key} must be a text`);
    return value;
  }

  word<Word extends string>(key: string, words: readonly Word[], otherwise: Word): Word {
    const value = this.text(key, otherwise);
    if (words.includes(value as Word)) return value as Word;
    throw new Error(`${key} must be one of ${words.join(', ')}`);
  }

  /** A number of zero or more; null where it is not given. */
  number(key: string): number | null {
    const value = this.get(key);
    if (value === undefined) return null;
    if (typeof value !== 'number' || value < 0) throw new Error(`${key} must be a number, zero or more`);
    return value;
  }

  private get(key: string): Json | undefined {
    this.read.add(key);
    return this.given[key] ?? undefined;
  }
}
