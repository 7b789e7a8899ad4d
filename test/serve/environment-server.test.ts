import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEnvironment } from '../../src/environments/index.js';
import { CallFailure } from '../../src/protocol/index.js';
import type { Verdict } from '../../src/protocol/index.js';
import { systemClock } from '../../src/transport/index.js';
import { startEnvironmentServer } from '../../src/serve/environment/index.js';
import { Cleanup, context, cookieOf, counter, get, post, reply, row, SECRET } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

async function serveCounter(sessionTtlMs?: number) {
  const { environment, sessions } = counter();
  const options = {
    environment,
    host: '127.0.0.1',
    port: 0,
    ...(sessionTtlMs !== undefined && { sessionTtlMs }),
  };
  const server = cleanup.add(await startEnvironmentServer(options, context()));
  return { server, sessions, url: server.url };
}

describe('environment server', () => {
  it('plays an episode over the session of the cookie', async () => {
    const { url, server, sessions } = await serveCounter();
    const seeded = await post(`${url}/seed_session`, row({ wanted: 5 }));
    expect(seeded).toMatchObject({ status: 200, body: {} });
    expect(server.sessions()).toBe(1);
    const jar = cookieOf(seeded);
    expect(await post(`${url}/add`, { amount: 2 }, jar)).toMatchObject({ status: 200, text: '{"total":2}' });
    expect((await post(`${url}/add`, { amount: 3 }, jar)).text).toBe('{"total":5}');
    const verdict = await post(`${url}/verify`, { ...row({ wanted: 5 }), response: reply() }, jar);
    expect(verdict.body).toEqual({
      responses_create_params: row().responses_create_params,
      response: reply(),
      reward: 1,
      total: 5,
      // As in every verdict of 0.7.0.
      mask_sample: false,
      failure_kind: null,
      failure_reason: null,
    });
    expect(sessions).toEqual({ opened: 1, closed: 1 });
    expect(server.sessions()).toBe(0);
  });

  it('tells of a verdict that is no measurement in the words of 0.7.0', async () => {
    const masked: Verdict = {
      reward: 0,
      mask_sample: true,
      failure_kind: 'session_lost',
      failure_reason: 'x',
    };
    const failing = (row: Record<string, unknown>): Verdict => {
      if (row['kind'] === 'judge') throw new CallFailure('judge_failed', 'no judge', { retryable: true });
      return masked;
    };
    const environment = defineEnvironment({ name: 'e', verify: ({ row: given }) => failing(given) }).create(
      'e',
      {},
      { clock: systemClock, random: () => 0 },
    );
    const options = { environment, host: '127.0.0.1', port: 0 };
    const { url } = cleanup.add(await startEnvironmentServer(options, context()));
    const lost = await post(`${url}/verify`, { ...row(), response: reply() });
    expect(lost).toMatchObject({ status: 200, body: masked });
    expect(lost.body).not.toHaveProperty('_ng_failure_class');
    const judged = await post(`${url}/verify`, { ...row({ kind: 'judge' }), response: reply() });
    expect(judged).toMatchObject({
      status: 200,
      body: {
        reward: 0,
        mask_sample: true,
        failure_kind: 'judge_failed',
        failure_reason: 'no judge',
        _ng_failure_class: 'judge_failed',
        _ng_failure_judge_error: 'no judge',
      },
    });
  });

  it('keeps the session of one client apart from that of another', async () => {
    const { url } = await serveCounter();
    const [a, b] = [
      cookieOf(await post(`${url}/seed_session`, row())),
      cookieOf(await post(`${url}/seed_session`, row())),
    ];
    await post(`${url}/add`, { amount: 7 }, a);
    expect((await post(`${url}/add`, { amount: 1 }, b)).text).toBe('{"total":1}');
  });

  it('keeps the session through a 404, a 422 and a 500', async () => {
    const { url } = await serveCounter();
    let jar = cookieOf(await post(`${url}/seed_session`, row({ wanted: 1 })));
    await post(`${url}/add`, { amount: 1 }, jar);
    for (const [path, body, status] of [
      ['/nothing', {}, 404],
      ['/verify', { response: reply() }, 422],
      ['/verify', { ...row(), response: reply() }, 500],
    ] as const) {
      const answer = await post(url + path, body, jar);
      expect(answer.status).toBe(status);
      jar = cookieOf(answer);
    }
    expect((await post(`${url}/verify`, { ...row({ wanted: 1 }), response: reply() }, jar)).body.reward).toBe(
      1,
    );
  });

  it('answers a model’s mistakes with text', async () => {
    const { url } = await serveCounter();
    const jar = cookieOf(await post(`${url}/seed_session`, row()));
    expect((await post(`${url}/unknown`, {}, jar)).text).toBe('{"detail":"Not Found"}');
    const unfit = await post(`${url}/add`, { amount: 'x' }, jar);
    expect(unfit).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'amount'] }] } });
    const broken = await post(`${url}/fail`, {}, jar);
    expect(broken).toMatchObject({ status: 500, body: { error: expect.stringContaining('broken') } });
  });

  it('repeats of the row what the environment says, and opens a state of its own for a tool without a row', async () => {
    const environment = defineEnvironment({
      name: 'e',
      repeats: ['kept'],
      row: z.object({ start: z.number() }),
      open: ({ start }) => ({ count: start }),
      openUnseeded: () => ({ count: 0 }),
      tools: { next: { run: (session: { count: number }) => (session.count += 1) } },
      verify: ({ session }) => ({ reward: session.count }),
    }).create('e', {}, { clock: systemClock, random: () => 0 });
    const { url } = cleanup.add(
      await startEnvironmentServer({ environment, host: '127.0.0.1', port: 0 }, context()),
    );
    const first = await post(`${url}/next`, {});
    expect(first).toMatchObject({ status: 200, text: '1' });
    const body = { ...row({ start: 5, kept: 'k', other: 'o' }), response: reply() };
    const verdict = await post(`${url}/verify`, body, cookieOf(first));
    expect(verdict.body).toMatchObject({ reward: 1, kept: 'k' });
    expect(verdict.body).not.toHaveProperty('other');
  });

  it('verifies a row without a session, and opens one for a tool that is called first', async () => {
    const { url, sessions } = await serveCounter();
    const verdict = await post(`${url}/verify`, { ...row({ wanted: 0 }), response: reply() });
    expect(verdict.body.reward).toBe(1);
    expect(sessions).toEqual({ opened: 1, closed: 1 });
    const first = await post(`${url}/add`, { amount: 4 });
    expect((await post(`${url}/add`, { amount: 4 }, cookieOf(first))).text).toBe('{"total":8}');
  });

  it('refuses a second verdict of the same session rather than judging an empty state', async () => {
    const { url } = await serveCounter();
    const jar = cookieOf(await post(`${url}/seed_session`, row()));
    const body = { ...row({ wanted: 0 }), response: reply() };
    expect((await post(`${url}/verify`, body, jar)).status).toBe(200);
    expect(await post(`${url}/verify`, body, jar)).toMatchObject({ status: 409 });
  });

  it('says what is wrong with a body', async () => {
    const { url } = await serveCounter();
    expect(await post(`${url}/seed_session`, '{"a":')).toMatchObject({ status: 422 });
    expect((await post(`${url}/seed_session`, [])).body.detail[0].type).toBe('dict_type');
    expect((await post(`${url}/seed_session`, {})).body.detail[0]).toMatchObject({
      type: 'missing',
      loc: ['body', 'responses_create_params'],
    });
    expect((await post(`${url}/verify`, row())).body.detail[0].loc).toEqual(['body', 'response']);
    expect((await post(`${url}/seed_session`, row({ wanted: 'x' }))).body).toMatchObject({
      ng_failure: { kind: 'row_invalid', retryable: false },
    });
  });

  it('removes secrets from error bodies', async () => {
    const { url } = await serveCounter();
    const failed = await post(`${url}/verify`, { ...row(), response: reply() });
    expect(failed.status).toBe(500);
    expect(failed.text).toContain('no wanted number; ****');
    expect(failed.text).not.toContain(SECRET);
  });

  it('closes sessions that are closed, forgotten, or left when the server ends', async () => {
    const { url, server, sessions } = await serveCounter(40);
    const jar = cookieOf(await post(`${url}/seed_session`, row()));
    await post(`${url}/close`, {}, jar);
    expect(sessions.closed).toBe(1);
    await post(`${url}/close`, {}, jar);
    expect(sessions.closed).toBe(1);
    await post(`${url}/seed_session`, row());
    await expect.poll(() => server.sessions()).toBe(0);
    await post(`${url}/seed_session`, row());
    await server.close(0);
    expect(sessions).toEqual({ opened: 3, closed: 3 });
  });

  it('aggregates verify replies', async () => {
    const { url } = await serveCounter();
    const rows = [0, 1].map((reward, index) => ({ reward, _ng_task_index: 0, _ng_rollout_index: index }));
    const { body } = await post(`${url}/aggregate_metrics`, { verify_responses: rows });
    expect(body.agent_metrics['mean/reward']).toBe(0.5);
    expect(body.key_metrics).toEqual({ 'mean/reward': 0.5 });
    expect(body.group_level_metrics).toHaveLength(1);
    const empty = await post(`${url}/aggregate_metrics`, { verify_responses: [] });
    expect(empty.body).toEqual({ group_level_metrics: [], agent_metrics: {}, key_metrics: {} });
    expect((await post(`${url}/aggregate_metrics`, {})).status).toBe(422);
    expect((await post(`${url}/aggregate_metrics`, { verify_responses: [rows[0], rows[0]] })).status).toBe(
      422,
    );
  });

  it('gives numbers of an aggregate back in the form and order of the rows', async () => {
    const { url } = await serveCounter();
    const rows = [
      '{"reward":1.0,"b":2,"a":0.5,"_ng_task_index":0,"_ng_rollout_index":0,"response":{"usage":{"total":3,"in":1}}}',
      '{"a":12345678901234567890,"_ng_rollout_index":1,"_ng_task_index":0,"reward":0.0,"b":1e2}',
    ];
    const reply = await fetch(`${url}/aggregate_metrics`, {
      method: 'POST',
      body: `{"a":[1],"verify_responses":[ ${rows.join(' ,\n')} ]}`,
    });
    const text = await reply.text();
    expect(text).toContain('"max/reward":1.0');
    expect(text).toContain(
      '"rollout_infos":[{"rollout_id":"0:0","_ng_task_index":0,"_ng_rollout_index":0,"reward":1.0,"total":3,"in":1,"b":2,"a":0.5},' +
        '{"rollout_id":"0:1","_ng_task_index":0,"_ng_rollout_index":1,"reward":0.0,"a":12345678901234567890,"b":100.0}]',
    );
    const wrong = await post(`${url}/aggregate_metrics`, { verify_responses: [{ reward: 1 }, 5] });
    expect(wrong.status).toBe(422);
    expect(JSON.stringify(wrong.body)).toContain('"verify_responses",1');
  });

  it('answers the common routes and knows wrong methods', async () => {
    const { url } = await serveCounter();
    expect((await get(url)).body).toEqual({ status: 'ok' });
    expect((await get(`${url}/health`)).body).toEqual({ status: 'ok' });
    expect((await get(`${url}/reverify_mode`)).body).toBe('unknown');
    expect((await get(`${url}/verify`)).status).toBe(405);
    expect((await get(`${url}/nothing`)).status).toBe(404);
  });

  it('strips the rollout prefix', async () => {
    const { url } = await serveCounter();
    const seeded = await post(`${url}/ng-rollout/3-1-a2/seed_session`, row());
    expect(seeded.status).toBe(200);
    const prefix = `${url}/ng-rollout/3-1/training-token-capture`;
    expect((await post(`${prefix}/add`, { amount: 1 }, cookieOf(seeded))).text).toBe('{"total":1}');
  });
});
