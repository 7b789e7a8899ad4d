import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Latency, Provider, ReadRequest } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { REPOSITORY } from '../support/build.js';
import { mcqaRows, Workspace } from './workspace.js';

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** `task:rollout` of a request: the question's number and the seed of the repeat. */
function keyOf(request: ReadRequest): string {
  const question = /Question (\d+)/.exec(request.prompt)![1]!;
  return `${question}:${String((request.body as { seed?: number }).seed ?? 0)}`;
}

/** One output, run by real processes that can be killed; the provider knows what was asked for and when. */
export class CrashSite {
  readonly asked: string[] = [];
  private provider!: Provider;
  private space!: Workspace;
  private readonly plan: string[];

  constructor(
    private readonly tasks: number,
    private readonly repeats: number,
    private readonly provides: { latency: Latency; keepAliveMs?: number } = { latency: { min: 1, max: 15 } },
  ) {
    this.plan = Array.from(
      { length: tasks * repeats },
      (_, i) => `${Math.floor(i / repeats)}:${i % repeats}`,
    );
  }

  async open(): Promise<void> {
    this.provider = await startProvider({
      ...this.provides,
      keep: 0,
      faultFor: (request) => {
        this.asked.push(keyOf(request));
        return undefined;
      },
    });
    this.space = new Workspace(this.provider.baseUrl);
    this.space.writeRows('in.jsonl', mcqaRows(this.tasks));
  }

  async close(): Promise<void> {
    await this.provider.close();
    this.space.remove();
  }

  file(name: string): string {
    return this.space.file(name);
  }

  /** The command line of the real program. */
  command(...more: string[]): { program: string; args: string[]; cwd: string } {
    const model = '++policy_model.responses_api_models.vllm_model';
    const args = [
      path.join(REPOSITORY, 'bin/ng_collect_rollouts.js'),
      '+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/vllm_model/configs/vllm_model.yaml]',
      '+policy_base_url=unused',
      '+policy_api_key=test-key-0123456789',
      '+policy_model_name=fake-model',
      `${model}.base_url="${this.provider.baseUrl}"`,
      '+preflight=false',
      '+agent_name=mcqa_simple_agent',
      '+input_jsonl_fpath=in.jsonl',
      '+output_jsonl_fpath=out/r.jsonl',
      `+num_repeats=${this.repeats}`,
      '+num_repeats_add_seed=true',
      ...(more.some((word) => word.startsWith('+num_samples')) ? [] : ['+num_samples_in_parallel=8']),
      ...more,
    ];
    return { program: process.execPath, args, cwd: this.space.dir };
  }

  /** Starts the real program; its exit code comes with the promise. */
  start(...more: string[]): { child: ChildProcess; exited: Promise<number | null>; output: () => string } {
    const { program, args, cwd } = this.command(...more);
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (text += bytes.toString()));
    const exited = once(child, 'close').then(([code]) => code as number | null);
    return { child, exited, output: () => text };
  }

  /** Starts the program and kills it once it has asked for `requests` more rollouts, `ms` later. False: it was faster. */
  async startAndKill(requests: number, ms: number): Promise<boolean> {
    const until = this.asked.length + requests;
    const { child, exited } = this.start();
    let over = false;
    void exited.then(() => (over = true));
    while (!over && this.asked.length < until) await sleep(1);
    await sleep(ms);
    child.kill('SIGKILL');
    return (await exited) === null;
  }

  /** Keys with a whole stored result line. */
  stored(): string[] {
    if (!existsSync(this.space.file('out/r.jsonl'))) return [];
    const text = this.space.read('out/r.jsonl');
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const row = JSON.parse(line) as { _ng_task_index: number; _ng_rollout_index: number };
        return `${row._ng_task_index}:${row._ng_rollout_index}`;
      });
  }

  /** What is wrong with the finished output: lost, doubled, or asked for again though stored; empty when all is well. */
  problems(storedAtKills: readonly { stored: readonly string[]; askedBefore: number }[]): string[] {
    const stored = this.stored();
    const problems = this.plan.filter((key) => !stored.includes(key)).map((key) => `lost ${key}`);
    const seen = new Set<string>();
    for (const key of stored) {
      if (seen.has(key)) problems.push(`twice ${key}`);
      seen.add(key);
      if (!this.plan.includes(key)) problems.push(`never planned ${key}`);
    }
    for (const kill of storedAtKills) {
      const later = new Set(this.asked.slice(kill.askedBefore));
      for (const key of kill.stored) if (later.has(key)) problems.push(`asked again ${key}`);
    }
    return problems;
  }
}
