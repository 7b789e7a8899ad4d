import type { Host } from './host.js';

/** Which shipped or user-made asset a selector flag names; each stands for one config file. */
export type Asset = 'benchmark' | 'environment' | 'resources-server' | 'model-type';

/** A command-line flag and the override that it stands for. */
export interface Flag {
  /** As commander writes it: `-o, --output <path>`. */
  readonly flags: string;
  readonly summary: string;
  readonly effect:
    | { readonly kind: 'text'; readonly key: string }
    /** The value keeps the type that the override grammar gives it: `5`, `0.7`, `{a: 2}`. */
    | { readonly kind: 'typed'; readonly key: string }
    | { readonly kind: 'switch'; readonly key: string }
    | { readonly kind: 'config' }
    | { readonly kind: 'asset'; readonly asset: Asset }
    | { readonly kind: 'search-dir' }
    /** No override: the command reads it from {@link Invocation.options}. */
    | { readonly kind: 'option' }
    /** The same, and it may be given several times: {@link Invocation.lists}. */
    | { readonly kind: 'list' };
}

/** A parameter that has no flag of its own: given as `+key=value`. */
export interface Parameter {
  readonly key: string;
  readonly type: string;
  readonly summary: string;
}

/** What a command is called with, once the words are sorted out. */
export interface Invocation {
  readonly command: CommandSpec;
  /** The words after the program name, as they were typed. */
  readonly argv: readonly string[];
  /** Values of flags by long name without dashes. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Override tokens: those of flags first, then those typed, in order. */
  readonly overrides: readonly string[];
  /** The override tokens that were typed by hand; a subset of `overrides`. */
  readonly typed: readonly string[];
  /** Values of `option` flags by long name without dashes (`explain`, `no-serve`). */
  readonly options: Readonly<Record<string, string | true | undefined>>;
  /** Values of `list` flags by long name without dashes, in order. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** The word that `positional` describes. */
  readonly positional: string | undefined;
  /** The word that `second` describes. */
  readonly second: string | undefined;
  readonly json: boolean;
  /** Top-level keys that some command, here or in the reference, reads. */
  readonly commandKeys: ReadonlySet<string>;
  readonly host: Host;
}

/** Does the work and gives the exit code. */
export type Run = (invocation: Invocation) => Promise<number>;

/** One command of the tree. Its code is loaded only when it runs. */
export interface CommandSpec {
  readonly path: readonly string[];
  readonly summary: string;
  readonly flags: readonly Flag[];
  readonly parameters?: readonly Parameter[];
  readonly positional?: { readonly name: string; readonly summary: string };
  /** A second word, after `positional`. */
  readonly second?: { readonly name: string; readonly summary: string };
  readonly examples?: readonly string[];
  /** Not listed in help. */
  readonly hidden?: boolean;
  load(): Promise<{ run: Run }>;
}
