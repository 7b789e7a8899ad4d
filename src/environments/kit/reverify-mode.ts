import type { ReverifyMode } from '../../protocol/index.js';
import type { EnvironmentSpec } from './environment-spec.js';

/**
 * Whether stored replies can be verified again, as far as the definition shows. A session is made anew from the row;
 * what is missing then is what the tools did to it.
 */
export function reverifyModeOf(spec: EnvironmentSpec<unknown, unknown, unknown, never>): ReverifyMode {
  if (spec.reverifyMode !== undefined) return spec.reverifyMode;
  if (spec.verify === undefined) return 'unsupported';
  const stateless =
    spec.open === undefined ||
    Object.keys(spec.tools ?? {}).length === 0 ||
    !takesSession(String(Reflect.get(spec, 'verify')));
  return stateless ? 'stateless' : 'unknown';
}

/**
 * Whether a verifier can reach the session: it can unless its parameter is taken apart by name, without `session` and
 * without the rest. Read from its text; when in doubt it can.
 */
function takesSession(source: string): boolean {
  const text = source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
  if (/\barguments\b|\[native code\]/.test(text)) return true;
  const start = text.indexOf('(');
  const arrow = text.indexOf('=>');
  // `played => …`: one parameter without parentheses.
  if (start < 0 || (arrow >= 0 && arrow < start)) return true;
  const parameters = text.slice(start + 1).trimStart();
  if (parameters.startsWith(')')) return false;
  if (!parameters.startsWith('{')) return true;
  const names = parameters.slice(1, closing(parameters));
  return /\.\.\.|\bsession\b|\[/.test(names);
}

/** Where the brace that opens a text is closed. */
function closing(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '{') depth += 1;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return text.length;
}
