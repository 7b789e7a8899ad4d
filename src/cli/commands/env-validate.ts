import { NgError } from '../../errors/index.js';
import type { Finding } from '../../index.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import type { Host } from '../host.js';

/** `ng env validate`: everything that can be known about a configuration without sending anything. */
export const run: Run = async ({ overrides, json, host }) => {
  const { inspectConfig } = await import('../../index.js');
  try {
    const { resolved, findings } = await inspectConfig({ overrides, cwd: host.cwd, env: host.env });
    const servers = resolved.servers.map(({ name, type, implementation }) => ({
      name,
      type,
      implementation,
    }));
    const failed = findings.some(({ level }) => level === 'error');
    if (json) print(host, { valid: !failed, servers, findings, warnings: resolved.warnings });
    else tell(host, servers, resolved.warnings, findings);
    return failed ? EXIT.usage : EXIT.complete;
  } catch (thrown) {
    if (!json || !(thrown instanceof NgError)) throw thrown;
    const { code, message, hint, where } = thrown;
    print(host, { valid: false, error: { code, message, fix: hint, where } });
    return EXIT.usage;
  }
};

function print(host: Host, report: object): void {
  host.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

function tell(
  host: Host,
  servers: readonly { name: string; implementation: string }[],
  warnings: readonly string[],
  findings: readonly Finding[],
): void {
  for (const warning of warnings) host.stderr.write(`warning: ${warning}\n`);
  for (const { level, message, place, hint } of findings) {
    const at = place === undefined ? '' : `  at ${place}\n`;
    host.stderr.write(`${level}: ${message}\n${at}${hint === '' ? '' : `  fix: ${hint}\n`}`);
  }
  if (findings.some(({ level }) => level === 'error')) return;
  const names = servers.map(({ name, implementation }) => `${name} (${implementation})`).join(', ');
  host.stdout.write(`valid: ${names === '' ? 'no servers' : names}\n`);
}
