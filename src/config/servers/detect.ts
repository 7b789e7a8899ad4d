import type { MapNode, Node } from '../tree/index.js';
import { mapToPlain } from '../tree/index.js';
import type { Origin, ServerInstance, ServerType } from '../types.js';
import { SERVER_TYPES } from '../types.js';
import { RESERVED_KEYS } from './reserved-keys.js';

/** A block that was meant as a server and is not one: what is wrong with it, each with its place. */
export interface AlmostServer {
  name: string;
  problems: { path: string; problem: string; origin: Origin }[];
}

export interface Detected {
  servers: ServerInstance[];
  almost: AlmostServer[];
}

/**
 * Finds server instances: top-level keys, other than the reserved ones, shaped
 * `{<server type>: {<implementation>: {entrypoint, …}}}` with one type and one implementation. A block that
 * has a server type and an `entrypoint` but breaks another rule is an almost-server; anything else is data.
 */
export function detectServers(root: MapNode): Detected {
  const found: Detected = { servers: [], almost: [] };
  for (const [name, node] of root.entries) {
    if (RESERVED_KEYS.has(name) || node.kind !== 'map') continue;
    const types = SERVER_TYPES.filter((type) => node.entries.has(type));
    if (types.length === 0) continue;
    const problems = check(name, node, types);
    if (problems.length === 0) found.servers.push(instance(name, node, types[0]!));
    else if (types.some((type) => hasEntrypoint(node.entries.get(type)!)))
      found.almost.push({ name, problems });
  }
  return found;
}

function instance(name: string, node: MapNode, type: ServerType): ServerInstance {
  const [[implementation, block]] = [...(node.entries.get(type) as MapNode).entries] as [[string, MapNode]];
  return { name, type, implementation, config: mapToPlain(block) };
}

function hasEntrypoint(type: Node): boolean {
  if (type.kind !== 'map') return false;
  return [...type.entries.values()].some((block) => block.kind === 'map' && block.entries.has('entrypoint'));
}

function check(name: string, node: MapNode, types: readonly ServerType[]): AlmostServer['problems'] {
  const problems: AlmostServer['problems'] = [];
  const report = (path: string, problem: string, at: Node): void => {
    problems.push({ path, problem, origin: at.origin });
  };
  if (types.length > 1) report(name, `has ${types.join(' and ')}; one server has one type`, node);
  for (const type of types) checkType(`${name}.${type}`, type, node.entries.get(type)!, report);
  return problems;
}

type Report = (path: string, problem: string, at: Node) => void;

function checkType(path: string, type: ServerType, node: Node, report: Report): void {
  if (node.kind !== 'map' || node.entries.size !== 1) {
    const names = node.kind === 'map' ? [...node.entries.keys()].join(', ') : 'no mapping';
    report(path, `must hold exactly one implementation (found: ${names || 'none'})`, node);
    return;
  }
  const [[implementation, block]] = [...node.entries] as [[string, Node]];
  const at = `${path}.${implementation}`;
  if (block.kind !== 'map') report(at, 'must be a mapping', block);
  else checkBlock(at, type, block, report);
}

function checkBlock(path: string, type: ServerType, block: MapNode, report: Report): void {
  expectScalar(block, path, 'entrypoint', isText, 'must be a file name, e.g. "app.py"', true, report);
  expectScalar(block, path, 'host', isText, 'must be text', false, report);
  expectScalar(block, path, 'port', isWhole, 'must be a whole number', false, report);
  expectScalar(block, path, 'num_workers', isWhole, 'must be a whole number', false, report);
  if (type === 'resources_servers') {
    expectScalar(block, path, 'domain', isText, 'must be text, e.g. "math" or "other"', true, report);
  }
  const datasets = block.entries.get('datasets');
  if (datasets !== undefined) checkDatasets(`${path}.datasets`, datasets, report);
}

function checkDatasets(path: string, node: Node, report: Report): void {
  if (node.kind === 'scalar' && node.value === null) return;
  if (node.kind !== 'list') {
    report(path, 'must be a list', node);
    return;
  }
  for (const [index, item] of node.items.entries()) {
    const at = `${path}[${index}]`;
    if (item.kind !== 'map') {
      report(at, 'must be a mapping', item);
      continue;
    }
    expectScalar(item, at, 'name', isText, 'must be text', true, report);
    expectScalar(item, at, 'type', isDatasetType, `must be one of ${DATASET_TYPES.join(', ')}`, true, report);
    expectScalar(item, at, 'jsonl_fpath', isText, 'must be a path', true, report);
    expectScalar(item, at, 'num_repeats', isPositive, 'must be a whole number of at least 1', false, report);
  }
}

const DATASET_TYPES = ['train', 'validation', 'example', 'benchmark'];
const isText = (value: unknown): boolean => typeof value === 'string';
const isWhole = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
const isPositive = (value: unknown): boolean => isWhole(value) && Number(value) >= 1;
const isDatasetType = (value: unknown): boolean => DATASET_TYPES.includes(value as string);

function expectScalar(
  block: MapNode,
  path: string,
  key: string,
  valid: (value: unknown) => boolean,
  problem: string,
  required: boolean,
  report: Report,
): void {
  const node = block.entries.get(key);
  const empty = node === undefined || (node.kind === 'scalar' && node.value === null);
  if (empty) {
    if (required) report(`${path}.${key}`, 'is missing', node ?? block);
  } else if (node.kind !== 'scalar' || !valid(node.value)) report(`${path}.${key}`, problem, node);
}
