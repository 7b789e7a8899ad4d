import type { Value } from '../grammar/index.js';
import { Dict } from '../grammar/index.js';
import type { Override } from '../override/parse-override.js';
import { isSecretPath, MASK } from './secret-keys.js';
import { maskUrls } from './text.js';

/** An override as it may be shown: the value of a secret key is masked, as is a value that holds one. */
export function maskArgument(override: Override): string {
  const { text, key, value } = override;
  const path = key.split(/[./]/);
  const secret = isSecretPath(path) || (value !== undefined && holdsSecret(value, path));
  const equals = text.indexOf('=');
  return secret && equals >= 0 ? `${text.slice(0, equals + 1)}${MASK}` : maskUrls(text);
}

function holdsSecret(value: Value, path: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((item) => holdsSecret(item, path));
  if (!(value instanceof Dict)) return false;
  return value.entries.some((entry) => {
    const below = [...path.slice(-1), String(entry.key)];
    return isSecretPath(below) || holdsSecret(entry.value, below);
  });
}
