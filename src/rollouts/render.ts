import path from 'node:path';
import { checkForm } from './dataset/file-form.js';
import { findFile } from './dataset/find-file.js';
import { readLines } from './dataset/lines.js';
import type { PromptTemplate } from './dataset/prompt.js';
import { buildMessages, formatProblem, readPrompt } from './dataset/prompt.js';
import { RowProblems } from './dataset/row-problems.js';
import type { Lossless } from '../python/index.js';
import { parseLossless, writePython } from '../python/index.js';
import { makeFolder, WholeFile } from '../files/index.js';

export interface RenderOptions {
  /** Paths as given; relative ones start at `cwd`, the template's at the search roots too. */
  input: string;
  output: string;
  promptConfig: string;
  cwd: string;
  roots: readonly string[];
}

function renderRow(text: string, template: PromptTemplate): string {
  if (text.trim() === '') throw new SyntaxError('blank line');
  const row = parseLossless(text);
  if (!(row instanceof Map)) throw new SyntaxError('not a JSON object');
  const request = row.get('responses_create_params') ?? new Map<string, Lossless>();
  if (!(request instanceof Map)) throw new SyntaxError('"responses_create_params" is not an object');
  const input = request.get('input');
  if (
    input !== undefined &&
    input !== null &&
    input !== '' &&
    !(Array.isArray(input) && input.length === 0)
  ) {
    throw new SyntaxError('has "responses_create_params.input" already');
  }
  request.set('input', buildMessages(template, row));
  row.set('responses_create_params', request);
  row.set('prompt_config_used', template.file);
  return writePython(row);
}

function reasonOf(error: unknown): string {
  const reason = formatProblem(error) ?? (error instanceof SyntaxError ? error.message : undefined);
  if (reason === undefined) throw error;
  return reason;
}

/**
 * Fills a prompt template with each row of a dataset and writes the rows with their messages, in the text form of
 * Python's `json.dumps`. Returns the number of rows. Throws one error that lists the lines that do not fit; then
 * no output appears.
 */
export async function renderDataset(options: RenderOptions): Promise<number> {
  const input = findFile('input_jsonl_fpath', options.input, [options.cwd]);
  await checkForm(input);
  const template = await readPrompt(
    findFile('prompt_config', options.promptConfig, [options.cwd, ...options.roots]),
  );
  const output = path.resolve(options.cwd, options.output);
  await makeFolder(path.dirname(output));
  const whole = await WholeFile.open(output);
  const problems = new RowProblems();
  let rows = 0;
  try {
    for await (const line of readLines(input)) {
      rows += 1;
      try {
        await whole.write(`${renderRow(line.text, template)}\n`);
      } catch (error) {
        problems.add(line.number, reasonOf(error));
      }
    }
    if (problems.count > 0) throw problems.error(input);
    await whole.commit();
  } catch (error) {
    await whole.abandon();
    throw error;
  }
  return rows;
}
