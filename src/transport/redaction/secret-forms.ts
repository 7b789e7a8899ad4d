/** Shorter texts are no trace of a secret. Unit: characters. */
const MIN_FORM = 6;

/** How a secret can be written: plain, and as URL-, form-, base64-, hex- and JSON-escaped. */
export function formsOf(secret: string): string[] {
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
  ].filter((form) => form.length >= MIN_FORM);
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
