import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { isObject, type Json, type JsonObject, type TaskRow } from '../../protocol/index.js';
import { HttpError, type Exchange } from '../http/index.js';
import { asRow } from '../server-call.js';

/** What the configuration says about the rows of episodes over MCP. */
export interface McpRows {
  /** `mcp_row` of the environment's block: a row, or the number of a line of the dataset. */
  readonly row?: JsonObject | number;
  /** The example dataset of an agent that plays this environment, if there is one. */
  readonly dataset?: string;
}

/** A client's own row, as JSON, or the number of a line of the dataset, from 0. */
export const ROW_HEADER = 'x-ngym-row';

/**
 * The row that a client's episode begins with: what its header says, else `mcp_row`, else the first line of the
 * example dataset, else a row without any keys. The file is read when the row is asked for. Throws HttpError 400 for
 * a header that is neither a row nor a number.
 */
export function rowFor(exchange: Exchange, rows: McpRows): () => Promise<TaskRow> {
  const named = exchange.request.headers[ROW_HEADER];
  const wanted = typeof named === 'string' ? readHeader(named) : rows.row;
  if (typeof wanted === 'object') return () => Promise.resolve(completed(wanted));
  const { dataset } = rows;
  if (dataset !== undefined) return async () => completed(await lineOf(dataset, wanted ?? 0));
  if (wanted === undefined) return () => Promise.resolve(completed({}));
  throw new HttpError(400, {
    detail: `Row ${wanted} was asked for, but no agent of this environment has a dataset: send the row itself as JSON`,
  });
}

function readHeader(text: string): JsonObject | number {
  let value: Json | undefined;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    value = undefined;
  }
  if (isObject(value)) return value;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new HttpError(400, {
    detail: `The header ${ROW_HEADER} is neither a row (a JSON object) nor the number of a line of the dataset`,
  });
}

function completed(row: JsonObject): TaskRow {
  const params = row['responses_create_params'];
  return asRow({ ...row, responses_create_params: isObject(params) ? params : { input: [] } });
}

async function lineOf(file: string, wanted: number): Promise<JsonObject> {
  const input = createReadStream(file);
  try {
    let at = 0;
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (line.trim() === '' || at++ !== wanted) continue;
      const row = JSON.parse(line) as Json;
      if (isObject(row)) return row;
      throw new Error('it is not an object');
    }
    throw new Error(`it has only ${at} rows`);
  } catch (error) {
    const message = `Row ${wanted} of ${file} cannot be used: ${(error as Error).message}`;
    throw new HttpError(400, { detail: message });
  } finally {
    input.destroy();
  }
}
