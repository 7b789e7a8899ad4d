import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Block, ConfigFile } from './config-files.js';

/** What a listing says of an environment beside its name. */
export interface Traits {
  tags: string[];
  /** Rows of the datasets of type `example` that are at hand; null where there are none. */
  rows: number | null;
  license: string | null;
  /** Implementation of the agent that plays it. */
  agent: string | null;
}

/** A larger file is no example. Unit: bytes. */
const MOST_BYTES = 32 * 1024 * 1024;

type Dataset = Readonly<Record<string, unknown>>;

function datasetsOf(file: ConfigFile): Dataset[] {
  return file.blocks
    .map(({ config }) => config['datasets'])
    .flatMap((datasets) => (Array.isArray(datasets) ? (datasets as unknown[]) : []))
    .filter((one): one is Dataset => typeof one === 'object' && one !== null);
}

/** The example rows of a configuration, as text: its own list, else the usual place. */
function exampleLines(
  file: ConfigFile,
  server: Block | undefined,
  roots: readonly string[],
): string[] | null {
  const named = datasetsOf(file)
    .filter(({ type }) => type === 'example')
    .map(({ jsonl_fpath: given }) => given);
  const usual = server === undefined ? [] : [`resources_servers/${server.implementation}/data/example.jsonl`];
  for (const given of [...named, ...usual]) {
    if (typeof given !== 'string') continue;
    const found = roots.map((root) => path.resolve(root, given)).find((place) => existsSync(place));
    const text = found === undefined ? undefined : readFileSync(found, 'utf8');
    if (text !== undefined && text.length <= MOST_BYTES)
      return text.split('\n').filter((line) => line.trim() !== '');
  }
  return null;
}

/** Whether rows offer tools to the model. */
function offersTools(lines: readonly string[] | null): boolean {
  try {
    const [first = '{}'] = lines ?? [];
    const { responses_create_params: params } = JSON.parse(first) as {
      responses_create_params?: { tools?: unknown };
    };
    return Array.isArray(params?.tools) && params.tools.length > 0;
  } catch {
    return false;
  }
}

/** Whether a value refers to a server of that type at any depth. */
function refers(value: unknown, type: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { type: own, name } = value as Record<string, unknown>;
  return (
    (own === type && typeof name === 'string') || Object.values(value).some((item) => refers(item, type))
  );
}

const CODE = /cod(?:e|ing)|swe|sql|terminal|program/i;

/** Reads them from a configuration and its example rows. */
export function traitsOf(file: ConfigFile, roots: readonly string[]): Traits {
  const server = file.blocks.find(({ type }) => type === 'resources_servers');
  const agent = file.blocks.find(({ type }) => type === 'responses_api_agents') ?? null;
  const lines = exampleLines(file, server, roots);
  const told = [server?.config['domain'], server?.implementation].join(' ');
  const license = datasetsOf(file)
    .map(({ license: given }) => given)
    .find((given) => typeof given === 'string');
  const tags = [
    ...(server !== undefined && refers(server.config, 'responses_api_models') ? ['judge'] : []),
    ...(offersTools(lines) ? ['tools'] : []),
    ...(agent?.implementation === 'gymnasium_agent' ? ['multi-turn'] : []),
    ...(CODE.test(told) ? ['code'] : []),
  ];
  return {
    tags,
    rows: lines?.length ?? null,
    license: license ?? null,
    agent: agent?.implementation ?? null,
  };
}
