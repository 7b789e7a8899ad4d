/** What a masked value is shown as. */
export const MASK = '****';

/** Names that are a credential wherever they end a key; compared in lower case with `-` as `_`. */
const SECRET_ENDINGS = [
  'apikey',
  'api_key',
  'api_keys',
  'access_key',
  'access_key_id',
  'secret_key',
  'private_key',
  'signing_key',
  'encryption_key',
  'subscription_key',
  'account_key',
  'token',
  'api_tokens',
  'access_tokens',
  'auth_tokens',
  'secret',
  'secrets',
  'password',
  'passwd',
  'passphrase',
  'authorization',
  'auth_header',
  'credential',
  'credentials',
  'cookie',
];

/** Headers that say what a body is or which program asks: their values may be seen. */
const PLAIN_HEADERS =
  /^(?:accept|accept-(?:encoding|language)|content-type|user-agent|anthropic-(?:version|beta)|openai-beta|http-referer|x-title)$/i;

/**
 * Whether the value of a header is masked where a configuration is shown. Gateways take keys under names of their
 * own, so only names that are known to be harmless are not.
 */
export function isSecretHeader(name: string): boolean {
  return !PLAIN_HEADERS.test(name);
}

/** Whether a key holds headers by name: `default_headers`, `openai_default_headers`, `headers`. */
export function holdsHeaders(key: string): boolean {
  return /(?:^|_)headers$/i.test(key);
}

/** Whether a value at this path is masked: under a secret key, or the value of a header. */
export function isSecretPath(path: readonly string[]): boolean {
  return path.some(
    (key, i) => isSecretKey(key) || (i > 0 && holdsHeaders(path[i - 1]!) && isSecretHeader(key)),
  );
}

/** A `…_token` with one of these words before it is a piece of text or a count, not a credential. */
const VOCABULARY =
  /(?:^|_)(?:eos|bos|pad|unk|sep|cls|mask|stop|start|end|begin|think|thinking|special|abstention|image|audio|video|per|max|min|num|first|last|next|new|prompt|completion|input|output|separator|answer|no|each|by)_token$/;

/**
 * Whether a key names a credential: `api_key`, `hf_token`, `client_secret`, `Authorization`. Names such as
 * `max_output_tokens`, `tokenizer`, `eos_token` and `monkey` do not, unlike in the reference.
 */
export function isSecretKey(key: string): boolean {
  const name = key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll('-', '_');
  if (VOCABULARY.test(name)) return false;
  return SECRET_ENDINGS.some((ending) => name === ending || name.endsWith(`_${ending}`));
}
