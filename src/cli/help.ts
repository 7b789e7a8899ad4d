import type { CommandSpec } from './command.js';

/** `ng --help`: every command on one line. */
export function rootHelp(commands: readonly CommandSpec[]): string {
  const listed = commands.filter(({ hidden }) => hidden !== true);
  const width = Math.max(...listed.map(({ path }) => path.join(' ').length));
  return [
    'Usage: ng <command> [options] [+key=value …]',
    '',
    'Turns a dataset into scored rollouts, in one process, against any model provider.',
    '',
    'Commands:',
    ...listed.map(({ path, summary }) => `  ng ${path.join(' ').padEnd(width)}  ${summary}`),
    '',
    'Words of the platform’s client, each with --help: secrets, inference, models, chat, wait, config, workspaces.',
    '',
    'Options:',
    '  -h, --help            this text, or the help of a command',
    '  -v, --verbose         more detail on stderr',
    '  --version [--json]    the version, or with --json what a bug report needs',
    '',
    'Flags are short for overrides: "--limit 5" is "+limit=5". Every key of the configuration can be set so:',
    '+key=value adds or replaces, ~key removes one given before. The older names (ng_collect_rollouts,',
    'ng_dump_config, ng_validate, …) take the same flags and overrides.',
    '',
  ].join('\n');
}

/** Parameters without a flag, and examples: the end of a command's help. */
export function helpAfter(spec: CommandSpec): string {
  const parts: string[] = [];
  const words = [spec.positional, spec.second].filter((word) => word !== undefined);
  if (words.length > 0)
    parts.push('', 'Arguments:', ...words.map(({ name, summary }) => `  ${name}  ${summary}`));
  if (spec.parameters) {
    const width = Math.max(...spec.parameters.map(({ key }) => key.length));
    parts.push('', 'Parameters without a flag, given as +key=value:');
    for (const { key, type, summary } of spec.parameters) {
      parts.push(`  ${key.padEnd(width)}  ${summary} (${type})`);
    }
  }
  if (spec.examples) parts.push('', 'Example:', ...spec.examples.map((line) => `  ${line}`));
  return parts.join('\n');
}
