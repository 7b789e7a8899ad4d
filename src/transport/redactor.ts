import { formsOf, replaceInJson, staysInContent, strengthOf, type Strength } from './redaction/index.js';

/** A secret value and the key of the configuration that it stands under. */
export interface NamedSecret {
  key: string;
  value: string;
}

/**
 * Removes known secret values from whatever is about to be written or shown. JSON text keeps its form: values are
 * replaced inside strings only, and numbers, keys and everything else keep their text.
 */
export interface Redactor {
  /** A message or an address with every secret replaced by `***`. Texts without one are returned as they are. */
  text(text: string): string;
  /** The same for JSON text: a body, a manifest. Text that is no JSON is treated as {@link Redactor.text}. */
  json(text: string): string;
  /**
   * A stored row, an exchange: what models and users wrote. As {@link Redactor.json}, but values that can well be
   * words of an answer stay, and so do those that the dataset holds.
   */
  content(text: string): string;
  /** Adds values that became known later. */
  add(secrets: readonly (string | NamedSecret)[]): void;
  /** Looks at a row of the dataset. Secrets in it stay in content from now on; returns the keys of new ones. */
  exempt(row: string): string[];
  /** Keys whose value is short or an everyday word, and therefore not removed from content. */
  everyday(): string[];
}

const MASK = '***';
const NESTED = /^\s*[{[]/;

interface Known extends NamedSecret {
  strength: Strength;
  inDataset: boolean;
}

/** Replaces all forms of some secrets. */
class Needles {
  private readonly pattern: RegExp | null;
  /** As `pattern`, and as the forms are written inside JSON strings. */
  private readonly anywhere: RegExp | null;

  constructor(
    secrets: readonly Known[],
    private readonly keys: Needles | null,
  ) {
    const forms = secrets.flatMap(({ value }) => formsOf(value));
    const escaped = forms.map((form) => JSON.stringify(form).slice(1, -1));
    this.pattern = patternOf(forms, 'g');
    this.anywhere = patternOf([...forms, ...escaped], '');
  }

  in(text: string): boolean {
    return this.anywhere?.test(text) === true;
  }

  text(text: string): string {
    return this.pattern === null ? text : text.replace(this.pattern, MASK);
  }

  /** Looks for anything at all before it takes the text apart: nearly every row has nothing. */
  json(text: string): string {
    if (!this.in(text)) return text;
    try {
      JSON.parse(text);
    } catch {
      return this.text(text);
    }
    return replaceInJson(
      text,
      (value) => (NESTED.test(value) ? this.json(value) : this.text(value)),
      (key) => this.keys?.text(key) ?? key,
    );
  }
}

function patternOf(forms: readonly string[], flags: string): RegExp | null {
  if (forms.length === 0) return null;
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(escapeRegExp).join('|'), flags);
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

class ValueRedactor implements Redactor {
  private readonly known = new Map<string, Known>();
  private all = new Needles([], null);
  private strong = new Needles([], null);

  add(secrets: readonly (string | NamedSecret)[]): void {
    const before = this.known.size;
    for (const secret of secrets) {
      const { key, value } = typeof secret === 'string' ? { key: '', value: secret } : secret;
      if (this.known.has(value)) continue;
      this.known.set(value, { key, value, strength: strengthOf(value), inDataset: false });
    }
    if (this.known.size !== before) this.sharpen();
  }

  text(text: string): string {
    return this.all.text(text);
  }

  json(text: string): string {
    return this.all.json(text);
  }

  content(text: string): string {
    return this.strong.json(text);
  }

  exempt(row: string): string[] {
    if (!this.strong.in(row)) return [];
    const found = this.inContent().filter((secret) => new Needles([secret], null).in(row));
    for (const secret of found) secret.inDataset = true;
    this.sharpen();
    return found.map(({ key }) => key);
  }

  everyday(): string[] {
    const keys = [...this.known.values()].flatMap(({ key, value }) =>
      key !== '' && staysInContent(value) ? key : [],
    );
    return [...new Set(keys)];
  }

  /** Secrets that are removed from content. */
  private inContent(): Known[] {
    return [...this.known.values()].filter(
      ({ strength, inDataset }) => !inDataset && (strength === 'strong' || strength === 'credential'),
    );
  }

  private sharpen(): void {
    const content = this.inContent();
    const credentials = content.filter(({ strength }) => strength === 'credential');
    const keys = new Needles(credentials, null);
    this.strong = new Needles(content, keys);
    this.all = new Needles(
      [...this.known.values()].filter(({ strength }) => strength !== 'none'),
      keys,
    );
  }
}

/** A redactor for these secret values, in plain form and as URL-, form-, base64-, hex- and JSON-escaped. */
export function createRedactor(secrets: readonly (string | NamedSecret)[] = []): Redactor {
  const redactor = new ValueRedactor();
  redactor.add(secrets);
  return redactor;
}
