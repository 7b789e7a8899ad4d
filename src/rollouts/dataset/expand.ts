import type { ConfigObject } from '../../config/index.js';
import type { Member } from '../text/json-text.js';
import { compactJson, members, objectText, setMember } from '../text/json-text.js';
import { JsonNumber, parseLossless, pythonFloat, writeCompact, writePython } from '../../python/index.js';
import { Counters } from './counters.js';
import { DigestIndex } from './digest-index.js';
import type { Line } from './lines.js';
import type { PromptTemplate } from './prompt.js';
import { buildMessages, formatProblem } from './prompt.js';
import type { Routing, Target } from './routing.js';
import { nameAgent, Router } from './routing.js';
import { RowProblem } from './row-problem.js';

export interface ExpandOptions {
  routing: Routing;
  numRepeats: number | Readonly<Record<string, number>>;
  addSeed: boolean;
  requestOverrides: ConfigObject;
  template: PromptTemplate | null;
  /** The agents that play; a row of any other cannot be used. Default: any agent plays. */
  agents?: ReadonlySet<string>;
  /** Stamped on every row; compact JSON text. */
  skillsRef: string | null;
  /** Gets the text of each line of the dataset. */
  onRow?: (text: string) => void;
}

/** One planned rollout: a line of the materialized inputs. */
export interface PlannedRow {
  task: number;
  rollout: number;
  agent: string;
  /** Compact JSON, no newline. */
  text: string;
}

/** Key of a planned rollout whose line of the dataset cannot be used; its value says why. */
export const ROW_PROBLEM = '_ng_row_problem';

const NO_REQUEST =
  'Rows with fields of their own instead get their input from a prompt template: --prompt-config prompt.yaml, a file with\n' +
  '  "user: |" and text in which {field} stands for a field of the row (docs/data-format.md).';
const BRACES = 'In a prompt template a brace that is no field is doubled: {{ and }}.';

/** Request fields that are floats for every reader: written `1.0` though a configuration holds plain numbers. */
const FLOAT_FIELDS = new Set(['temperature', 'top_p']);

function overrideText(key: string, value: unknown): string {
  return FLOAT_FIELDS.has(key) && typeof value === 'number' ? pythonFloat(value) : JSON.stringify(value);
}

