import { z } from 'zod';
import { errors } from '../../errors/index.js';
import { describeProblems } from '../kit/problems.js';

const common = {
  /** One connection for all episodes; default: one per episode, so that no state passes between them. */
  shared: z.boolean().default(false),
};

const schema = z.union(
  [
    z.strictObject({
      url: z.url({ protocol: /^https?$/ }),
      headers: z.record(z.string(), z.string()).default({}),
      ...common,
    }),
    z.strictObject({
      command: z.string().min(1),
      args: z.array(z.string()).default([]),
      env: z.record(z.string(), z.string()).default({}),
      cwd: z.string().optional(),
      ...common,
    }),
  ],
  { error: 'must have a "url" (streamable HTTP), or a "command" with "args" (stdio)' },
);

export type McpSettings = z.infer<typeof schema>;

/** Reads a block's `mcp_server`. Throws NgError when it does not fit. */
export function mcpSettings(instance: string, value: unknown): McpSettings {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = describeProblems(parsed.error).map((problem) => `mcp_server: ${problem}`);
  throw errors.environmentConfigInvalid(instance, 'mcp_server', problems);
}
