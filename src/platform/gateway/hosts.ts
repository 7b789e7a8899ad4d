import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { ForbiddenAddress } from '../../transport/index.js';

/** Addresses from which clouds give out credentials, and those that only a machine's own link has. */
const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet('169.254.0.0', 16, 'ipv4');
FORBIDDEN.addAddress('100.100.100.200', 'ipv4');
FORBIDDEN.addAddress('192.0.0.192', 'ipv4');
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6');
FORBIDDEN.addAddress('fd00:ec2::254', 'ipv6');
const NAMES: ReadonlySet<string> = new Set(['metadata.google.internal', 'metadata', 'instance-data']);
/** IPv6 addresses whose last 32 bits are one of IPv4 that is meant: mapped, and those of NAT64. */
const CARRIERS = /^(?:::ffff:|::|64:ff9b::)(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/;

/** True for a host that no provider may have. `allowed`: the hosts that may be asked; null: all others. */
export function isForbiddenHost(hostname: string, allowed: readonly string[] | null): boolean {
  const host = plain(hostname);
  if (allowed !== null) return !isAllowed(host, allowed);
  return isIP(host) === 0 ? NAMES.has(host) : isForbiddenAddress(host);
}

/**
 * Looks a name up and refuses it when it leads to an address that must not be asked. What it gives out is what is
 * connected to, so that a name cannot lead elsewhere in between. An address that is allowed as such stays allowed.
 */
export function checkedLookup(
  allowed: readonly string[] | null,
  lookup: LookupFunction = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, '', 0);
        return;
      }
      const addresses = found as unknown as readonly LookupAddress[];
      const wrong = addresses.find(
        ({ address }) => isForbiddenAddress(address) && !isAllowed(plain(address), allowed ?? []),
      );
      if (wrong !== undefined) {
        const text = `this platform does not ask ${hostname}, which leads to ${wrong.address}`;
        callback(new ForbiddenAddress(text), '', 0);
      } else if (options.all === true) callback(null, [...addresses]);
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family ?? 0);
    });
  };
}

function isForbiddenAddress(address: string): boolean {
  const host = plain(address);
  const carried = CARRIERS.exec(host);
  if (carried !== null) return FORBIDDEN.check(dotted(carried), 'ipv4');
  return FORBIDDEN.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6');
}

/** Without brackets, a dot at the end and the zone of a link. */
function plain(hostname: string): string {
  return hostname
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

function dotted([, written, high = '0', low = '0']: RegExpExecArray): string {
  if (written !== undefined) return written;
  const words = [parseInt(high, 16), parseInt(low, 16)];
  return words.flatMap((word) => [word >> 8, word & 255]).join('.');
}

function isAllowed(host: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => matches(host, each.toLowerCase()));
}

/** `*.example.com` stands for every name below it. */
function matches(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}
