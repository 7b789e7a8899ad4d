import type { Host } from '../host.js';
import type { Api } from './api.js';

/** How the text after a flag becomes a value. */
export type ValueKind = 'text' | 'integer' | 'number' | 'json' | 'list' | 'switch' | 'path';

export interface WordOption {
  /** Without dashes: `host-url`. */
  readonly name: string;
  readonly kind: ValueKind;
  readonly short?: string;
  readonly summary?: string;
  /** The other way to switch: `--no-…`. */
  readonly negatable?: boolean;
  /** It must be given. */
  readonly needed?: boolean;
}

export interface WordInput {
  /** In the order of `args`; undefined where one was left out. */
  readonly args: readonly (string | undefined)[];
  /** By name, of those that were given. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly workspace: string;
  readonly api: Api;
  readonly host: Host;
  /** From `--output-format`, or what the settings say. */
  readonly format: string | undefined;
  /** The same without what the settings say. */
  readonly givenFormat: string | undefined;
  /** For messages: `inference providers create`. */
  readonly words: string;
}

/** One command of the platform's client. */
export interface Word {
  readonly words: string;
  readonly summary: string;
  /** `<name>` must be there, `[name]` may be. */
  readonly args?: readonly string[];
  readonly options: readonly WordOption[];
  run(input: WordInput): Promise<number>;
}

export function option(name: string, kind: ValueKind = 'text', more: Partial<WordOption> = {}): WordOption {
  return { name, kind, ...more };
}

export function texts(...names: string[]): WordOption[] {
  return names.map((name) => option(name));
}
