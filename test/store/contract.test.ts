import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NgError } from '../../src/errors/index.js';
import {
  DatabaseGone,
  DuplicateKey,
  migrate,
  openDatabase,
  type Database,
  type Migration,
} from '../../src/store/index.js';
import { postgresMissing, startCluster, type Cluster } from '../support/postgres.js';

const STEPS: readonly Migration[] = [
  { version: 1, name: 'first', statements: ['create table things (name text primary key, size integer)'] },
  {
    version: 2,
    name: 'second',
    statements: [
      "alter table things add column note text default '?'",
      "insert into things values ('a', 1, 'n')",
    ],
  },
];

const temporary = mkdtempSync(path.join(tmpdir(), 'ngym-store-'));
let cluster: Cluster | undefined;
let files = 0;

const ENGINES = [
  {
    name: 'sqlite',
    missing: false as string | false,
    fresh: (): Promise<string> => Promise.resolve(path.join(temporary, `d${(files += 1)}`, 'platform.db')),
  },
  { name: 'postgres', missing: postgresMissing, fresh: (): Promise<string> => cluster!.database() },
];

beforeAll(async () => {
  if (postgresMissing === false) cluster = await startCluster();
});
afterAll(async () => {
  await cluster?.remove();
  rmSync(temporary, { recursive: true, force: true });
});

/** Waits until something that another process or connection tells is there. */
async function until(held: () => boolean): Promise<void> {
  for (let tries = 0; !held() && tries < 500; tries += 1) await pause(10);
  expect(held()).toBe(true);
}

for (const { name, missing, fresh } of ENGINES) {
  describe.skipIf(missing !== false)(
    `a database on ${name}${missing === false ? '' : `: ${missing}`}`,
    () => {
      let url = '';
      let database: Database;
      beforeEach(async () => {
        url = await fresh();
        database = await openDatabase(url);
        await migrate(database, STEPS);
      });
      afterEach(() => database.close());

      it('keeps what it is given', async () => {
        expect(database.engine).toBe(name);
        const text = 'é模😀 \'"?\n\t$1 ';
        expect(await database.run('insert into things values (?, ?, ?)', text, 7, null)).toBe(1);
        expect(await database.all('select * from things where name = ?', text)).toEqual([
          { name: text, size: 7, note: null },
        ]);
        expect(await database.all("select count(*) as n, '?' as q from things")).toEqual([{ n: 2, q: '?' }]);
        expect(await database.run('update things set size = ? where size > ?', 9, 100)).toBe(0);
      });

      it('keeps it when it is opened again', async () => {
        await database.run("insert into things values ('b', 2, 'x')");
        const other = await openDatabase(url);
        expect(await migrate(other, STEPS)).toBe(0);
        expect(await other.all("select size from things where name = 'b'")).toEqual([{ size: 2 }]);
        await other.close();
      });

      it('says when a key is taken, and stays usable', async () => {
        await expect(database.run("insert into things values ('a', 2, '')")).rejects.toThrow(DuplicateKey);
        const inside = database.transaction((q) => q.run("insert into things values ('a', 3, '')"));
        await expect(inside).rejects.toThrow(DuplicateKey);
        expect(await database.all('select name, size from things')).toEqual([{ name: 'a', size: 1 }]);
      });

      it('keeps all of a transaction or nothing', async () => {
        const failed = database.transaction(async (q) => {
          await q.run("insert into things values ('b', 2, '')");
          expect(await q.all('select count(*) as n from things')).toEqual([{ n: 2 }]);
          throw new Error('enough');
        });
        await expect(failed).rejects.toThrow('enough');
        const broken = database.transaction(async (q) => {
          await q.run("insert into things values ('c', 2, '')");
          await q.run('no such words');
        });
        await expect(broken).rejects.toThrow();
        expect(await database.all('select name from things')).toEqual([{ name: 'a' }]);
        await database.transaction((q) => q.run("insert into things values ('d', 2, '')"));
        expect(await database.all('select name from things order by name')).toEqual([
          { name: 'a' },
          { name: 'd' },
        ]);
      });

      it('lets no transaction overwrite what another one read', async () => {
        const add = (): Promise<void> =>
          database.transaction(async (q) => {
            const [row] = await q.all<{ size: number }>("select size from things where name = 'a'");
            await pause(1);
            await q.run("update things set size = ? where name = 'a'", row!.size + 1);
          });
        await Promise.all(Array.from({ length: 12 }, add));
        expect(await database.all("select size from things where name = 'a'")).toEqual([{ size: 13 }]);
      });

      it('tells of changes when they are committed, and only then', async () => {
        const heard: (string | null)[] = [];
        const end = await database.listen('Things', (payload) => heard.push(payload));
        await database.listen('others', (payload) => heard.push(`others ${payload ?? ''}`));
        await database.transaction((q) => q.notify('Things', 'one'));
        await database
          .transaction(async (q) => {
            await q.notify('Things', 'never');
            throw new Error('no');
          })
          .catch(() => undefined);
        await database.notify('Things', 'two é');
        await until(() => heard.length === 2);
        end();
        await database.notify('others', 'yes');
        await until(() => heard.length === 3);
        expect(heard).toEqual(['one', 'two é', 'others yes']);
      });

      it('brings a schema up to date once, also when many begin together', async () => {
        const empty = await fresh();
        const several = await Promise.all([1, 2, 3].map(() => openDatabase(empty)));
        const made = await Promise.all(several.map((each) => migrate(each, STEPS)));
        expect(made.toSorted()).toEqual([0, 0, 2]);
        expect(await several[0]!.all('select version, name from ngym_migrations order by version')).toEqual([
          { version: 1, name: 'first' },
          { version: 2, name: 'second' },
        ]);
        await Promise.all(several.map((each) => each.close()));
      });

      it('keeps nothing of a step that fails, and refuses a newer schema', async () => {
        const bad = [
          ...STEPS,
          { version: 3, name: 'bad', statements: ['create table more (x integer)', 'oops'] },
        ];
        await expect(migrate(database, bad)).rejects.toThrow();
        await expect(database.all('select * from more')).rejects.toThrow();
        expect(await database.all('select max(version) as v from ngym_migrations')).toEqual([{ v: 2 }]);
        const newer = migrate(database, STEPS.slice(0, 1));
        await expect(newer).rejects.toThrow(NgError);
        await expect(newer).rejects.toThrow(/schema is version 2, and this one knows 1/);
      });
    },
  );
}

