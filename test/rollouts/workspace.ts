import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../src/config/index.js';
import type { ResolvedConfig } from '../../src/config/index.js';
import type { CollectOptions, RunControl, RunEvent, RunSummary } from '../../src/rollouts/index.js';
import { collectRollouts } from '../../src/rollouts/index.js';

const CONFIGS =
  '+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/inference_provider/configs/inference_provider.yaml]';

/** Rows whose prompt tells the fake provider what to answer; odd rows get a wrong answer. */
export function mcqaRows(count: number): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, i) => ({
    responses_create_params: {
      input: [{ role: 'user', content: `Question ${i}: A: one\nB: two [answer: \\boxed{${'AB'[i % 2]!}}]` }],
    },
    options: [{ A: 'one' }, { B: 'two' }],
    expected_answer: 'A',
    grading_mode: 'strict_single_letter_boxed',
  }));
}

/** A folder of its own with a dataset, and ways to run and read it. */
export class Workspace {
  readonly dir = mkdtempSync(path.join(tmpdir(), 'ngym-rollouts-'));
  readonly events: RunEvent[] = [];
  /** Of the run that was last begun. */
  control: RunControl | undefined;

  constructor(readonly baseUrl = 'http://127.0.0.1:9/v1') {}

  file(name: string): string {
    return path.join(this.dir, name);
  }

  write(name: string, text: string): string {
    writeFileSync(this.file(name), text);
    return this.file(name);
  }

  writeRows(name: string, rows: readonly unknown[]): string {
    return this.write(name, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }

  read(name: string): string {
    return readFileSync(this.file(name), 'utf8');
  }

  rows(name: string): Record<string, unknown>[] {
    return this.read(name)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** `task:rollout` of every row of a file, sorted. */
  keys(name: string): string[] {
    return this.rows(name)
      .map((row) => `${String(row['_ng_task_index'])}:${String(row['_ng_rollout_index'])}`)
      .sort();
  }

  config(...overrides: string[]): Promise<ResolvedConfig> {
    const model = 'policy_model.responses_api_models.inference_provider';
    return loadConfig({
      cwd: this.dir,
      env: {},
      overrides: [
        CONFIGS,
        '+policy_base_url=unused',
        '+policy_api_key=test-key-0123456789',
        '+policy_model_name=fake-model',
        `++${model}.base_url="${this.baseUrl}"`,
        '+preflight=false',
        '+agent_name=mcqa_simple_agent',
        '+input_jsonl_fpath=in.jsonl',
        '+output_jsonl_fpath=out/r.jsonl',
        ...overrides,
      ],
    });
  }

  async collect(overrides: string[] = [], options: Partial<CollectOptions> = {}): Promise<RunSummary> {
    this.events.length = 0;
    return collectRollouts(await this.config(...overrides), {
      cwd: this.dir,
      env: {},
      ...this.watching(),
      ...options,
    });
  }

  /** Options of a run that is looked at with `events` and `scored`. */
  watching(): Pick<CollectOptions, 'reporter' | 'onControl'> {
    this.control = undefined;
    return {
      reporter: (event) => this.events.push(event),
      onControl: (control) => (this.control = control),
    };
  }

  /** The rollouts scored so far, at this moment: the events of progress come only now and then. */
  get scored(): number {
    return this.control?.status().balance.scored ?? 0;
  }

  notices(): string[] {
    return this.events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
