import { errors } from '../../errors/index.js';
import { alignTasks, type Match } from '../compare/align.js';
import { pairAgents } from '../compare/compare-runs.js';
import { tellGitHub, type Environment } from '../formats/ci.js';
import { toMarkdown, toText } from '../formats/document.js';
import { loadRun } from '../run/load-run.js';
import { agentNames, countState, select } from '../run/group.js';
import type { StoredRun } from '../run/stored-run.js';
import { checkRule, worst, type Check, type Verdict } from './check.js';
import { gateAnnotations, gateBlocks, gateJunit } from './gate-texts.js';
import type { Baseline } from './measure.js';
import { readRules } from './read-rules.js';
import { parseRule, type Rule } from './rule.js';

export interface GateOptions {
  /** The rollouts file. */
  rollouts: string;
  /** The rollouts file of the run to compare with, for `regression`. */
  baseline?: string | undefined;
  /** Rules as text. */
  rules?: readonly string[] | undefined;
  /** A YAML file with more rules. */
  rulesFile?: string | undefined;
  /** How tasks of the two runs are paired. Default `same`. */
  match?: Match | undefined;
  /** Default `text`. */
  format?: 'text' | 'markdown' | 'json' | 'junit' | undefined;
  color?: boolean | undefined;
  /** When given, and it is GitHub's, the step summary is written and annotations are part of `text`. */
  env?: Environment | undefined;
}

export interface Gate {
  gate_version: 1;
  verdict: Verdict;
  checks: Check[];
  /** Rollouts without a reward that should have one. */
  missing: number;
  /** Below the coverage that the rules ask for (all, when they do not say). */
  incomplete: boolean;
  notices: string[];
}

/** Exit code of each verdict. */
export const GATE_EXIT: Readonly<Record<Verdict, number>> = {
  pass: 0,
  breach: 1,
  incomplete: 3,
  inconclusive: 4,
};

const TOGETHER = new Set(['coverage', 'cost', 'input_tokens', 'output_tokens']);

interface Compared {
  run: StoredRun;
  pairs: ReadonlyMap<number, number>;
  /** Agent of the run → agent of the baseline. */
  agents: ReadonlyMap<string, string>;
}

function baselineFor(rule: Rule, agent: string, compared: Compared | null): Baseline | null {
  if (rule.metric !== 'regression') return null;
  if (compared === null) throw errors.gateNeedsBaseline(rule.text);
  const other = compared.agents.get(agent) ?? agent;
  const group = select(compared.run, { agent: other, where: rule.where });
  return { group, pairs: compared.pairs };
}

function checksOf(rule: Rule, run: StoredRun, compared: Compared | null): Check[] {
  const known = agentNames(run);
  if (rule.agent !== null && !known.includes(rule.agent)) {
    throw errors.gateBadRule(rule.text, `the run has no agent "${rule.agent}"`, known, rule.agent);
  }
  const together = rule.agent === null && TOGETHER.has(rule.metric);
  const agents = together ? [undefined] : rule.agent === null ? known : [rule.agent];
  return agents.map((agent) =>
    checkRule(
      rule,
      agent ?? null,
      select(run, { agent, where: rule.where }),
      agent === undefined ? null : baselineFor(rule, agent, compared),
    ),
  );
}

async function loadBaseline(run: StoredRun, options: GateOptions, by: string[]): Promise<Compared | null> {
  if (options.baseline === undefined) return null;
  const baseline = await loadRun(options.baseline, { by });
  const { pairs, notices } = await alignTasks(baseline, run, options.match ?? 'same');
  run.notices.push(...notices, ...baseline.notices);
  const agents = pairAgents(baseline, run).pairs.map(({ first, second }) => [second, first] as const);
  return { run: baseline, pairs, agents: new Map(agents) };
}

/** Judges a run: missing rollouts forbid a pass, unless a rule about coverage says how many may be missing. */
function judge(run: StoredRun, rules: readonly Rule[], compared: Compared | null): Gate {
  const checks = rules.flatMap((rule) => checksOf(rule, run, compared));
  const all = select(run, {});
  const missing = countState(all, 'failed') + countState(all, 'owed');
  const floors = rules.filter(({ metric, op }) => metric === 'coverage' && op.startsWith('>'));
  const incomplete = floors.length === 0 && missing > 0;
  for (const check of checks) {
    // Too low a coverage is a run that is not finished, not a bad result.
    if (floors.some(({ text }) => text === check.rule) && check.verdict === 'breach')
      check.verdict = 'incomplete';
  }
  const verdicts = checks.map(({ verdict }) => verdict);
  return {
    gate_version: 1,
    verdict: worst([...verdicts, ...(incomplete ? (['incomplete'] as const) : [])]),
    checks,
    missing,
    incomplete: incomplete || verdicts.includes('incomplete'),
    notices: [...new Set(run.notices)],
  };
}

/**
 * Holds a stored run against rules. Text, JUnit, annotations and exit code are all made from the one result.
 * Throws NgError for rules that cannot be used, and for a baseline with other tasks.
 */
export async function runGate(options: GateOptions): Promise<{ gate: Gate; text: string; exitCode: number }> {
  const rules = [
    ...(options.rules ?? []).map((text) => parseRule(text)),
    ...(options.rulesFile === undefined ? [] : await readRules(options.rulesFile)),
  ];
  if (rules.length === 0) throw errors.gateNoRules();
  const by = [...new Set(rules.flatMap((rule) => Object.keys(rule.where)))];
  const run = await loadRun(options.rollouts, { by });
  const gate = judge(run, rules, await loadBaseline(run, options, by));
  const blocks = gateBlocks(gate);
  const markdown = toMarkdown(blocks);
  const formats = {
    text: () => toText(blocks, options.color),
    markdown: () => markdown,
    json: () => `${JSON.stringify(gate, null, 2)}\n`,
    junit: () => gateJunit(gate),
  };
  const told = await tellGitHub(options.env ?? {}, markdown, gateAnnotations(gate));
  const format = options.format ?? 'text';
  // Workflow commands in JSON or XML would spoil them.
  const text = formats[format]() + (format === 'text' || format === 'markdown' ? told : '');
  return { gate, text, exitCode: GATE_EXIT[gate.verdict] };
}
