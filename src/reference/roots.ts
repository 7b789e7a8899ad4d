import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataFolder } from './data-folder.js';
import type { PythonPlaces } from './python.js';
import { somePython } from './python.js';

/** The package that holds the reference's framework; beside it lie its servers, configs and data. */
const PACKAGE = 'nemo_gym';

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Folders in which a Python finds packages, told from where it lies: it is not asked, which would take its time. */
function sitePackages(command: string): string[] {
  const real = existsSync(command) ? realpathSync(command) : command;
  const prefixes = [...new Set([command, real].map((file) => path.dirname(path.dirname(file))))];
  return prefixes.flatMap((prefix) =>
    entries(path.join(prefix, 'lib'))
      .filter((name) => /^python3/.test(name))
      .flatMap((name) =>
        ['site-packages', 'dist-packages'].map((leaf) => path.join(prefix, 'lib', name, leaf)),
      ),
  );
}

/** The checkout that a package was installed from with `-e`; undefined where it was copied. */
function checkoutOf(folder: string): string | undefined {
  for (const name of entries(folder).filter((entry) => /^nemo_gym-.*\.dist-info$/.test(entry))) {
    try {
      const { url, dir_info } = JSON.parse(
        readFileSync(path.join(folder, name, 'direct_url.json'), 'utf8'),
      ) as {
        url?: string;
        dir_info?: { editable?: boolean };
      };
      if (dir_info?.editable === true && url?.startsWith('file:') === true) return fileURLToPath(url);
    } catch {
      // Installed from a registry.
    }
  }
  return undefined;
}

/** The folder in which a Python has the reference's servers; undefined where it is not installed. */
export function installedRoot(command: string): string | undefined {
  for (const folder of sitePackages(command)) {
    const root = existsSync(path.join(folder, PACKAGE, '__init__.py')) ? folder : checkoutOf(folder);
    if (root !== undefined && existsSync(path.join(root, PACKAGE))) return root;
  }
  return undefined;
}

/** Folders of unpacked wheels, the newest version first. */
export function unpackedRoots(env: PythonPlaces['env']): string[] {
  const folder = path.join(dataFolder(env), 'wheels');
  const byVersion = new Intl.Collator('en', { numeric: true });
  return entries(folder)
    .filter((name) => !name.endsWith('.partial'))
    .sort((a, b) => byVersion.compare(b, a))
    .map((name) => path.join(folder, name));
}

/**
 * Where the user has what the reference ships (servers, configs, data, prompts), as search roots: the package that is
 * installed for the Python that would run its servers, then what `ng env add` unpacked.
 */
export function referenceRoots(places: PythonPlaces): string[] {
  const python = somePython(places);
  const installed = python === undefined ? undefined : installedRoot(python.command);
  return [...(installed === undefined ? [] : [installed]), ...unpackedRoots(places.env)];
}
