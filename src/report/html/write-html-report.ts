import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { JsonObject } from '../../protocol/index.js';
import { beside } from '../files/beside.js';
import { writeWhole } from '../../files/index.js';
import { dataBlock } from './embed.js';
import { IndexBlocks, indexEntry } from './index-blocks.js';
import { loadPage } from './page.js';
import { storedRollouts } from './rollouts.js';
import { shownRow } from './shown-row.js';
import { AgentGatherer, type RolloutStatus } from './statistics.js';

export interface HtmlReportOptions {
  /** The rollouts file of the run; its other files are found beside it. */
  rollouts: string;
  /** Where the page goes; a file that is there is replaced when the new one is whole. */
  out: string;
}

export interface HtmlReport {
  file: string;
  /** Rollouts in it, of all states. */
  rollouts: number;
  tasks: number;
  bytes: number;
  /** What the reader of the page is told was left out. */
  notices: string[];
}

/** What of the manifest is shown; null when there is none that can be read. */
async function manifestFacts(rollouts: string): Promise<JsonObject | null> {
  const file = beside(rollouts, '_manifest.json');
  if (!existsSync(file)) return null;
  try {
    const { tool, created_at, input, identity } = JSON.parse(await readFile(file, 'utf8')) as JsonObject;
    return {
      tool: tool ?? null,
      created_at: created_at ?? null,
      input: input ?? null,
      identity: identity ?? null,
    };
  } catch {
    return null;
  }
}

class Report {
  readonly notices: string[] = [];
  readonly index = new IndexBlocks();
  private readonly agents = new Map<string, AgentGatherer>();

  constructor(private readonly options: HtmlReportOptions) {}

  private count(entry: ReturnType<typeof indexEntry>, agent: string): void {
    let gatherer = this.agents.get(agent);
    if (gatherer === undefined) this.agents.set(agent, (gatherer = new AgentGatherer(agent)));
    const { task, rollout, reward, usage } = entry;
    if (entry.status === 'scored' && reward !== null) gatherer.scored(task, rollout, reward, usage);
    else gatherer.unscored(entry.status as Exclude<RolloutStatus, 'scored'>, entry.kind);
  }

  async *pieces(): AsyncGenerator<string> {
    const { rollouts } = this.options;
    const name = path.basename(rollouts);
    const page = await loadPage(name);
    yield page.head;
    let number = 0;
    for await (const stored of storedRollouts(rollouts, (message) => this.notices.push(message))) {
      const entry = indexEntry(stored);
      this.count(entry, entry.agent);
      yield dataBlock(`rollout-${number}`, shownRow(stored.row));
      yield this.index.add(entry, stored.row);
      number += 1;
    }
    yield this.index.flush();
    const agents = [...this.agents.values()].map((gatherer) => gatherer.finish());
    const manifest = await manifestFacts(rollouts);
    yield dataBlock('run', { name, manifest, agents, notices: this.notices });
    yield page.tail;
  }
}

/**
 * Writes one self-contained page about a run: its numbers with intervals, every task, every conversation. Made from
 * stored rows only, so a run that was killed has one too. Memory: some numbers per rollout, never a conversation
 * but the one being written. Throws NgError when the rollouts are not there or a line of them is damaged.
 */
export async function writeHtmlReport(options: HtmlReportOptions): Promise<HtmlReport> {
  const report = new Report(options);
  await writeWhole(options.out, report.pieces());
  const { size } = await stat(options.out);
  const { rollouts, tasks } = report.index;
  return { file: options.out, rollouts, tasks, bytes: size, notices: report.notices };
}
