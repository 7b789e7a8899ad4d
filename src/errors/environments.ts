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

export function environmentNameInvalid(name: string): NgError {
  return new NgError(
    'ENVIRONMENT_NAME_INVALID',
    `"${name}" cannot be the name of an environment.`,
    'Use small letters, digits and "_", the first a letter, e.g. my_environment.',
  );
}

/** The name of one that is built in. */
export function environmentNameTaken(name: string): NgError {
  return new NgError(
    'ENVIRONMENT_NAME_TAKEN',
    `There is an environment "${name}" already: it is built in.`,
    `Choose another name, or see the one that is there: ng list environments ${name}`,
  );
}

export function environmentFolderThere(folder: string): NgError {
  return new NgError(
    'ENVIRONMENT_FOLDER_THERE',
    `There is a folder ${folder} already; nothing was written.`,
    'Choose another name, or move the folder away.',
    { file: folder },
  );
}

/** A line of an environment's cases, rows or rollouts. */
export function trialLineUnreadable(file: string, line: number, reason: string): NgError {
  return new NgError(
    'ENVIRONMENT_CASE_UNREADABLE',
    `The line cannot be played: ${reason}.`,
    'Correct the line: one JSON object each; docs/environments.md has the keys.',
    { file, line },
  );
}

export function rowSchemaUnknown(name: string): NgError {
  return new NgError(
    'ENVIRONMENT_ROW_SCHEMA_UNKNOWN',
    `Environment "${name}" does not say what a row must be.`,
    'Give "row" to defineEnvironment, a zod schema; a program of your own says it in GET /openapi.json, as the body of POST /verify.',
  );
}

/** `env test` or `env schema` without a name. */
export function environmentNotNamed(command: string): NgError {
  return new NgError(
    'ENVIRONMENT_NOT_NAMED',
    `"ng ${command}" needs the name of an environment.`,
    `Give it as "ng ${command} NAME"; "ng list environments" has all of them.`,
  );
}

/** `env test --all` where there is nothing of the user's own. */
export function noEnvironmentsToTest(folder: string): NgError {
  return new NgError(
    'ENVIRONMENTS_NONE_TO_TEST',
    `No environment in ${folder} has cases (tests/cases.jsonl).`,
    'Make one with "ng env init NAME", or name one: "ng env test NAME".',
    { file: folder },
  );
}
