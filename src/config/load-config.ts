import { errors } from '../errors/index.js';
import { applyDirectives } from './directives.js';
import { includeFiles, loadEnvFile } from './files/index.js';
import { interpolate } from './interpolation/index.js';
import { checkMissingValues } from './missing-values.js';
import { applyOverrides } from './override/index.js';
import { makeResolvedConfig } from './resolved-config.js';
import { searchRoots } from './search-roots.js';
import {
  checkReferences,
  detectServers,
  foldDummyModels,
  placeRunning,
  undirected,
} from './servers/index.js';
import type { MapNode } from './tree/index.js';
import { emptyMap, fromPlain, mapToPlain, merge, toPlain } from './tree/index.js';
import type { LoadOptions, Origin, ResolvedConfig } from './types.js';
import { readYaml } from './yaml/index.js';

/**
 * Computes a configuration: `initial` < `NEMO_GYM_CONFIG_DICT` < files of `config_paths` < `env.yaml` < command line, then directives,
 * `???`, interpolations, servers and their references. Every mistake is an NgError that names place and fix.
 */
export async function loadConfig(options: LoadOptions): Promise<ResolvedConfig> {
  const { cwd, env } = options;
  const line = applyOverrides(options.overrides);
  const { python } = mapToPlain(line.root);
  const roots = searchRoots(cwd, env, typeof python === 'string' ? python : undefined);
  const envFile = await loadEnvFile(roots, cwd);
  const top = merge(envFile.root, line.root);
  const included = await includeFiles(top, top, { cwd, roots, env });
  const initial = fromPlain(options.initial ?? {}, { source: 'default' }) as MapNode;
  const given = handed(env);
  const merged = [given, included.root, envFile.root, line.root].reduce(merge, initial);
  const directed = applyDirectives(withPaths(foldDummyModels(merged), included.paths));
  checkMissingValues(directed);
  const computed = interpolate(directed, { env });
  const { servers, almost, leftOut } = detectServers(computed.root, options.implementations);
  const warnings = [
    ...line.warnings,
    ...included.warnings,
    ...computed.warnings,
    ...leftOut.map(errors.configLeftOut),
    ...undirected(computed.root).map(errors.configUndirected),
  ];
  if (almost.length > 0) {
    const error = errors.configAlmostServers(almost);
    if (tolerant(computed.root)) warnings.push(error.message);
    else throw error;
  }
  checkReferences(computed.root, servers);
  return makeResolvedConfig({
    root: computed.root,
    servers: placeRunning(servers, mapToPlain(given), options.own),
    files: [...included.files, ...(envFile.file === undefined ? [] : [envFile.file])],
    warnings,
    roots,
    secrets: computed.secrets,
  });
}

/**
 * A whole configuration that the program which started us hands on, as the reference's servers get theirs: what it says
 * has an address runs there, and is not started again.
 */
function handed(env: LoadOptions['env']): MapNode {
  const text = env[HANDED] ?? '';
  return text === '' ? emptyMap({ source: 'default' }) : readYaml(text, HANDED);
}

const HANDED = 'NEMO_GYM_CONFIG_DICT';

/** The block that whoever started us means us to be, among those of the configuration that it hands on. */
export function ownBlock(env: LoadOptions['env']): string | undefined {
  const { [HANDED]: text = '', NEMO_GYM_CONFIG_PATH: name = '' } = env;
  return text === '' || name === '' ? undefined : name;
}

/** `config_paths` becomes the whole list of files, at the place in the order where it was. */
function withPaths(root: MapNode, paths: readonly string[]): MapNode {
  const written = root.entries.get('config_paths');
  if (written === undefined || paths.length === 0) return root;
  const origin: Origin = written.origin;
  return merge(root, {
    ...emptyMap(origin),
    entries: new Map([['config_paths', fromPlain([...paths], origin)]]),
  });
}

function tolerant(root: MapNode): boolean {
  const setting = root.entries.get('error_on_almost_servers');
  return setting !== undefined && toPlain(setting) === false;
}
