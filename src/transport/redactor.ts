/** Removes known secret values from whatever is about to be written or shown. */
export interface Redactor {
  /** The text with every secret replaced by `***`. Texts without one are returned as they are. */
  text(text: string): string;
  /** Adds values that became known later. */
  add(secrets: readonly string[]): void;
}

/** Shorter values, and words that people put where no key is needed, are not secrets. */
const MIN_LENGTH = 6;
const PLACEHOLDERS = new Set([
  'embedded',
  'not-needed',
  'no-key-required',
  'sk-no-key-required',
  'changeme',
  'your-api-key',
  'api-key',
  'apikey',
  'secret',
  'password',
  'policy',
  'dummy_key',
  'dummy-key',
  'dummykey',
  'placeholder',
]);

const MASK = '***';

/** A redactor for these secret values, in plain form and as URL-, form-, base64-, hex- and JSON-escaped. */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const known = new Set<string>();
  let pattern: RegExp | undefined;

  function add(more: readonly string[]): void {
    const before = known.size;
    for (const secret of more) {
      if (secret.trim().length >= MIN_LENGTH && !PLACEHOLDERS.has(secret.toLowerCase())) known.add(secret);
    }
    if (known.size !== before) pattern = patternFor([...known]);
  }

  add(secrets);
  return {
    add,
    text: (text) => (pattern === undefined ? text : text.replace(pattern, MASK)),
  };
}

function patternFor(secrets: readonly string[]): RegExp {
  const forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return new RegExp(forms.map(escapeRegExp).join('|'), 'g');
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function formsOf(secret: string): string[] {
  const trimmed = secret.trim();
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  return [
    secret,
    trimmed,
    json,
    JSON.stringify(json).slice(1, -1),
    asciiJson(secret),
    json.replaceAll('/', '\\/'),
    url,
    url.toLowerCase(),
    url.replaceAll('%20', '+'),
    encodeURIComponent(url),
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret).toString('hex').toUpperCase(),
    ...base64Forms(secret),
  ].filter((form) => form.length >= MIN_LENGTH);
}

/** JSON with every character beyond ASCII as `\uXXXX`, as Python writes it. */
function asciiJson(secret: string): string {
  return JSON.stringify(secret)
    .slice(1, -1)
    .replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * The characters of base64 text that depend on the secret alone, for each of the three places at which it can
 * begin inside a longer encoded text (`user:secret`, a whole header, a body).
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const start = shift === 0 ? 0 : shift + 1;
    const bits = (shift + bytes.length) * 8;
    const core = padded.slice(start, Math.floor(bits / 6));
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
