import { NgError } from './ng-error.js';

export function clientUsage(message: string, command: string): NgError {
  const help = command === '' ? 'ng platform --help' : `ng ${command} --help`;
  return new NgError('CLIENT_USAGE', message, `See "${help}".`);
}

export function clientConfigUnreadable(file: string, reason: string): NgError {
  return new NgError(
    'CLIENT_CONFIG_UNREADABLE',
    `The client's configuration cannot be read: ${reason}.`,
    'Correct the file, or remove it and run "ng config set --base-url http://127.0.0.1:8080" again.',
    { file },
  );
}

export function contextUnknown(name: string, known: readonly string[]): NgError {
  return new NgError(
    'CLIENT_CONTEXT_UNKNOWN',
    `There is no context "${name}" in the client's configuration.`,
    known.length === 0
      ? 'Make it with "ng config set --base-url … --context …".'
      : `Known are: ${known.join(', ')}.`,
    { key: name },
  );
}
