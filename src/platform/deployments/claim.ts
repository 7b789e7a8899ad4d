import { randomUUID } from 'node:crypto';
import type { Clock } from '../../protocol/index.js';
import { DuplicateKey, type Database } from '../../store/index.js';

const NAME = 'deployments';
/** How long a claim stands that nobody renews. Unit: milliseconds. */
const LEASE_MS = 15_000;
export const RENEW_MS = 5_000;

/**
 * Which of the platforms on one database runs its deployments. SQLite has one platform at a time; on PostgreSQL the
 * claim is a row that its holder renews, and that another one takes when it was not renewed in time.
 */
export class Claim {
  private readonly self = randomUUID();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** There can be no other platform. */
  get alone(): boolean {
    return this.database.engine === 'sqlite';
  }

  /** Takes or renews it; false when another one has it. Rejects while the database is away. */
  async take(): Promise<boolean> {
    if (this.alone) return true;
    const now = this.clock.now();
    const renewed = await this.database.run(
      'update claims set holder = ?, until = ? where name = ? and (holder = ? or until < ?)',
      this.self,
      now + LEASE_MS,
      NAME,
      this.self,
      now,
    );
    if (renewed > 0) return true;
    try {
      await this.database.run(
        'insert into claims (name, holder, until) values (?, ?, ?)',
        NAME,
        this.self,
        now + LEASE_MS,
      );
      return true;
    } catch (error) {
      if (error instanceof DuplicateKey) return false;
      throw error;
    }
  }

  /** The next one need not wait. */
  async release(): Promise<void> {
    if (this.alone) return;
    await this.database.run('delete from claims where name = ? and holder = ?', NAME, this.self);
  }
}
