import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { rolloutTexts } from '../rollout-table.js';
import { randomId } from './random-id.js';
import { makeFolder } from '../../../files/index.js';

/** The table of rollouts, stored in a run's folder. */
export interface StoredTable {
  /** Absolute. */
  file: string;
  /** Under the run's `files` folder, with `/`. */
  path: string;
  /** Bytes. */
  size: number;
  rows: number;
  /** Hexadecimal. */
  sha256: string;
  /** Base64, as artifacts have it. */
  md5: string;
  /** What the artifact and its series are called until the server has named them. */
  clientId: string;
  sequenceId: string;
  /** Digest of an artifact whose one file is this one, under that name. */
  manifestDigest: (name: string) => string;
}

const CLIENT_ID_LENGTH = 128;

/** A column that holds text or nothing, in W&B's terms. */
const COLUMN_TYPES = {
  wb_type: 'typedDict',
  params: {
    type_map: {
      Rollout: {
        wb_type: 'union',
        params: { allowed_types: [{ wb_type: 'none' }, { wb_type: 'string' }] },
      },
    },
  },
};

class Sums {
  size = 0;
  rows = 0;
  private readonly sha256 = createHash('sha256');
  private readonly md5 = createHash('md5');

  async *of(rollouts: string): AsyncGenerator<Uint8Array, void, void> {
    yield this.add(
      `{"_type":"table","column_types":${JSON.stringify(COLUMN_TYPES)},"columns":["Rollout"],"data":[`,
    );
    for await (const text of rolloutTexts(rollouts)) {
      yield this.add(`${this.rows === 0 ? '' : ','}[${JSON.stringify(text)}]`);
      this.rows += 1;
    }
    yield this.add(`],"log_mode":"IMMUTABLE","ncols":1,"nrows":${this.rows}}`);
  }

  digests(): { sha256: string; md5: string } {
    return { sha256: this.sha256.digest('hex'), md5: this.md5.digest('base64') };
  }

  private add(text: string): Uint8Array {
    const bytes = Buffer.from(text);
    this.size += bytes.length;
    this.sha256.update(bytes);
    this.md5.update(bytes);
    return bytes;
  }
}

/** Writes the stored rollouts as a table with one column `Rollout` into a run's folder, one rollout in memory. */
export async function storeTable(rollouts: string, runDir: string): Promise<StoredTable> {
  const folder = path.join(runDir, 'files', 'media', 'table');
  await makeFolder(folder);
  const sums = new Sums();
  const unnamed = path.join(folder, 'unnamed');
  await pipeline(sums.of(rollouts), createWriteStream(unnamed));
  const { sha256, md5 } = sums.digests();
  const name = `Rollouts_0_${sha256.slice(0, 20)}.table.json`;
  await rename(unnamed, path.join(folder, name));
  return {
    file: path.join(folder, name),
    path: `media/table/${name}`,
    size: sums.size,
    rows: sums.rows,
    sha256,
    md5,
    clientId: randomId(CLIENT_ID_LENGTH),
    sequenceId: randomId(CLIENT_ID_LENGTH),
    manifestDigest: (entry) =>
      createHash('md5').update(`wandb-artifact-manifest-v1\n${entry}:${md5}\n`).digest('hex'),
  };
}
