import { NgError, type Where } from './ng-error.js';

const FORM =
  'A key is 32 random bytes, as base64 or as 64 hexadecimal digits: "openssl rand -base64 32" makes one.';

/** `from`: a variable or a file; never the text itself. */
export function masterKeyInvalid(from: string): NgError {
  return new NgError('PLATFORM_KEY_INVALID', `The master key in ${from} is not a key.`, FORM, { key: from });
}

export function masterKeyUnreadable(file: string, cause: unknown): NgError {
  return new NgError(
    'PLATFORM_KEY_UNREADABLE',
    `The file of the master key cannot be read: ${file}.`,
    'Put it back (the secrets in the database cannot be opened without it), or name it in NGYM_MASTER_KEY_FILE.',
    { file },
    { cause },
  );
}

export function masterKeyOpen(file: string, mode: number): NgError {
  return new NgError(
    'PLATFORM_KEY_OPEN',
    `The file of the master key can be read by other users (mode ${mode.toString(8)}): ${file}.`,
    `Run "chmod 600 ${file}"; if somebody may have read it, make another key and rotate.`,
    { file },
  );
}

export function masterKeyCommandFailed(program: string, cause: unknown): NgError {
  return new NgError(
    'PLATFORM_KEY_COMMAND',
    `The program in NGYM_MASTER_KEY_COMMAND gave no key: ${program}.`,
    'Run it by hand: it must print the key and end with exit code 0 within 30 seconds.',
    { key: 'NGYM_MASTER_KEY_COMMAND' },
    { cause },
  );
}

export function masterKeyWrong(secret: string): NgError {
  return new NgError(
    'PLATFORM_KEY_WRONG',
    `The secrets in the database were sealed by another master key: "${secret}" cannot be opened.`,
    'Give the key that was used before as NGYM_MASTER_KEY_PREVIOUS, or put back the file of the key.',
    { key: 'NGYM_MASTER_KEY' },
  );
}

/** `id`: `workspace/name`; `why`: in the words of the platform. */
export function platformNameUnusable(kind: string, id: string, where: string, why: string): NgError {
  return new NgError(
    'PLATFORM_NAME_UNUSABLE',
    `${kind}: ${id} cannot be asked through ${where}: ${why}.`,
    kind === 'provider'
      ? '"ng inference providers list" tells what is there; the workspace stands before the name: "default/my-provider".'
      : '"ng inference virtual-models list" tells what is there; the workspace stands before the name: "default/my-model".',
    { key: kind },
  );
}

/** A platform on another machine that does not answer, or one that lets nobody in. */
export function platformUnreachable(where: string, why: string): NgError {
  return new NgError(
    'PLATFORM_UNREACHABLE',
    `The platform at ${where} cannot be asked: ${why}`,
    'Start it, or name another with NMP_BASE_URL or "ng config set --base-url …"; NMP_ACCESS_TOKEN is its token.',
    { key: 'NMP_BASE_URL' },
  );
}

export function platformTokenShort(least: number): NgError {
  return new NgError(
    'PLATFORM_TOKEN_SHORT',
    'The token in NGYM_PLATFORM_TOKEN is too short.',
    `Give it at least ${least} characters: "openssl rand -hex 32" makes one.`,
    { key: 'NGYM_PLATFORM_TOKEN' },
  );
}

export function platformOptionInvalid(option: string, wanted: string): NgError {
  return new NgError(
    'PLATFORM_OPTION_INVALID',
    `${option} is not ${wanted}.`,
    `Give it ${wanted}: "${option} …".`,
    {
      key: option,
    },
  );
}

export function middlewareFileNotFound(file: string): NgError {
  return new NgError(
    'MIDDLEWARE_FILE_NOT_FOUND',
    `There is no middleware file "${file}".`,
    'Give the path relative to the working directory, or an absolute one: "--middleware ./my-middleware.ts".',
    { file },
  );
}

export function middlewareFileFailed(message: string, where: Where, cause: Error): NgError {
  return new NgError(
    'MIDDLEWARE_FILE_FAILED',
    `The middleware file could not be loaded: ${message}`,
    'Correct the file at this place; the platform was not started.',
    where,
    { cause },
  );
}

export function middlewareFileExport(file: string, found: readonly string[]): NgError {
  return new NgError(
    'MIDDLEWARE_FILE_EXPORT',
    `The file exports no middleware${found.length === 0 ? '' : ` (only ${found.join(', ')})`}.`,
    "Add: import { defineMiddleware } from 'ngym'; export default defineMiddleware({ name, open });",
    { file },
  );
}

export function middlewareNameTaken(file: string, name: string): NgError {
  return new NgError(
    'MIDDLEWARE_NAME_TAKEN',
    `The middleware in the file is called "${name}", which is the name of one that ships.`,
    'Give it another name.',
    { file, key: 'name' },
  );
}

/** Another address than this machine's own needs a token. */
export function platformNeedsToken(host: string): NgError {
  return new NgError(
    'PLATFORM_TOKEN_NEEDED',
    `The platform would listen on ${host}, which other machines can reach, without a token.`,
    'Set NGYM_PLATFORM_TOKEN (at least 16 characters), or leave --host at 127.0.0.1.',
    { key: 'NGYM_PLATFORM_TOKEN' },
  );
}

export function deploymentKindUnknown(kind: string, known: readonly string[]): NgError {
  return new NgError(
    'DEPLOYMENT_KIND_UNKNOWN',
    `--deployments names "${kind}", which is no way of running deployments.`,
    `Give one or more of ${known.join(', ')}, separated by commas.`,
    { key: '--deployments' },
  );
}

/** Whoever can ask the platform can start these programs: their names are given, never guessed. */
export function deploymentPrograms(): NgError {
  return new NgError(
    'DEPLOYMENT_PROGRAMS',
    '--deployments process and --allow-programs go together: which programs deployments may start is for you to say.',
    'Give both: "--deployments process --allow-programs llama-server,vllm"; "*" allows every program.',
    { key: '--allow-programs' },
  );
}

export function dockerHostUnsupported(host: string): NgError {
  return new NgError(
    'DOCKER_HOST_UNSUPPORTED',
    `DOCKER_HOST is not a socket of this machine: ${host}.`,
    'Give it as "unix:///path/to/docker.sock", or leave it out for /var/run/docker.sock.',
    { key: 'DOCKER_HOST' },
  );
}
