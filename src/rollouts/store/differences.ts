import type { ConfigObject, ConfigValue } from '../../config/index.js';
import type { Identity, Wanted } from './identity.js';
import { reached } from './identity.js';

/** One thing in which two identities differ. Values are JSON texts; undefined = not there. */
interface Difference {
  path: readonly string[];
  stored: string | undefined;
  wanted: string | undefined;
}

/** How a stored run compares with the one that is asked for. */
export interface Comparison {
  /** One line each, with both values; empty: the same run. */
  differing: string[];
  /** The stored identity, in the words of this version. */
  stored: Identity;
  /** Built-in parts whose version was not recorded and is taken to be that of today. */
  unrecorded: string[];
  /** Nothing differs but what scores a reply: environments, and the judges that only they ask. */
  onlyVerifiers: boolean;
}

/** Keys that the first version of manifests left out of every block, by name. */
const FORMERLY_LEFT_OUT = new RegExp(
  `^(${[
    'host|port|num_workers|base_url|endpoints|default_headers|server_token',
    '.*api_key|.*token|password',
    '.*concurrent_requests|adaptive.*|max_attempts|max_reply_bytes|.*retries|.*timeout.*|.*_seconds|preflight',
    'datasets|domain|verified|description|value|license',
  ].join('|')})$`,
);

/** Leaves by path; empty containers are leaves. */
function leaves(value: ConfigValue, path: string[], into: Map<string, string>): Map<string, string> {
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    for (const [key, item] of Object.entries(value)) leaves(item, [...path, key], into);
  } else {
    into.set(JSON.stringify(path), JSON.stringify(value));
  }
  return into;
}

function compareLeaves(stored: Identity, wanted: Identity): Difference[] {
  const before = leaves(stored as unknown as ConfigObject, [], new Map());
  const after = leaves(wanted as unknown as ConfigObject, [], new Map());
  const keys = new Set([...before.keys(), ...after.keys()]);
  // An empty container tells nothing beside its content.
  const isEmpty = (text: string | undefined): boolean => text === undefined || text === '{}' || text === '[]';
  return [...keys]
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => ({ path: JSON.parse(key) as string[], stored: before.get(key), wanted: after.get(key) }))
    .filter((one) => one.path[0] !== 'code' || !(isEmpty(one.stored) && isEmpty(one.wanted)));
}

/** A manifest of the first version says nothing of programs: a built-in one is taken as it is, a user's is not. */
function withoutRecord(stored: Identity, wanted: Identity): { stored: Identity; unrecorded: string[] } {
  const unrecorded: string[] = [];
  const servers = { ...stored.servers };
  const code: Identity['code'] = {};
  for (const name of Object.keys(stored.servers)) {
    const now = wanted.code?.[name];
    if (now?.files !== undefined) continue;
    const block = wanted.servers[name] as ConfigObject | undefined;
    const added = Object.entries(block ?? {}).filter(([key]) => FORMERLY_LEFT_OUT.test(key));
    servers[name] = { ...Object.fromEntries(added), ...(servers[name] as ConfigObject) };
    if (now === undefined) continue;
    code[name] = now;
    if (now.version !== undefined) unrecorded.push(name);
  }
  return { stored: { ...stored, servers, code }, unrecorded };
}

const SHOWN = 12;
const short = (text: string | undefined): string =>
  text === undefined ? '(absent)' : String(JSON.parse(text)).slice(0, SHOWN);

function describe({ path, stored, wanted }: Difference): string {
  const [section, server = '', kind, ...rest] = path;
  const values = `${stored ?? '(absent)'} → ${wanted ?? '(absent)'}`;
  if (section !== 'code') return `${path.join('.')}: ${values}`;
  const name = rest.join('.');
  const change = stored === undefined ? 'is new' : wanted === undefined ? 'was left out' : 'changed';
  const digests = `sha256 ${short(stored)} → ${short(wanted)}`;
  if (kind === 'files') return `${server}: ${name} ${change} since the run began (${digests})`;
  if (kind === 'named')
    return `${server}: the file that "${name}" names ${change} since the run began (${digests})`;
  if (kind === 'texts') return `${server}: the text ${name} ${change} since the run began (${digests})`;
  return `${server}: its verifier has another version: ${values}`;
}

function describeAll(differences: readonly Difference[], stored: Identity, wanted: Identity): string[] {
  const lines = new Set<string>();
  for (const one of differences) {
    const [section, server = ''] = one.path;
    if (section !== 'code') lines.add(describe(one));
    // The block is listed as a whole.
    else if (!(server in stored.servers) || !(server in wanted.servers)) continue;
    else if (stored.code?.[server] === undefined && wanted.code?.[server]?.files !== undefined) {
      const files = Object.keys(wanted.code[server].files).join(', ');
      lines.add(`${server}: what ${files} held when the run began was not recorded`);
    } else lines.add(describe(one));
  }
  return [...lines];
}

/** Servers that only score: environments, and what nothing but environments asks. */
function verifiers({ servers }: Identity, agents: readonly string[]): Set<string> {
  const isEnvironment = (block: ConfigValue): boolean =>
    (block as ConfigObject)['type'] === 'resources_servers';
  const others = Object.fromEntries(Object.entries(servers).filter(([, block]) => !isEnvironment(block)));
  const played = new Set(reached(others, agents).map(([name]) => name));
  return new Set(Object.keys(servers).filter((name) => !played.has(name)));
}

/** Compares a stored run with the one that is asked for; `agents` are those that play in it. */
export async function compareRuns(
  recorded: Identity,
  { identity: wanted, semantic }: Wanted,
  agents: readonly string[],
): Promise<Comparison> {
  const servers: ConfigObject = {};
  for (const [name, block] of Object.entries(recorded.servers)) {
    servers[name] = (await semantic.get(name)?.(block as ConfigObject)) ?? block;
  }
  const known = { ...recorded, servers };
  const { stored, unrecorded } =
    recorded.code === undefined ? withoutRecord(known, wanted) : { stored: known, unrecorded: [] };
  const differences = compareLeaves(stored, wanted);
  const scoresIn = (one: Identity): ((name: string) => boolean) => {
    const scoring = verifiers(one, agents);
    return (name) => !(name in one.servers) || scoring.has(name);
  };
  const [before, after] = [scoresIn(stored), scoresIn(wanted)];
  const names = differences.map(({ path: [section, name = ''] }) =>
    section === 'servers' || section === 'code' ? name : '',
  );
  return {
    differing: describeAll(differences, stored, wanted),
    stored,
    unrecorded,
    onlyVerifiers:
      differences.length > 0 && names.every((name) => name !== '' && before(name) && after(name)),
  };
}
