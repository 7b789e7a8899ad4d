import { createHash } from 'node:crypto';
import type { MasterKey } from '../../src/platform/index.js';

export function masterKeyFor(key: Buffer): MasterKey {
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 12), key };
}
