import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunControl } from '../../src/rollouts/index.js';
import { describeStatus, runStatus } from '../../src/rollouts/index.js';
import type { FaultLike, Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { mcqaRows, Workspace } from './workspace.js';

let provider: Provider;
let space: Workspace;
let fault: FaultLike;

beforeEach(async () => {
  fault = 'ok';
  provider = await startProvider({
    faultFor: ({ prompt }) => (prompt.includes('Question 1') ? fault : 'ok'),
  });
  space = new Workspace(provider.baseUrl);
  space.writeRows('in.jsonl', mcqaRows(3));
});

afterEach(async () => {
  await provider.close();
  space.remove();
});

/** Waits until `look` finds something. */
async function until<Found>(look: () => Promise<Found | null> | Found | null): Promise<Found> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a run that waits', () => {
  it('names the episode that it waits for and what that does: in progress, on demand and from outside', async () => {
    fault = 'stall_before_headers';
    let control: RunControl | undefined;
    const abort = new AbortController();
    const running = space.collect([], {
      signals: { abort: abort.signal },
      onControl: (given) => (control = given),
    });
    const status = await until(() => {
      const now = control?.status();
      return now?.balance.scored === 2 ? now : null;
    });
    expect(status.inFlight).toMatchObject([{ episodeId: '1-0', phase: 'awaiting_first_byte' }]);
    const text = describeStatus(status);
    expect(text).toContain(`running, process ${process.pid}`);
    expect(text).toContain('3 planned = 2 scored + 0 failed + 0 owed + 1 in flight');
    expect(text).toMatch(/1-0: awaiting first byte http:\/\/127\.0\.0\.1:\d+\S* for \d+ s/);
    const outside = await until(async () => {
      const found = await runStatus(space.file('out/r.jsonl'), Date.now());
      return found.inFlight.length === 1 ? found : null;
    });
    expect(outside).toMatchObject({ state: 'running', pid: process.pid, balance: { scored: 2 } });
    await until(() => {
      const last = space.events.at(-1);
      return last?.type === 'progress' && last.progress.oldest?.episodeId === '1-0' ? last : null;
    });
    abort.abort();
    await running;
    expect(existsSync(space.file('out/r_status.json'))).toBe(false);
    const after = await runStatus(space.file('out/r.jsonl'), Date.now());
    expect(after).toMatchObject({ state: 'stopped', pid: null, balance: { planned: 3, scored: 2, owed: 1 } });
    expect(describeStatus(after)).toContain('not running');
  });

  it('fails an episode that is silent for too long, with what it was doing, and goes on', async () => {
    fault = 'stall_after_headers';
    const summary = await space.collect(['+stall_timeout_seconds=1']);
    expect(summary).toMatchObject({ status: 'incomplete', balance: { scored: 2, failed: 1 } });
    const [row] = space.rows('out/r_failures.jsonl');
    expect(row).toMatchObject({ _ng_failure_class: 'episode_timeout', retryable: true });
    expect(row!['message']).toMatch(/^no progress for 1 s while (awaiting first byte|receiving)/);
  });

  it('has no status where there is no run', async () => {
    await expect(runStatus(space.file('out/none.jsonl'), 0)).rejects.toThrow(
      'There is no run behind this output',
    );
  });
});

describe('retry_failed', () => {
  it('tries failures again that would be left alone: all, or those of some kinds', async () => {
    fault = 'status_400';
    await space.collect();
    expect(provider.counts().requests).toBe(3);
    fault = 'ok';
    await space.collect();
    await space.collect(['+retry_failed=timeout_idle']);
    expect(provider.counts().requests).toBe(3);
    const summary = await space.collect(['+retry_failed=bad_request']);
    expect(summary).toMatchObject({ status: 'complete', balance: { scored: 3 } });
    expect(provider.counts().requests).toBe(4);
    fault = 'status_400';
    await space.collect(['+overwrite=true']);
    fault = 'ok';
    expect(await space.collect(['+retry_failed=true'])).toMatchObject({ status: 'complete' });
  });

  it('suggests the kind that was meant', async () => {
    await expect(space.collect(['+retry_failed=bad_requst'])).rejects.toThrow(
      '"bad_requst" is not a kind of failure. Did you mean "bad_request"?',
    );
  });
});

