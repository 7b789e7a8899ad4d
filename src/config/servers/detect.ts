import { didYouMean, misspelling } from '../../errors/index.js';
import type { MapNode, Node } from '../tree/index.js';
import { mapToPlain } from '../tree/index.js';
import type { Implementations, Origin, ServerInstance, ServerType } from '../types.js';
import { SERVER_TYPES } from '../types.js';
import { RESERVED_KEYS } from './reserved-keys.js';

/** A block that was meant as a server and is not one: what is wrong with it, each with its place. */
export interface AlmostServer {
  name: string;
  problems: { path: string; problem: string; origin: Origin }[];
}

/** A block with a server type that is taken for data, since nothing says where its code is. */
export interface LeftOut {
  /** Dotted path of its implementation. */
  path: string;
  /** ` Did you mean …?`, or empty. */
  suggestion: string;
  origin: Origin;
}

export interface Detected {
  servers: ServerInstance[];
  almost: AlmostServer[];
  leftOut: LeftOut[];
}

/**
 * Finds server instances: top-level keys, other than the reserved ones, shaped
 * `{<server type>: {<implementation>: {entrypoint, …}}}` with one type and one implementation. A block that
 * has a server type and an `entrypoint` but breaks another rule is an almost-server; anything else is data.
 * What `known` has needs neither `entrypoint` nor `domain`: those tell the reference where to start a process.
 */
export function detectServers(root: MapNode, known?: Implementations): Detected {
  const found: Detected = { servers: [], almost: [], leftOut: [] };
  for (const [name, node] of root.entries) {
    if (RESERVED_KEYS.has(name) || node.kind !== 'map') continue;
    const types = SERVER_TYPES.filter((type) => node.entries.has(type));
    const [type] = types;
    if (type === undefined) continue;
    const single = types.length === 1 ? onlyImplementation(name, node, type) : undefined;
    const here = single !== undefined && known?.has(instance(name, node, type)) === true;
    const problems = check(name, node, types, here);
    if (problems.length === 0) found.servers.push(instance(name, node, type));
    else if (here || types.some((candidate) => hasEntrypoint(node.entries.get(candidate)!)))
      found.almost.push({ name, problems });
    else if (known !== undefined && single !== undefined) setAside(found, name, single, known.names(type));
  }
  return found;
}

interface Single {
  implementation: string;
  path: string;
  block: MapNode;
}

function onlyImplementation(name: string, node: MapNode, type: ServerType): Single | undefined {
  const group = node.entries.get(type);
  if (group?.kind !== 'map' || group.entries.size !== 1) return undefined;
  const [[implementation, block]] = [...group.entries] as [[string, Node]];
  return block.kind === 'map'
    ? { implementation, path: `${name}.${type}.${implementation}`, block }
    : undefined;
}

/** A block without `entrypoint` whose type we do not have: misspelt when it is nearly one of ours, else data. */
function setAside(found: Detected, name: string, single: Single, names: readonly string[]): void {
  const { implementation, path, block } = single;
  const suggestion = didYouMean(implementation, names);
  const { origin } = block;
  if (misspelling(implementation, names) === undefined) found.leftOut.push({ path, suggestion, origin });
  else {
    const problem = `is of a type that is not built in.${suggestion}`;
    found.almost.push({ name, problems: [{ path, problem, origin }] });
  }
}

function instance(name: string, node: MapNode, type: ServerType): ServerInstance {
  const [[implementation, block]] = [...(node.entries.get(type) as MapNode).entries] as [[string, MapNode]];
  return { name, type, implementation, config: mapToPlain(block) };
}

function hasEntrypoint(type: Node): boolean {
  if (type.kind !== 'map') return false;
  return [...type.entries.values()].some((block) => block.kind === 'map' && block.entries.has('entrypoint'));
}

function check(
  name: string,
  node: MapNode,
  types: readonly ServerType[],
  here: boolean,
): AlmostServer['problems'] {
  const problems: AlmostServer['problems'] = [];
  const report = (path: string, problem: string, at: Node): void => {
    problems.push({ path, problem, origin: at.origin });
  };
  if (types.length > 1) report(name, `has ${types.join(' and ')}; one server has one type`, node);
  for (const type of types) checkType(`${name}.${type}`, type, node.entries.get(type)!, report, here);
  return problems;
}

type Report = (path: string, problem: string, at: Node) => void;

function checkType(path: string, type: ServerType, node: Node, report: Report, here: boolean): void {
  if (node.kind !== 'map' || node.entries.size !== 1) {
    const names = node.kind === 'map' ? [...node.entries.keys()].join(', ') : 'no mapping';
    report(path, `must hold exactly one implementation (found: ${names || 'none'})`, node);
    return;
  }
  const [[implementation, block]] = [...node.entries] as [[string, Node]];
  const at = `${path}.${implementation}`;
  if (block.kind !== 'map') report(at, 'must be a mapping', block);
  else checkBlock(at, type, block, report, here);
}

function checkBlock(path: string, type: ServerType, block: MapNode, report: Report, here: boolean): void {
  expectScalar(block, path, 'entrypoint', isText, 'must be a file name, e.g. "app.py"', !here, report);
  expectScalar(block, path, 'host', isText, 'must be text', false, report);
  expectScalar(block, path, 'port', isWhole, 'must be a whole number', false, report);
  expectScalar(block, path, 'num_workers', isWhole, 'must be a whole number', false, report);
  if (type === 'resources_servers') {
    expectScalar(block, path, 'domain', isText, 'must be text, e.g. "math" or "other"', !here, report);
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
