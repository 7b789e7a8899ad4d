import { maskSourceLine } from '../redact/index.js';

/** The line of a document that a message shows, without what may be a secret in it. */
export function sourceLine(text: string, { line, column }: { line: number; column: number }): string {
  return maskSourceLine(text.split(/\r?\n/)[line - 1] ?? '', column - 1);
}
