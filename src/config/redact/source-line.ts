import { isSecretKey } from './secret-keys.js';

/**
 * A line of a file or an argument as an error may show it: the value of a secret key is replaced letter by
 * letter, so that a mark under a column still points to the right place; that one character stays.
 */
export function maskSourceLine(line: string, column: number): string {
  const found = /^([\s+~-]*)([^\s=:]+)\s*[=:]/.exec(line);
  if (found === null || !found[2]!.split(/[./]/).some((part) => isSecretKey(part.replaceAll(/['"]/g, '')))) {
    return line;
  }
  const start = found[0].length;
  return line.replace(/\S/g, (char, index: number) => (index < start || index === column ? char : '*'));
}
