import { NgError } from './ng-error.js';

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

export function environmentFileFailed(file: string, cause: Error): NgError {
  return new NgError(
    'ENVIRONMENT_FILE_FAILED',
    `The environment file could not be loaded: ${cause.name}: ${cause.message}`,
    'Correct the file; "node <file>" shows where it fails.',
    { file },
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

export function typescriptMissing(file: string, nodeVersion: string): NgError {
  return new NgError(
    'TYPESCRIPT_MISSING',
    `Node ${nodeVersion} cannot read TypeScript on its own, and no compiler is installed.`,
    'Run "npm install typescript", or use Node 22.18 or later, or write the file in JavaScript (.mjs).',
    { file },
  );
}
