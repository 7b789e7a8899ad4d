import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomBytes } from 'node:crypto';
import { startPlatform } from '../../src/platform/index.js';
import { openDatabase } from '../../src/store/index.js';
import { conformanceMissing, conformanceRows } from '../support/conformance.js';
import { DIFFERENCES, notBuilt } from './conformance/differences.js';
import { play, type Played } from './conformance/play.js';
import type { Scenario } from './conformance/scenario.js';
import { startScriptedUpstream, type ScriptedUpstream } from './conformance/upstream.js';
import { masterKeyFor } from './support.js';

/** Print each step that is not equal and not explained: `NGYM_SHOW=gateway/ npx vitest run test/platform/conformance.test.ts`. */
const SHOW = process.env['NGYM_SHOW'];

const scenarios = conformanceRows<Scenario>('platform', 'scenarios.jsonl').filter(
  ({ name }) => SHOW === undefined || name.startsWith(SHOW),
);
const groups = [...new Set(scenarios.map(({ name }) => name.split('/', 1)[0]!))];

interface Count {
  steps: number;
  equal: number;
  explained: number;
  notBuilt: number;
}

describe.skipIf(conformanceMissing !== false)(
  `the recorded scenarios${conformanceMissing === false ? '' : `: ${conformanceMissing}`}`,
  () => {
    let upstream: ScriptedUpstream;
    const counts = new Map<string, Count>();
    const used = new Map<string, number>();
    beforeAll(async () => {
      upstream = await startScriptedUpstream();
    });
    afterAll(async () => {
      await upstream.close();
      const rows = [...counts].map(([group, { steps, equal, explained, notBuilt }]) => ({
        group,
        steps,
        equal,
        explained,
        notBuilt,
      }));
      const sum = (key: keyof Count): number => rows.reduce((total, row) => total + row[key], 0);
      rows.push({
        group: 'all',
        steps: sum('steps'),
        equal: sum('equal'),
        explained: sum('explained'),
        notBuilt: sum('notBuilt'),
      });
      console.table(rows);
      console.table([...used].map(([reason, steps]) => ({ steps, reason })));
    });

    it.each(groups)('%s', async (group) => {
      const count: Count = { steps: 0, equal: 0, explained: 0, notBuilt: 0 };
      counts.set(group, count);
      const wrong: string[] = [];
      for (const scenario of scenarios.filter(({ name }) => name.startsWith(`${group}/`))) {
        for (const played of await playAlone(scenario, upstream)) {
          count.steps += 1;
          if (played.unequal.length === 0) count.equal += 1;
          else if (notBuilt(played)) count.notBuilt += 1;
          else {
            const difference = DIFFERENCES.find(({ covers }) => covers(played));
            if (difference === undefined) wrong.push(told(played));
            else {
              count.explained += 1;
              used.set(difference.reason, (used.get(difference.reason) ?? 0) + 1);
            }
          }
        }
      }
      if (SHOW !== undefined) console.log(wrong.join('\n'));
      expect(wrong.map((text) => text.split('\n', 1)[0])).toEqual([]);
    });

    it.skipIf(SHOW !== undefined)('needs each difference that is listed', () => {
      expect(DIFFERENCES.map(({ reason }) => reason).filter((reason) => !used.has(reason))).toEqual([]);
    });
  },
);

let played = 0;

/** Each scenario has a platform of its own: what depends on others is not in the data. */
async function playAlone(scenario: Scenario, upstream: ScriptedUpstream): Promise<Played[]> {
  const database = await openDatabase(':memory:');
  const platform = await startPlatform({
    database,
    masterKeys: [masterKeyFor(randomBytes(32))],
    host: '127.0.0.1',
    port: 0,
    token: null,
    revision: 'dev',
    discovery: false,
    ...(scenario.server !== 'runtime none' && { executors: () => [] }),
  });
  played += 1;
  const tag = `s${String(played).padStart(7, '0')}`;
  const workspaces = { '${WS}': `ws-${tag}-r1`, '${WS2}': `ws-${tag}-r2`, '${WS3}': `ws-${tag}-r3` };
  try {
    await fetch(`${platform.url}/apis/entities/v2/workspaces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: workspaces['${WS}'] }),
    });
    const subject = { port: platform.port, settle: () => platform.settle() };
    return await play(scenario, subject, upstream, { tag, workspaces });
  } finally {
    await platform.close(0);
    await database.close();
  }
}

function told({ scenario, index, step, response, upstream, unequal }: Played): string {
  const cut = (value: unknown): string => JSON.stringify(value).slice(0, 700);
  const lines = [
    `${scenario.name}[${index}] ${step.request.method} ${step.request.path}: ${unequal.join(', ')}`,
  ];
  lines.push(`   wanted ${cut(step.response)}`, `   got    ${cut(response)}`);
  if (unequal.includes('upstream'))
    lines.push(`   wanted up ${cut(step.upstream ?? [])}`, `   got up    ${cut(upstream)}`);
  return lines.join('\n');
}