describe('SQLite', () => {
  it('keeps its file from other users', async () => {
    const file = path.join(temporary, 'private.db');
    await (await openDatabase(`sqlite:${file}`)).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('says which file cannot be opened', async () => {
    await expect(openDatabase(temporary)).rejects.toThrow(`The database ${temporary} cannot be opened`);
  });

  it('refuses a query that would wait for the transaction that it is in', async () => {
    const database = await openDatabase(':memory:');
    const inside = database.transaction(() => database.all('select 1'));
    await expect(inside).rejects.toThrow('use its own queries');
    await database.close();
  });
});

describe.skipIf(postgresMissing !== false)('PostgreSQL', () => {
  it('says what cannot be reached, without the password', async () => {
    const opened = openDatabase('postgres://me:hush@127.0.0.1:9/none');
    await expect(opened).rejects.toThrow(NgError);
    await expect(opened).rejects.toThrow('postgres://me:***@127.0.0.1:9/none cannot be opened');
    await expect(opened).rejects.not.toThrow('hush');
  });

  it('tells other processes, and works again when the server was gone', async () => {
    const url = await cluster!.database();
    const [one, two] = await Promise.all([openDatabase(url), openDatabase(url)]);
    const heard: (string | null)[] = [];
    await one.listen('things', (payload) => heard.push(payload));
    await two.notify('things', 'hello');
    await until(() => heard.length === 1);
    await cluster!.stop();
    await expect(two.all('select 1')).rejects.toThrow(DatabaseGone);
    await cluster!.start();
    // Missed notices are told as null.
    await until(() => heard.length === 2);
    await two.notify('things', 'again');
    await until(() => heard.length === 3);
    expect(heard).toEqual(['hello', null, 'again']);
    await Promise.all([one.close(), two.close()]);
  });
});
