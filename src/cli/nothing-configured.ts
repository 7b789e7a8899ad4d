import path from 'node:path';
import { errors, type NgError } from '../errors/index.js';
import type { ResolvedConfig } from '../index.js';
import type { Invocation } from './command.js';

/**
 * The error for a run without agents where no head server answers either. Without any config file it names the one
 * that defines the agent, for those who are used to servers that were started before.
 */
export async function nothingConfigured(
  { host }: Invocation,
  { values, roots }: ResolvedConfig,
  noHead: NgError,
): Promise<NgError> {
  const given = values['config_paths'];
  if (Array.isArray(given) && given.length > 0) return errors.noAgentConfigured(given.map(String), noHead);
  const { listComponents } = await import('../index.js');
  const agent = typeof values['agent_name'] === 'string' ? values['agent_name'] : undefined;
  const found = (await listComponents('agents', host)).find(({ row }) => row['name'] === agent);
  const file = (found?.detail.details['configs'] as string[] | undefined)?.[0];
  const root = roots.find((candidate) => file?.startsWith(candidate + path.sep));
  return errors.nothingConfigured(agent, file && root ? path.relative(root, file) : file, noHead);
}
