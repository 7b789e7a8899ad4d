import type { CommandSpec } from '../../src/cli/command.js';
import { COMMANDS, GROUPS } from '../../src/cli/command-table.js';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return ['', ...lines];
}

/** What an override or a flag sets, as far as it is one key. */
function sets({ effect }: CommandSpec['flags'][number]): string {
  if ('key' in effect) return code(`+${effect.key}`);
  if (effect.kind === 'config' || effect.kind === 'asset') return code('+config_paths');
  return '';
}

function section(spec: CommandSpec): string[] {
  const { path, summary, flags, parameters = [], positional, second } = spec;
  const words = [positional, second].filter((word) => word !== undefined);
  const usage = ['ng', ...path, ...words.map(({ name }) => name.toUpperCase())].join(' ');
  return [
    '',
    `### ${code(usage)}`,
    '',
    `${summary[0]!.toUpperCase()}${cell(summary.slice(1))}.`,
    ...table(
      ['argument', 'meaning'],
      words.map(({ name, summary: text }) => [code(name.toUpperCase()), cell(text)]),
    ),
    ...table(
      ['flag', 'sets', 'meaning'],
      flags.map((flag) => [code(flag.flags), sets(flag), cell(flag.summary)]),
    ),
    ...table(
      ['parameter', 'type', 'meaning'],
      parameters.map(({ key, type, summary: text }) => [code(`+${key}`), cell(type), cell(text)]),
    ),
  ];
}

/** docs/command-reference.md: every command, flag and parameter of the command table. */
export function commandReference(): string {
  const groups = Object.entries(GROUPS).flatMap(([group, about]) => [
    '',
    `## ${code(`ng ${group}`)}: ${about}`,
    ...COMMANDS.filter(({ path }) => path[0] === group).flatMap(section),
  ]);
  return [
    '# Command reference',
    '',
    'Every command with its flags and parameters, made from the command table of the program (`npx vitest run test/docs/commands.test.ts -u`). A flag is short for the override in the second column; parameters have no flag and are given as `+key=value`. `-h` and `-v` (`--verbose`) go with every command. [Commands](commands.md) explains how they work together.',
    ...groups,
    '',
  ].join('\n');
}
