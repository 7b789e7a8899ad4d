import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { errors } from '../../errors/index.js';
import type { EnvironmentSetup } from './definition.js';

/** The places of a file that belongs to a server, in order: its folder of each search root, then the root itself. */
export function placesOf(server: string, file: string, roots: readonly string[] | undefined): string[] {
  if (path.isAbsolute(file)) return [file];
  return (roots ?? [process.cwd()]).flatMap((root) => [
    path.resolve(root, 'resources_servers', server, file),
    path.resolve(root, file),
  ]);
}

/** The text of a file that a server needs, of the reference's or the user's. Throws NgError where there is none. */
export function serverFile({ services }: EnvironmentSetup, server: string, file: string): string {
  const places = placesOf(server, file, services.roots);
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw errors.serverFileNotFound(server, file, places);
  return readFileSync(found, 'utf8');
}
