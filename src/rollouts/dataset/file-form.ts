import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { errors } from '../../errors/index.js';
import { placed } from '../../files/index.js';

const LOOKED_AT = 4096;

/**
 * Refuses a dataset that is plainly a file of another form, by its first bytes: compressed, Parquet, CSV, or one JSON
 * document. Anything else, and what comes through a pipe, passes and is judged line by line. Throws NgError.
 */
export async function checkForm(file: string): Promise<void> {
  const found = formOf(await head(file), path.extname(file).toLowerCase());
  if (found !== undefined) throw errors.datasetForm(file, ...found);
}

/** The first bytes; none of a pipe, which gives each byte once. */
async function head(file: string): Promise<Buffer> {
  if (!(await stat(file)).isFile()) return Buffer.alloc(0);
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOOKED_AT), 0, LOOKED_AT, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw placed(error, file);
  } finally {
    await handle.close();
  }
}

/** What it is, and the command that makes JSONL of it (`FILE` stands for the file). */
function formOf(bytes: Buffer, extension: string): [form: string, command: string] | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return ['compressed with gzip', 'gunzip --keep FILE'];
  if (bytes.toString('latin1', 0, 4) === '(\xb5/\xfd') return ['compressed with zstd', 'unzstd FILE'];
  if (bytes.toString('latin1', 0, 4) === 'PAR1') return ['a Parquet file', pandas('parquet')];
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  const [first = ''] = text.split('\n', 1);
  if (/^\s*\[/.test(text) && !isJson(first)) return ['one JSON array', jq('.[]')];
  if (/^\s*\[\s*\{/.test(text)) return ['one JSON array', jq('.[]')];
  if (/^\{\s*$/.test(first)) return ['JSON over several lines', jq('.')];
  if (!first.startsWith('{') && isHeader(first, extension)) return ['a CSV file', pandas('csv')];
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A line of column names. */
function isHeader(line: string, extension: string): boolean {
  const columns = line.trimEnd().split(/[,;\t]/);
  const names = columns.every((column) => /^\s*"?[\w .-]+"?\s*$/.test(column));
  return names && (extension === '.csv' || extension === '.tsv' || columns.length > 1);
}

const jq = (filter: string): string => `jq -c '${filter}' FILE > data.jsonl`;
const pandas = (form: string): string =>
  `python3 -c "import pandas; pandas.read_${form}('FILE').to_json('data.jsonl', orient='records', lines=True)"`;
