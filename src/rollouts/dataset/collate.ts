import { open } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigObject, ConfigValue, ResolvedConfig } from '../../config/index.js';
import { errors } from '../../errors/index.js';
import { compactJson, members, objectText, setMember } from '../text/json-text.js';
import { findFile } from './find-file.js';
import { readLines } from './lines.js';
import { makeFolder } from '../../files/index.js';

interface Dataset {
  agent: string;
  type: string;
  file: string;
  repeats: number;
}

const isObject = (value: ConfigValue): value is ConfigObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Datasets that agents declare in their blocks, in the configuration's order. */
function declared(resolved: ResolvedConfig): Dataset[] {
  return resolved.servers
    .filter(({ type }) => type === 'responses_api_agents')
    .flatMap(({ name, config }) => {
      const list = Array.isArray(config.datasets) ? config.datasets.filter(isObject) : [];
      return list.map((dataset) => ({
        agent: name,
        type: typeof dataset.type === 'string' ? dataset.type : '',
        file: typeof dataset.jsonl_fpath === 'string' ? dataset.jsonl_fpath : '',
        repeats: typeof dataset.num_repeats === 'number' ? dataset.num_repeats : 1,
      }));
    });
}

/** A row with the agent that owns its dataset; a line that is no object is left for the reader to report. */
function withAgent(line: string, agent: string): string {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return line;
  } catch {
    return line;
  }
  const row = members(compactJson(line));
  const type = JSON.stringify('responses_api_agents');
  setMember(
    row,
    'agent_ref',
    objectText([
      { key: 'type', raw: type },
      { key: 'name', raw: JSON.stringify(agent) },
    ]),
  );
  return objectText(row);
}

/**
 * Joins the declared datasets of type `split` into `<output>/preprocessed_datasets/<split>.jsonl`, each row with its
 * agent, and each line as often as its dataset's `num_repeats`. Returns the file and those agents. Throws NgError when there is
 * no such dataset, or a file of one is missing.
 */
export async function collateSplit(resolved: ResolvedConfig, split: string, output: string) {
  const all = declared(resolved);
  const chosen = all.filter(({ type }) => type === split);
  if (chosen.length === 0) throw errors.noDatasets(split, [...new Set(all.map(({ type }) => type))]);
  const files = chosen.map(({ agent, file }) =>
    findFile(`${agent}.datasets.jsonl_fpath`, file, resolved.roots),
  );
  const { dir, name } = path.parse(output);
  const target = path.join(dir, name, 'preprocessed_datasets', `${split}.jsonl`);
  await makeFolder(path.dirname(target));
  const handle = await open(target, 'w');
  try {
    for (const [i, { agent, repeats }] of chosen.entries()) {
      for await (const line of readLines(files[i]!)) {
        await handle.appendFile(`${withAgent(line.text, agent)}\n`.repeat(repeats));
      }
    }
  } finally {
    await handle.close();
  }
  return { file: target, agents: new Set(chosen.map(({ agent }) => agent)) };
}
