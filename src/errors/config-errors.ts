import { NgError } from './ng-error.js';

/** Mistakes in configuration files, overrides and environment values. Re-exported by the catalogue. */

/** A token with a mark under the column where it goes wrong. */
function marked(text: string, column: number): string {
  // Control characters would move the mark.
  // eslint-disable-next-line no-control-regex -- they are what is being replaced
  const shown = text.replace(/[\u0000-\u001f]/g, ' ');
  return `    ${shown}\n    ${' '.repeat(column)}^`;
}

export function configOverrideSyntax(token: string, column: number, problem: string, fix: string): NgError {
  return new NgError(
    'CONFIG_OVERRIDE_SYNTAX',
    `Cannot read the argument: ${problem}.\n${marked(token, column)}`,
    fix,
    { column: column + 1 },
  );
}
