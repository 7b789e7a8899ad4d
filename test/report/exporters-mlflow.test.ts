import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportRun } from '../../src/report/exporters/index.js';
import { makeRun } from './html-run.js';

/** What JSON holds; the test knows its shape. */
type Loose = ReturnType<typeof JSON.parse>;

/** Against the real tracking server, where it is installed: `pip install mlflow`, or NGYM_MLFLOW=<its program>. */
const program = process.env.NGYM_MLFLOW ?? 'mlflow';
const missing = spawnSync(program, ['--version']).status !== 0;
if (missing) console.warn('Skipped: the mlflow program is not installed (set NGYM_MLFLOW to its path).');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilHealthy(address: string): Promise<void> {
  for (;;) {
    const healthy = await fetch(`${address}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe.skipIf(missing)('export to a real MLflow server', { timeout: 120_000 }, () => {
  let dir = '';
  let address = '';
  let stop = (): void => undefined;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'ngym-mlflow-'));
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    const store = [
      '--backend-store-uri',
      `sqlite:///${dir}/runs.db`,
      '--artifacts-destination',
      `${dir}/files`,
    ];
    const server = spawn(
      program,
      ['server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1', ...store],
      {
        stdio: 'ignore',
        detached: true,
      },
    );
    stop = () => {
      // The server has workers; they are all in its process group.
      if (server.pid !== undefined) process.kill(-server.pid, 'SIGKILL');
    };
    await untilHealthy(address);
  }, 120_000);

  afterAll(async () => {
    stop();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  });

  const api = async (name: string, body: object): Promise<Loose> => {
    const answer = await fetch(`${address}/api/2.0/mlflow/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.json();
  };

  it('makes a run with parameters, metrics, tags and both artifacts', async () => {
    const rollouts = await makeRun(path.join(dir, 'run'), { tasks: 4, repeats: 2 });
    const aggregateMetrics = path.join(dir, 'run', 'calc_aggregate_metrics.json');
    const agent_metrics = { 'mean/reward': 0.5, 'pass@1/accuracy': 50, note: 'words', none: null };
    const metrics = { agent_ref: { name: 'calc_agent' }, agent_metrics, key_metrics: { 'mean/reward': 0.5 } };
    await writeFile(aggregateMetrics, JSON.stringify([metrics]));
    const notices: string[] = [];
    const options = {
      files: { rollouts, aggregateMetrics },
      config: { mlflow_tracking_uri: address, mlflow_experiment_name: 'évals', mlflow_run_name: 'first' },
      redacted: { a: { b: [1, 'x'], c: null }, policy_api_key: '****' },
      env: {},
      notify: (level: string, message: string) => notices.push(`${level}: ${message}`),
    };
    await exportRun(options);
    await exportRun({ ...options, config: { ...options.config, mlflow_run_name: 'second' } });
    expect(notices).toHaveLength(2);
    expect(notices[0]).toMatch(/^info: Exported to MLflow: run "first"/);

    const name = encodeURIComponent('évals');
    const found = await fetch(`${address}/api/2.0/mlflow/experiments/get-by-name?experiment_name=${name}`);
    const { experiment } = (await found.json()) as Loose;
    const { runs } = await api('runs/search', { experiment_ids: [experiment.experiment_id] });
    expect(runs.map((run: Loose) => run.info.run_name).sort()).toEqual(['first', 'second']);
    const [run] = runs;
    const pairs = (list: Loose[]) => Object.fromEntries(list.map(({ key, value }) => [key, value]));
    expect(run.info.status).toBe('FINISHED');
    expect(pairs(run.data.metrics)).toEqual({
      'calc_agent/mean/reward': 0.5,
      'calc_agent/pass_at_1/accuracy': 50,
      'key_metrics/calc_agent/mean/reward': 0.5,
    });
    expect(pairs(run.data.params)).toEqual({ 'a.b.0': '1', 'a.b.1': 'x', policy_api_key: '****' });
    expect(pairs(run.data.tags)).toMatchObject({ 'calc_agent/note': 'words' });

    const artifact = async (file: string): Promise<Loose> => {
      const answer = await fetch(`${address}/get-artifact?path=${file}&run_uuid=${run.info.run_id}`);
      return answer.json();
    };
    expect(await artifact('global_config.json')).toEqual(options.redacted);
    const table = await artifact('rollouts.json');
    expect(table.columns).toEqual(['Rollout']);
    // Seven stored: task 1 failed twice, one rollout of task 2 was never played.
    const rows = table.data.map(([cell]: [string]) => JSON.parse(cell));
    expect(rows).toHaveLength(7);
    expect(rows.filter((row: Loose) => row._ng_failure_class === 'timeout')).toHaveLength(2);
    expect(JSON.stringify(table)).not.toContain('sekret');
  });
});
