import type { Value } from '../grammar/index.js';
import { Dict } from '../grammar/index.js';
import type { Override } from '../override/parse-override.js';
import { isSecretKey, MASK } from './secret-keys.js';
import { maskUrls } from './text.js';

/** An override as it may be shown: the value of a secret key is masked, as is a value that holds one. */
export function maskArgument(override: Override): string {
  const { text, key, value } = override;
  const secret = key.split(/[./]/).some(isSecretKey) || (value !== undefined && holdsSecret(value));
  const equals = text.indexOf('=');
  return secret && equals >= 0 ? `${text.slice(0, equals + 1)}${MASK}` : maskUrls(text);
}

function holdsSecret(value: Value): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!(value instanceof Dict)) return false;
  return value.entries.some((entry) => isSecretKey(String(entry.key)) || holdsSecret(entry.value));
}