describe('secrets', () => {
  it('are in no byte that is written or told, though the provider echoes them', async () => {
    const canary = 'canary-7f3a9c1e5b7d';
    await provider.close();
    provider = await startProvider({
      answer: ({ prompt }) => ({
        text: `\\boxed{A} ${canary} ${Buffer.from(canary).toString('base64')} ${prompt}`,
      }),
      faultFor: ({ prompt }) =>
        prompt.includes('Question 1')
          ? { kind: 'status', status: 400, message: `bad key ${canary}` }
          : undefined,
    });
    const model = 'policy_model.responses_api_models.inference_provider';
    await space.collect([
      `++${model}.base_url="${provider.baseUrl}"`,
      `++${model}.api_key=${canary}`,
      `+note=${canary}`,
    ]);
    const { readdirSync } = await import('node:fs');
    const files = readdirSync(space.file('out'));
    expect(files).toContain('r_failures.jsonl');
    for (const file of files) {
      const text = space.read(`out/${file}`);
      expect(text.includes(canary), file).toBe(false);
      expect(text.includes(Buffer.from(canary).toString('base64').slice(0, 20)), file).toBe(false);
    }
    expect(JSON.stringify(space.events)).not.toContain(canary);
    expect(space.rows('out/r.jsonl')).toHaveLength(2);
  });
});

describe('secrets that are ordinary text', () => {
  const model = 'policy_model.responses_api_models.inference_provider';
  /** The provider says the prompt again, with a time and a key of its own in front. */
  const echo = async (prefix: string): Promise<void> => {
    await provider.close();
    provider = await startProvider({ answer: ({ prompt }) => ({ text: `\\boxed{A} ${prefix} ${prompt}` }) });
  };
  const collect = (key: string): Promise<unknown> =>
    space.collect([`++${model}.base_url="${provider.baseUrl}"`, `++${model}.api_key='${key}'`]);
  const told = (words: string): string[] => space.notices().filter((notice) => notice.includes(words));

  it.each(['ollama', 'lm-studio', 'reward', '_ng_task_index', '17'])(
    'an everyday key "%s" changes no row, and one notice names it',
    async (key) => {
      await echo(`what is ${key} 1`);
      await collect(key);
      const rows = space.rows('out/r.jsonl');
      expect(rows).toHaveLength(3);
      for (const row of rows) {
        expect(JSON.stringify(row)).toContain(`what is ${key} 1`);
        expect(JSON.stringify(row)).not.toContain('***');
      }
      expect(told('everyday')).toEqual([
        expect.stringMatching(/^policy_model\.\S+\.api_key: .*not removed from what models and users write/),
      ]);
      expect(told(`${key} `)).toEqual([]);
    },
  );

  it('a key of digits never makes a row that cannot be read', async () => {
    const digits = String(Math.floor(Date.now() / 1000)).slice(0, 8);
    await echo('nothing');
    await collect(digits);
    expect(space.rows('out/r.jsonl')).toHaveLength(3);
    expect(space.read('out/r.jsonl')).toContain(`"created_at":${digits}`);
    expect(space.read('out/r_manifest.json')).toContain('"api_key": "****"');
  });

  it('a key that the dataset holds stays in the rows, in a resumed run too', async () => {
    const key = 'garden-key-4711-0815';
    const rows = mcqaRows(3);
    rows[1]!['note'] = `the gate opens with ${key}`;
    space.writeRows('in.jsonl', rows);
    await echo(`echo of ${key}`);
    await collect(key);
    expect(space.rows('out/r.jsonl').every((row) => JSON.stringify(row).includes(`echo of ${key}`))).toBe(
      true,
    );
    expect(told('the dataset holds the value of policy_model')).toHaveLength(1);
    const kept = space.read('out/r.jsonl').split('\n').slice(0, 1);
    space.write('out/r.jsonl', `${kept.join('\n')}\n`);
    await collect(key);
    expect(
      space.rows('out/r.jsonl').filter((row) => JSON.stringify(row).includes(`echo of ${key}`)),
    ).toHaveLength(3);
    expect(told('the dataset holds the value of policy_model')).toHaveLength(1);
    expect(JSON.stringify(space.events)).not.toContain(key);
  });
});

describe('record and replay', () => {
  it('replays to the same bytes each time, with nothing asked of any provider', async () => {
    await space.collect(['+num_repeats=2', '+record=tape.jsonl']);
    const model = 'policy_model.responses_api_models.inference_provider';
    const dead = `++${model}.base_url="http://127.0.0.1:9/v1"`;
    const before = provider.counts().requests;
    const replay = ['+num_repeats=2', '+replay=tape.jsonl', dead, '+overwrite=true'];
    expect(await space.collect(replay)).toMatchObject({ status: 'complete', balance: { scored: 6 } });
    const first = ['out/r.jsonl', 'out/r_aggregate_metrics.json'].map((name) => space.read(name));
    await space.collect(replay);
    expect(['out/r.jsonl', 'out/r_aggregate_metrics.json'].map((name) => space.read(name))).toEqual(first);
    expect(provider.counts().requests).toBe(before);
  });
});
