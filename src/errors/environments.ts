import { NgError } from './ng-error.js';
import type { Where } from './ng-error.js';

export function environmentConfigInvalid(
  instance: string,
  implementation: string,
  problems: readonly string[],
): NgError {
  return new NgError(
    'ENVIRONMENT_CONFIG_INVALID',
    `The configuration of environment "${instance}" does not fit "${implementation}":\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    `Correct these keys under ${instance}.resources_servers.${implementation}.`,
    { key: `${instance}.resources_servers.${implementation}` },
  );
}

/** A user's own environment file. `candidates` are the absolute paths that were tried. */
export function environmentFileNotFound(entrypoint: string, candidates: readonly string[]): NgError {
  return new NgError(
    'ENVIRONMENT_FILE_NOT_FOUND',
    `There is no environment file "${entrypoint}". Looked at:\n${candidates.map((line) => `  - ${line}`).join('\n')}`,
    'Give the path relative to the working directory, or an absolute one, as "entrypoint" of the resources server.',
  );
}

/** What a user can do about a file that does not load, by what was said about it. */
function loadHint(message: string): string {
  const missing = /Cannot find package '([^']+)'/.exec(message)?.[1];
  if (missing !== undefined) return `Install it beside the file: npm install ${missing}`;
  if (message.includes('does not provide an export named')) {
    return 'Correct the name; if it is a type, import it with "import type".';
  }
  if (/Cannot find module/.test(message)) return 'Correct the path of the import.';
  if (message.startsWith('SyntaxError')) return 'Correct the syntax there.';
  return 'Correct the file: this is what it throws when it is imported.';
}

/** A user's own file that cannot be imported. `message` begins with the name of the error. */
export function environmentFileFailed(message: string, where: Where, cause: Error): NgError {
  return new NgError(
    'ENVIRONMENT_FILE_FAILED',
    `The environment file could not be loaded: ${message}`,
    loadHint(message),
    where,
    { cause },
  );
}

export function environmentFileExport(file: string, found: readonly string[]): NgError {
  return new NgError(
    'ENVIRONMENT_FILE_EXPORT',
    `The file exports no environment${found.length === 0 ? '' : ` (only ${found.join(', ')})`}.`,
    "Add: import { defineEnvironment } from 'ngym'; export default defineEnvironment({ name, tools, verify });",
    { file },
  );
}
