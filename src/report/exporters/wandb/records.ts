import type { MetricValue } from '../metric-values.js';
import { Message } from './protobuf.js';
import type { StoredTable } from './table.js';

/**
 * The records of a run's log, after the descriptors of the wandb package 0.31 (`wandb_internal.proto`): each is a
 * `Record` with its number in field 1 and one kind of content. Field numbers stand beside their names.
 */

export interface WandbRun {
  id: string;
  project: string;
  name: string;
  /** Epoch milliseconds. */
  startedAt: number;
  /** Secrets masked. */
  config: Readonly<Record<string, unknown>>;
}

const TABLE_KEY = 'Rollouts';
const TABLE_IN_ARTIFACT = `${TABLE_KEY}.table.json`;

const PRODUCER = 'ngym';

const header = (): Message => new Message().message(1, new Message().text(1, PRODUCER)); // version_info.producer

/** RunRecord. */
function runRecord({ id, project, name, startedAt, config }: WandbRun): Message {
  const values = new Message();
  for (const [key, value] of Object.entries(config)) {
    // ConfigRecord.update of ConfigItem: key, value_json.
    if (value !== undefined) {
      values.message(1, new Message().text(1, key).text(16, JSON.stringify(value)));
    }
  }
  const started = new Message()
    .number(1, Math.floor(startedAt / 1000)) // seconds
    .number(2, Math.floor(startedAt % 1000) * 1_000_000); // nanos
  return new Message()
    .text(1, id) // run_id
    .text(3, project) // project
    .message(4, values) // config
    .text(8, name) // display_name
    .message(17, started); // start_time
}

/** HistoryItem and SummaryItem alike: nested_key, value_json. */
function item([path, value]: [readonly string[], unknown]): Message {
  const message = new Message();
  for (const key of path) message.text(2, key);
  return message.text(16, JSON.stringify(value));
}

function artifactRecord({ id, project }: WandbRun, table: StoredTable): Message {
  const layout = new Message().text(1, 'storageLayout').text(2, '"V2"');
  const entry = new Message()
    .text(1, TABLE_IN_ARTIFACT) // path
    .text(2, table.md5) // digest
    .number(4, table.size) // size
    .text(6, table.file); // local_path
  const manifest = new Message()
    .number(1, 1) // version
    .text(2, 'wandb-storage-policy-v1') // storage_policy
    .message(3, layout) // storage_policy_config
    .message(4, entry); // contents
  return new Message()
    .text(1, id) // run_id
    .text(2, project) // project
    .text(4, 'run_table') // type
    .text(5, `run-${id}-${TABLE_KEY}`) // name
    .text(6, table.manifestDigest(TABLE_IN_ARTIFACT)) // digest
    .text(11, 'latest') // aliases
    .message(12, manifest) // manifest
    .number(14, 1) // finalize
    .text(15, table.clientId) // client_id
    .text(16, table.sequenceId) // sequence_client_id
    .text(20, 'MANIFEST_MD5'); // digest_algorithm
}

/** FilesRecord with one FilesItem: path. */
const filesRecord = (path: string): Message => new Message().message(1, new Message().text(1, path));

function tableItems(table: StoredTable): [string[], unknown][] {
  const shown = {
    _type: 'table-file',
    path: table.path,
    sha256: table.sha256,
    size: table.size,
    ncols: 1,
    nrows: table.rows,
    log_mode: 'IMMUTABLE',
    artifact_path: `wandb-client-artifact://${table.clientId}/${TABLE_IN_ARTIFACT}`,
    _latest_artifact_path: `wandb-client-artifact://${table.sequenceId}:latest/${TABLE_IN_ARTIFACT}`,
  };
  return Object.entries(shown).map(([key, value]) => [[TABLE_KEY, key], value]);
}

/** All records of a finished run: header, run with configuration, table, one step of history, its summary, exit. */
export function runRecords(
  run: WandbRun,
  metrics: ReadonlyMap<string, MetricValue>,
  table: StoredTable | null,
): Uint8Array[] {
  const own: [string[], unknown][] = [...metrics].map(([name, value]) => [[name], value]);
  const stamps: [string[], unknown][] = [
    [['_step'], 0],
    [['_timestamp'], run.startedAt / 1000],
    [['_runtime'], 0],
  ];
  const items = [...own, ...(table === null ? [] : tableItems(table)), ...stamps];
  const history = new Message().message(2, new Message()); // step 0
  const summary = new Message();
  for (const each of items) {
    history.message(1, item(each));
    if (each[1] !== null) summary.message(1, item(each)); // update; wandb has no null in summaries either
  }
  const contents: [number, Message][] = [
    [21, header()],
    [17, runRecord(run)],
    ...(table === null
      ? []
      : ([
          [8, artifactRecord(run, table)],
          [6, filesRecord(table.path)],
        ] satisfies [number, Message][])),
    [3, summary],
    [2, history],
    [18, new Message()], // exit, with code 0
  ];
  return contents.map(([kind, content], i) =>
    new Message()
      .number(1, i + 1)
      .message(kind, content)
      .encode(),
  );
}
