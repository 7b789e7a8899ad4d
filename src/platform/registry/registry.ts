import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../protocol/index.js';
import { checkVersion, DuplicateKey, migrate, type Database, type Queries } from '../../store/index.js';
import { KINDS, type Entity, type EntityKind } from './entity.js';
import { newId } from './ids.js';
import { MIGRATIONS } from './migrations.js';
import { createTimes } from './times.js';

const CHANNEL = 'ngym_entities';
const MAX_REMOVED = 1_000;

/** There is one of this name. */
export class Taken extends Error {
  override readonly name = 'Taken';
}

/** There is no workspace of this name, or no longer. */
export class NoWorkspace extends Error {
  override readonly name = 'NoWorkspace';
}

/** It was changed or removed by somebody else in between. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

export type Watcher = (kind: EntityKind) => void;

interface Row {
  kind: EntityKind;
  workspace: string;
  name: string;
  id: string;
  version: number;
  created_at: string;
  updated_at: string;
  data: string;
}

const COLUMNS = 'kind, workspace, name, id, version, created_at, updated_at, data';
const AT = 'kind = ? and workspace = ? and name = ?';

/**
 * Everything that was registered: kept in the database, read from a copy in memory. A change is in the copy when its
 * promise resolves, and in those of other processes shortly after.
 */
export class Registry {
  private copy = emptyCopy();
  private readonly watchers = new Set<Watcher>();
  private readonly stamp: () => string;
  private unlisten: () => void = () => undefined;
  private readonly self = randomUUID();
  /** Ids of things that are gone, the last of them. */
  private readonly removed = new Set<string>();
  private writes = 0;

  private constructor(
    private readonly database: Database,
    now: () => number,
  ) {
    this.stamp = createTimes(now);
  }

  static async open(database: Database, now: () => number): Promise<Registry> {
    await migrate(database, MIGRATIONS, () => new Date(now()));
    return await Registry.start(database, now);
  }

  /** For looking at a database that another process may be using. Throws NgError where it is of another version. */
  static async openToRead(database: Database, now: () => number): Promise<Registry> {
    await checkVersion(database, MIGRATIONS);
    return await Registry.start(database, now);
  }

  private static async start(database: Database, now: () => number): Promise<Registry> {
    const registry = new Registry(database, now);
    registry.unlisten = await database.listen(CHANNEL, (payload) => void registry.hear(payload));
    await registry.readAll();
    return registry;
  }

  close(): void {
    this.unlisten();
    this.watchers.clear();
  }

  /** Told of the kind after each change, whoever made it. */
  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  get(kind: EntityKind, workspace: string, name: string): Entity | undefined {
    return this.copy.get(kind)!.get(workspace)?.get(name);
  }

  /** Those of one workspace, or of all; in order of creation. */
  list(kind: EntityKind, workspace: string | null): Entity[] {
    const of = this.copy.get(kind)!;
    const found =
      workspace === null
        ? [...of.values()].flatMap((each) => [...each.values()])
        : [...(of.get(workspace)?.values() ?? [])];
    return found.sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
  }

  /** Throws {@link Taken} and {@link NoWorkspace}: nothing is made in a workspace that is just being deleted. */
  async create(kind: EntityKind, workspace: string, name: string, data: JsonObject): Promise<Entity> {
    const now = this.stamp();
    const entity: Entity = {
      kind,
      workspace,
      name,
      id: newId(kind),
      version: 1,
      createdAt: now,
      updatedAt: now,
      data,
    };
    try {
      await this.database.transaction(async (queries) => {
        const orphan = workspace !== '' && (await readOne(queries, 'workspace', '', workspace)) === undefined;
        if (orphan) throw new NoWorkspace(workspace);
        const values = [kind, workspace, name, entity.id, 1, now, now, JSON.stringify(data)];
        await queries.run(`insert into entities (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)`, ...values);
        await this.tell(queries, entity);
      });
    } catch (error) {
      if (!(error instanceof DuplicateKey)) throw error;
      // Whoever was told that it is there finds it, though another process made it and its notice is still on its way.
      await this.readAnew(kind, workspace, name);
      throw new Taken(name, { cause: error });
    }
    this.keep(entity);
    return entity;
  }

  /**
   * Replaces the data by what `change` makes of it; undefined from it changes nothing. Resolves with what stands then,
   * or undefined when there is no such thing. `expected`: the version that must stand, else {@link Conflict}.
   */
  async update(
    kind: EntityKind,
    workspace: string,
    name: string,
    change: (data: JsonObject, entity: Entity) => JsonObject | undefined,
    expected?: number,
  ): Promise<Entity | undefined> {
    const changed = await this.database.transaction(async (queries) => {
      const before = await readOne(queries, kind, workspace, name);
      if (before === undefined) return undefined;
      if (expected !== undefined && before.version !== expected) throw new Conflict(name);
      const data = change(before.data, before);
      if (data === undefined) return before;
      const after: Entity = { ...before, version: before.version + 1, updatedAt: this.stamp(), data };
      const values = [after.version, after.updatedAt, JSON.stringify(data), kind, workspace, name];
      await queries.run(`update entities set version = ?, updated_at = ?, data = ? where ${AT}`, ...values);
      await this.tell(queries, after);
      return after;
    });
    if (changed !== undefined) this.keep(changed);
    return changed;
  }

