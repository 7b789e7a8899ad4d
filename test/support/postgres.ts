import { execFile, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The folder of `initdb` and `pg_ctl`: on the path, or where Debian puts them. */
function binaries(): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter);
  const debian = '/usr/lib/postgresql';
  const packaged = existsSync(debian) ? readdirSync(debian).map((v) => path.join(debian, v, 'bin')) : [];
  return [...packaged, ...onPath].find((folder) => existsSync(path.join(folder, 'initdb')));
}

const folder = binaries();

/** Reason to skip a test on PostgreSQL, or false. */
export const postgresMissing: string | false =
  folder === undefined ? 'no PostgreSQL server on this machine (initdb is not found)' : false;

export interface Cluster {
  /** Of an empty database of its own with every call. */
  database(): Promise<string>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes its files. */
  remove(): Promise<void>;
}

/** A server of our own in a temporary folder, reached through a socket in it. PostgreSQL refuses root: then `nobody` runs it. */
export async function startCluster(): Promise<Cluster> {
  if (folder === undefined) throw new Error('PostgreSQL is missing');
  const bin = folder;
  const home = mkdtempSync(path.join(tmpdir(), 'ngym-pg-'));
  const owner = process.getuid?.() === 0 ? idsOf('nobody') : undefined;
  if (owner !== undefined) chownSync(home, owner.uid, owner.gid);
  const data = path.join(home, 'data');
  const options = { ...owner, cwd: home, env: { ...process.env, LC_ALL: 'C', PGDATA: data } };
  await run(path.join(bin, 'initdb'), ['-D', data, '-U', 'ngym', '-A', 'trust', '-E', 'UTF8'], options);
  const settings = `-c listen_addresses='' -c fsync=off -c max_connections=60 -k ${home}`;
  const start = async (): Promise<void> => {
    await run(
      path.join(bin, 'pg_ctl'),
      ['-w', '-l', path.join(home, 'log'), '-o', settings, 'start'],
      options,
    );
  };
  const stop = async (): Promise<void> => {
    await run(path.join(bin, 'pg_ctl'), ['-w', '-m', 'immediate', 'stop'], options);
  };
  await start();
  let made = 0;
  return {
    start,
    stop,
    database: async () => {
      made += 1;
      await run(path.join(bin, 'createdb'), ['-h', home, '-U', 'ngym', `d${made}`], options);
      return `postgres://ngym@/d${made}?host=${encodeURIComponent(home)}`;
    },
    remove: async () => {
      await stop().catch(() => undefined);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function idsOf(user: string): { uid: number; gid: number } {
  const id = (flag: string): number => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}
