import type { Annotation } from '../formats/annotations.js';
import { left, table, type Block } from '../formats/document.js';
import { toJunit, type JunitCase } from '../formats/junit.js';
import { count } from '../text/format.js';
import type { Check, Verdict } from './check.js';
import type { Gate } from './run-gate.js';

const MEANING: Readonly<Record<Verdict, string>> = {
  pass: 'Every rule holds.',
  breach: 'A rule does not hold.',
  inconclusive: 'What is not known could change the verdict of a rule.',
  incomplete: 'Rollouts are missing, so the run cannot pass.',
};

function missingText(gate: Gate): string {
  return gate.missing === 0 ? '' : ` ${count(gate.missing, 'rollout')} without a reward: resume the run.`;
}

/** The gate's result as blocks. */
export function gateBlocks(gate: Gate): Block[] {
  return [
    { type: 'heading', text: `Gate: ${gate.verdict}` },
    { type: 'text', text: `${MEANING[gate.verdict]}${missingText(gate)}` },
    table(
      [left('rule'), left('agent'), left('verdict'), left('found')],
      gate.checks.map(({ rule, agent, verdict, reason }) => [rule, agent ?? '(all)', verdict, reason]),
    ),
    ...(gate.notices.length === 0 ? [] : [{ type: 'list', items: gate.notices } as const]),
  ];
}

function title({ rule, agent }: Check): string {
  return agent === null ? rule : `${agent}: ${rule}`;
}

/** An error per breach, a warning per rule that could not be decided. */
export function gateAnnotations(gate: Gate): Annotation[] {
  const found = gate.checks
    .filter(({ verdict }) => verdict !== 'pass')
    .map((check): Annotation => ({
      level: check.verdict === 'breach' ? 'error' : 'warning',
      title: `${check.verdict}: ${title(check)}`,
      message: `${title(check)}: found ${check.reason}`,
    }));
  if (gate.missing > 0 && gate.incomplete) {
    found.push({ level: 'warning', title: 'Run incomplete', message: missingText(gate).trim() });
  }
  return found.length > 0
    ? found
    : [{ level: 'notice', title: 'Gate: pass', message: count(gate.checks.length, 'rule') }];
}

const OUTCOME = { pass: 'passed', breach: 'failure', inconclusive: 'error', incomplete: 'error' } as const;

function gateCase(check: Check): JunitCase {
  const { verdict, agent, rule, reason } = check;
  return {
    classname: agent ?? 'all',
    name: rule,
    outcome: OUTCOME[verdict],
    ...(verdict === 'pass' ? { output: reason } : { type: verdict, message: `found ${reason}` }),
  };
}

/** A case per rule and agent. A run that is incomplete has a case of its own, so that no report is all green. */
export function gateJunit(gate: Gate): string {
  const cases = gate.checks.map(gateCase);
  if (gate.incomplete) {
    cases.push({
      classname: 'all',
      name: 'complete',
      outcome: 'error',
      type: 'incomplete',
      message: missingText(gate).trim(),
    });
  }
  return toJunit('gate', [{ name: 'gate', properties: { verdict: gate.verdict }, cases }]);
}
