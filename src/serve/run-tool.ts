import type { Call, Environment, ToolResult } from '../protocol/index.js';

/** Runs a tool and tells, where that is known, whether it failed. */
export async function runTool(
  environment: Environment,
  opened: unknown,
  name: string,
  args: unknown,
  call: Call,
): Promise<ToolResult> {
  if (environment.runTool !== undefined) return environment.runTool(opened, name, args, call);
  return { output: await environment.callTool(opened, name, args, call), failed: false };
}