function readRow(line: Line): Member[] {
  if (!line.valid) throw new RowProblem('not UTF-8 text');
  if (line.text.trim() === '') throw new RowProblem('blank line');
  // Some editors put a byte order mark at the start of a file.
  const text = line.number === 1 ? line.text.replace(/^\ufeff/, '') : line.text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RowProblem(`not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RowProblem(`not a JSON object but ${Array.isArray(value) ? 'a list' : JSON.stringify(value)}`);
  }
  return members(compactJson(text));
}

const rawOf = (row: readonly Member[], key: string): string | undefined =>
  row.find((member) => member.key === key)?.raw;

/** Python's truth: null, false, 0, "" and empty containers are false. */
const isEmpty = (raw: string | undefined): boolean =>
  raw === undefined || ['null', '""', '[]', '{}', 'false', '0'].includes(raw);

function applyPrompt(row: readonly Member[], request: Member[], template: PromptTemplate): void {
  if (!isEmpty(rawOf(request, 'input'))) {
    throw new RowProblem('has "responses_create_params.input" already; a prompt template would replace it');
  }
  const fields = parseLossless(objectText(row)) as Map<string, never>;
  try {
    setMember(request, 'input', writeCompact(buildMessages(template, fields)));
  } catch (error) {
    const reason = formatProblem(error);
    if (reason === undefined) throw error;
    throw new RowProblem(`does not fit the prompt template: ${reason}`, BRACES);
  }
}

function readRequest(row: readonly Member[], template: PromptTemplate | null): Member[] {
  const raw = rawOf(row, 'responses_create_params');
  if (raw === undefined && template === null) {
    throw new RowProblem('no "responses_create_params"', NO_REQUEST);
  }
  if (raw === undefined) return [];
  if (!raw.startsWith('{')) throw new RowProblem('"responses_create_params" is not an object');
  return members(raw);
}

/** Puts the number of the repeat into the JSON text `metadata.extra_body`, where the model servers look for it. */
function withSeed(request: readonly Member[], seed: number): Member[] {
  const copy = request.map((member) => ({ ...member }));
  const metadata = rawOf(copy, 'metadata');
  const list = metadata?.startsWith('{') === true ? members(metadata) : [];
  const stored = rawOf(list, 'extra_body');
  const extra = stored === undefined ? new Map<string, never>() : extraBody(stored);
  const merged = new Map([...extra, ['seed', new JsonNumber(String(seed))]]);
  setMember(list, 'extra_body', JSON.stringify(writePython(merged)));
  setMember(copy, 'metadata', objectText(list));
  return copy;
}

function extraBody(raw: string): Map<string, JsonNumber> {
  try {
    const value = parseLossless(JSON.parse(raw) as string);
    if (value instanceof Map) return value as Map<string, JsonNumber>;
  } catch {
    // Told below, in our words.
  }
  throw new RowProblem('"responses_create_params.metadata.extra_body" is not the JSON text of an object');
}

/** Turns lines of a dataset into planned rollouts, with the reference's indices. Feed it in file order. */
export class Expander {
  private readonly tasks = new DigestIndex();
  private readonly rollouts = new Counters();
  /** Who plays, and what was told otherwise. */
  readonly router: Router;

  constructor(private readonly options: ExpandOptions) {
    this.router = new Router(options.routing);
  }

  /** Throws {@link RowProblem}; the line then takes no task index. */
  expand(line: Line): PlannedRow[] {
    const { template, requestOverrides, skillsRef } = this.options;
    const row = readRow(line);
    const request = readRequest(row, template);
    if (template !== null) applyPrompt(row, request, template);
    setMember(row, 'responses_create_params', '{}');
    const targets = this.router.route(row);
    const stranger = targets.find(({ agent }) => this.options.agents?.has(agent) === false);
    if (stranger !== undefined) {
      throw new RowProblem(`names the agent "${stranger.agent}", which does not play in this run`);
    }
    for (const [key, value] of Object.entries(requestOverrides)) {
      setMember(request, key, overrideText(key, value));
    }
    if (skillsRef !== null) setMember(row, 'skills_ref', skillsRef);
    const wanted = targets.map((target) => ({ target, repeats: this.repeats(target) }));
    const task = this.taskIndex(row, line);
    setMember(row, '_ng_task_index', String(task));
    return wanted.flatMap(({ target, repeats }) => {
      const copy = row.map((member) => ({ ...member }));
      if (target.stamp === 'before') nameAgent(copy, target.agent);
      const first = this.rollouts.add(task, repeats);
      return Array.from({ length: repeats }, (_, i) => this.planned(copy, request, target, task, first + i));
    });
  }

  /** In the place of a line that cannot be used: one rollout that says why when it is played, and then fails alone. */
  unusable(line: Line, problem: string, agent: string): PlannedRow {
    const task = this.tasks.indexOf(line.terminated ? `${line.text}\n` : line.text);
    const rollout = this.rollouts.add(task, 1);
    const text = JSON.stringify({
      responses_create_params: { input: [] },
      [ROW_PROBLEM]: problem,
      agent_ref: { name: agent },
      _ng_task_index: task,
      _ng_rollout_index: rollout,
    });
    return { task, rollout, agent, text };
  }

  private planned(
    row: Member[],
    request: readonly Member[],
    { agent, stamp }: Target,
    task: number,
    rollout: number,
  ): PlannedRow {
    const seeded = this.options.addSeed ? withSeed(request, rollout) : request;
    setMember(row, 'responses_create_params', objectText(seeded));
    setMember(row, '_ng_rollout_index', String(rollout));
    if (stamp === 'after') nameAgent(row, agent);
    return { task, rollout, agent, text: objectText(row) };
  }

  private repeats({ repeatKeys }: Target): number {
    const { numRepeats } = this.options;
    if (typeof numRepeats === 'number') return numRepeats;
    const key = [...repeatKeys, '_default'].find((name) => Object.hasOwn(numRepeats, name));
    if (key !== undefined) return numRepeats[key]!;
    const names = [...new Set(repeatKeys)].map((name) => `"${name}"`).join(' or ');
    throw new RowProblem(`num_repeats names neither ${names} nor _default`);
  }

  /** A row's own index wins; else lines with the same text, newline included, are repeats of one task. */
  private taskIndex(row: readonly Member[], line: Line): number {
    const own = rawOf(row, '_ng_task_index');
    if (own === undefined) return this.tasks.indexOf(line.terminated ? `${line.text}\n` : line.text);
    const index = Number(own);
    if (!/^-?\d+$/.test(own) || Math.abs(index) >= 2 ** 31) {
      throw new RowProblem(`"_ng_task_index" is not an integer of at most 31 bits: ${own}`);
    }
    return index;
  }
}