  /** False when there is no such thing. */
  async remove(kind: EntityKind, workspace: string, name: string, expected?: number): Promise<boolean> {
    const removed = await this.database.transaction(async (queries) => {
      const before = await readOne(queries, kind, workspace, name);
      if (before === undefined) return undefined;
      if (expected !== undefined && before.version !== expected) throw new Conflict(name);
      await queries.run(`delete from entities where ${AT}`, kind, workspace, name);
      await this.tell(queries, before);
      return before;
    });
    if (removed !== undefined) this.drop(removed);
    return removed !== undefined;
  }

  /** Removes a workspace and everything in it: all of it or nothing. False when there is no such workspace. */
  async removeWorkspace(name: string): Promise<boolean> {
    const removed = await this.database.transaction(async (queries) => {
      const workspace = await readOne(queries, 'workspace', '', name);
      if (workspace === undefined) return undefined;
      const rows = await queries.all<Row>(`select ${COLUMNS} from entities where workspace = ?`, name);
      await queries.run('delete from entities where workspace = ?', name);
      await queries.run(`delete from entities where ${AT}`, 'workspace', '', name);
      const inside = rows.map(entityOf);
      for (const entity of [...inside, workspace]) await this.tell(queries, entity);
      return [...inside, workspace];
    });
    for (const entity of removed ?? []) if (this.copy.has(entity.kind)) this.drop(entity);
    return removed !== undefined;
  }

  /** Told with each change; who made it need not read it. */
  private tell(queries: Queries, { kind, workspace, name }: Entity): Promise<void> {
    return queries.notify(CHANNEL, JSON.stringify([this.self, kind, workspace, name]));
  }

  private drop({ kind, workspace, name, id }: Entity): void {
    this.writes += 1;
    this.removed.add(id);
    for (const [oldest] of this.removed.entries())
      if (this.removed.size > MAX_REMOVED) this.removed.delete(oldest);
    if (this.get(kind, workspace, name)?.id !== id) return;
    this.copy.get(kind)!.get(workspace)!.delete(name);
    this.announce(kind);
  }

  private keep(entity: Entity): void {
    // The promise of an earlier change may be the later one to resolve.
    if (this.removed.has(entity.id)) return;
    this.writes += 1;
    const of = this.copy.get(entity.kind)!;
    const names = of.get(entity.workspace);
    const known = names?.get(entity.name);
    if (known !== undefined && known.id === entity.id && known.version >= entity.version) return;
    if (names === undefined) of.set(entity.workspace, new Map([[entity.name, entity]]));
    else names.set(entity.name, entity);
    this.announce(entity.kind);
  }

  private announce(kind: EntityKind): void {
    for (const watcher of [...this.watchers]) watcher(kind);
  }

  /** Reads anew what another process may have changed; everything when notices were missed. */
  private async hear(payload: string | null): Promise<void> {
    try {
      if (payload === null) {
        await this.readAll();
        return;
      }
      const [self, kind, workspace, name] = JSON.parse(payload) as [string, EntityKind, string, string];
      if (self === this.self || !this.copy.has(kind)) return;
      await this.readAnew(kind, workspace, name);
    } catch {
      // The database is gone again; its return is told with another null.
    }
  }

  private async readAnew(kind: EntityKind, workspace: string, name: string): Promise<void> {
    const known = this.get(kind, workspace, name);
    const entity = await readOne(this.database, kind, workspace, name);
    if (known !== undefined && known.id !== entity?.id) this.drop(known);
    if (entity !== undefined) this.keep(entity);
  }

  private async readAll(): Promise<void> {
    let rows: Row[];
    let before: number;
    do {
      before = this.writes;
      rows = await this.database.all<Row>(`select ${COLUMNS} from entities`);
      // Something of our own may have been written since.
    } while (this.writes !== before);
    const copy = emptyCopy();
    for (const row of rows) {
      const entity = entityOf(row);
      const of = copy.get(entity.kind);
      // A newer program keeps things that this one does not know.
      if (of === undefined) continue;
      const names = of.get(entity.workspace) ?? new Map<string, Entity>();
      of.set(entity.workspace, names.set(entity.name, entity));
    }
    this.copy = copy;
    for (const kind of KINDS) this.announce(kind);
  }
}

type Copy = Map<EntityKind, Map<string, Map<string, Entity>>>;

function emptyCopy(): Copy {
  return new Map(KINDS.map((kind) => [kind, new Map<string, Map<string, Entity>>()]));
}

async function readOne(
  queries: Queries,
  kind: EntityKind,
  workspace: string,
  name: string,
): Promise<Entity | undefined> {
  const [row] = await queries.all<Row>(`select ${COLUMNS} from entities where ${AT}`, kind, workspace, name);
  return row === undefined ? undefined : entityOf(row);
}

function entityOf({ created_at: createdAt, updated_at: updatedAt, data, ...row }: Row): Entity {
  return { ...row, createdAt, updatedAt, data: JSON.parse(data) as JsonObject };
}
