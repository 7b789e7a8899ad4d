import type { CommandSpec } from './command.js';

/** What every command's flags stand for; ends the help of `ng` itself. */
export const ROOT_HELP = `
Flags are short for overrides: "--limit 5" is "+limit=5". Any key of the configuration can be set that way:
  +key=value  ++key=value  ~key

The older names (ng_collect_rollouts, ng_run, ng_dump_config, …) take the same flags and overrides.
Try it without a key or a network: npm run quickstart`;

/** Parameters without a flag, and examples: the end of a command's help. */
export function helpAfter(spec: CommandSpec): string {
  const parts: string[] = [];
  if (spec.positional) parts.push('', 'Arguments:', `  ${spec.positional.name}  ${spec.positional.summary}`);
  if (spec.parameters) {
    const width = Math.max(...spec.parameters.map(({ key }) => key.length));
    parts.push('', 'Parameters without a flag, given as +key=value:');
    for (const { key, type, summary } of spec.parameters) {
      parts.push(`  ${key.padEnd(width)}  ${summary} (${type})`);
    }
  }
  if (spec.examples) parts.push('', 'Example:', ...spec.examples.map((line) => `  ${line}`));
  return parts.length === 0 ? '' : parts.join('\n');
}
