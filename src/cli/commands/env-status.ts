import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { textTable } from '../text-table.js';

/** `ng env status`: exit code 1 when the head server or any server does not answer. */
export const run: Run = async ({ host, json, overrides }) => {
  const { resolveConfig, serversStatus } = await import('../../index.js');
  const resolved = await resolveConfig({ overrides, cwd: host.cwd, env: host.env });
  const status = await serversStatus(resolved);
  if (json || resolved.values['json'] === true) {
    host.stdout.write(`${JSON.stringify(status.servers)}\n`);
    if (status.error !== null) host.stderr.write(`no head server: ${status.error}\n`);
    return status.healthy ? EXIT.complete : EXIT.checkFailed;
  }
  if (status.error !== null) {
    host.stderr.write(
      `No servers are running: ${status.error}\n` +
        '  fix: start them with ng_run, or say where they are: ++head_server.host=… ++head_server.port=…\n',
    );
    return EXIT.checkFailed;
  }
  const rows = status.servers.map((server) => [
    server.process_name,
    `${server.server_type}/${server.name}`,
    server.url,
    server.status === 'success' ? 'ready' : (server.status ?? 'unknown'),
    server.uptime_seconds === null ? '' : uptime(server.uptime_seconds),
  ]);
  host.stdout.write(textTable(['name', 'type', 'address', 'state', 'up'], rows));
  const down = status.servers.filter((server) => server.status !== 'success').length;
  const healthy = status.servers.length - down;
  host.stdout.write(`${status.servers.length} servers: ${healthy} ready, ${down} down\n`);
  return status.healthy ? EXIT.complete : EXIT.checkFailed;
};

/** `93784` → `1d 2h 3m 4s`; leading zero units are left out. */
function uptime(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3_600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  return parts
    .slice(first === -1 ? 3 : first)
    .map(([value, unit]) => `${value}${unit}`)
    .join(' ');
}
