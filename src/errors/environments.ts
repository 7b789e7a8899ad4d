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

/** A prompt that is NeMo Gym's, or the user's own, and lies in none of the folders. */
export function promptNotFound(environment: string, file: string, candidates: readonly string[]): NgError {
  return new NgError(
    'PROMPT_NOT_FOUND',
    `Environment "${environment}" asks its judge with the prompt in "${file}", which is not there. Looked at:\n${candidates.map((line) => `  - ${line}`).join('\n')}`,
    "The prompts of NeMo Gym come with its package. Install it (pip install nemo-gym), or unpack its wheel: ng env add nemo_gym-0.7.0-py3-none-any.whl. Or name a prompt of your own in the server's block; the environment's README has the key.",
  );
}

/** A file that a server needs beside its block. */
export function serverFileNotFound(
  environment: string,
  file: string,
  candidates: readonly string[],
): NgError {
  return new NgError(
    'SERVER_FILE_NOT_FOUND',
    `Environment "${environment}" needs the file "${file}", which is not there. Looked at:\n${candidates.map((line) => `  - ${line}`).join('\n')}`,
    "The files of NeMo Gym come with its package. Install it (pip install nemo-gym), or unpack its wheel: ng env add nemo_gym-0.7.0-py3-none-any.whl. Or name a file of your own in the server's block; the environment's README has the key.",
  );
}

/** A file of prompts that is there, and in which the prompt is not. */
export function promptUnreadable(environment: string, file: string, reason: string): NgError {
  return new NgError(
    'PROMPT_UNREADABLE',
    `Environment "${environment}" cannot read its judge's prompt from ${file}: ${reason}`,
    "Unpack the wheel of NeMo Gym 0.7.0 (ng env add nemo_gym-0.7.0-py3-none-any.whl), or name a prompt of your own in the server's block; the environment's README has the key.",
  );
}
