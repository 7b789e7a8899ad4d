import { NgError } from '../../errors/index.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';

/** `ng env validate`: everything that can be known about a configuration without sending anything. */
export const run: Run = async ({ overrides, json, host }) => {
  const { inspectConfig } = await import('../../index.js');
  try {
    const { servers, warnings } = await inspectConfig({ overrides, cwd: host.cwd, env: host.env });
    if (json) {
      host.stdout.write(`${JSON.stringify({ valid: true, servers, warnings }, null, 2)}\n`);
    } else {
      for (const warning of warnings) host.stderr.write(`warning: ${warning}\n`);
      const names = servers.map(({ name, implementation }) => `${name} (${implementation})`).join(', ');
      host.stdout.write(`valid: ${servers.length === 0 ? 'no servers' : names}\n`);
    }
    return EXIT.complete;
  } catch (thrown) {
    if (!json || !(thrown instanceof NgError)) throw thrown;
    const { code, message, hint, where } = thrown;
    const error = { code, message, fix: hint, where };
    host.stdout.write(`${JSON.stringify({ valid: false, error }, null, 2)}\n`);
    return EXIT.usage;
  }
};
