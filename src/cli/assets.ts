import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { errors, nearest } from '../errors/index.js';
import type { Asset } from './command.js';
import type { Host } from './host.js';

/** Folder of each kind of asset, and the config file of `name` and `name/flavor` in it. */
const PLACES: Readonly<
  Record<Asset, { folder: string; file: (name: string, flavor: string | undefined) => string }>
> = {
  benchmark: { folder: 'benchmarks', file: (name, flavor) => `${name}/${flavor ?? 'config'}.yaml` },
  environment: { folder: 'environments', file: (name, flavor) => `${name}/${flavor ?? 'config'}.yaml` },
  'resources-server': {
    folder: 'resources_servers',
    file: (name, flavor) => `${name}/configs/${flavor ?? name}.yaml`,
  },
  'model-type': {
    folder: 'responses_api_models',
    file: (name, flavor) => `${name}/configs/${flavor ?? name}.yaml`,
  },
};

/**
 * Absolute path of the config file that `--<asset> value` names: `name`, `name/flavor`, and for benchmarks and
 * environments also a nested folder. The first search root that has it wins; others are told on stderr.
 */
export async function assetConfig(asset: Asset, value: string, host: Host): Promise<string> {
  const { searchRoots } = await import('../index.js');
  const roots = await searchRoots(host.cwd, host.env);
  const { folder, file } = PLACES[asset];
  const cut = value.lastIndexOf('/');
  const implied = file(cut < 0 ? value : value.slice(0, cut), cut < 0 ? undefined : value.slice(cut + 1));
  const candidates = [`${folder}/${implied}`];
  if (cut >= 0 && (asset === 'benchmark' || asset === 'environment')) {
    candidates.unshift(`${folder}/${value}/config.yaml`);
  }
  for (const candidate of candidates) {
    const found = roots.map((root) => path.resolve(root, candidate)).filter((found) => existsSync(found));
    const [first, ...others] = found;
    if (first === undefined) continue;
    if (others.length > 0) host.stderr.write(`note: using ${first}, not ${others.join(', ')}\n`);
    return first;
  }
  throw errors.assetNotFound(
    `--${asset}`,
    value,
    candidates.at(-1)!,
    near(value, known(asset, roots)),
    roots.map((root) => path.join(root, folder)),
  );
}

/** Suggestions: flavors of the folder that was named, else anything. */
function near(value: string, names: readonly string[]): string[] {
  const folder = value.slice(0, value.lastIndexOf('/') + 1);
  const flavors = names.filter((name) => folder !== '' && name.startsWith(folder));
  if (flavors.length === 0) return nearest(value, names);
  const tails = flavors.map((name) => name.slice(folder.length));
  return nearest(value.slice(folder.length), tails).map((tail) => folder + tail);
}

/** Values that the flag would take. */
function known(asset: Asset, roots: readonly string[]): string[] {
  const { folder } = PLACES[asset];
  const deep = asset === 'resources-server' || asset === 'model-type' ? 'configs' : '';
  return roots.flatMap((root) =>
    entries(path.join(root, folder)).flatMap((name) =>
      entries(path.join(root, folder, name, deep))
        .filter((entry) => entry.endsWith('.yaml'))
        .map((entry) => entry.slice(0, -'.yaml'.length))
        .map((flavor) => (flavor === name || flavor === 'config' ? name : `${name}/${flavor}`)),
    ),
  );
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
