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
