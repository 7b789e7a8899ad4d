import { isIP, BlockList } from 'node:net';

/** Addresses from which clouds give out credentials, and those that only a machine's own link has. */
const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet('169.254.0.0', 16, 'ipv4');
FORBIDDEN.addAddress('100.100.100.200', 'ipv4');
FORBIDDEN.addAddress('192.0.0.192', 'ipv4');
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6');
FORBIDDEN.addAddress('fd00:ec2::254', 'ipv6');
const NAMES: ReadonlySet<string> = new Set(['metadata.google.internal', 'metadata', 'instance-data']);

/** True for a host that no provider may have. `allowed`: the hosts that may be asked; null: all others. */
export function isForbiddenHost(hostname: string, allowed: readonly string[] | null): boolean {
  const host = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  if (allowed !== null) return !allowed.some((each) => matches(host, each.toLowerCase()));
  const kind = isIP(host);
  if (kind === 0) return NAMES.has(host);
  const mapped = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]+):([0-9a-f]+))$/.exec(host);
  if (mapped !== null) return FORBIDDEN.check(dotted(mapped), 'ipv4');
  return FORBIDDEN.check(host, kind === 4 ? 'ipv4' : 'ipv6');
}

function dotted([, plain, high = '0', low = '0']: RegExpExecArray): string {
  if (plain !== undefined) return plain;
  const words = [parseInt(high, 16), parseInt(low, 16)];
  return words.flatMap((word) => [word >> 8, word & 255]).join('.');
}

/** `*.example.com` stands for every name below it. */
function matches(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}
