import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { dockerExecutor } from '../../../src/platform/deployments/executors/docker.js';
import type { Executor, Order, Run } from '../../../src/platform/deployments/executors/executor.js';
import { externalExecutor } from '../../../src/platform/deployments/executors/external.js';
import { processExecutor } from '../../../src/platform/deployments/executors/process.js';
import type { Clock } from '../../../src/protocol/index.js';
import { freePorts } from '../../../src/processes/index.js';
import { systemClock } from '../../../src/transport/index.js';
import { startDockerDouble, type DockerDouble } from './docker-double.js';
import { answers, listener, NODE, orderWith, patiently, SERVER, specWith, type Told } from './support.js';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'ngym-executors-'));
  undo.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Of the system, moved on by a test. Unit: milliseconds. */
let shift = 0;
afterEach(() => {
  shift = 0;
});
const clock: Clock = {
  now: () => systemClock.now() + shift,
  after: (ms, callback) => systemClock.after(ms, callback),
  sleep: (ms, signal) => systemClock.sleep(ms, signal),
};

const restart = { firstMs: 10, mostMs: 20, most: 2 };

interface Subject {
  readonly executor: Executor;
  order: (words: readonly string[], more?: { readyMs?: number; secrets?: Record<string, string> }) => Order;
}

function processes(): Subject {
  const executor = processExecutor({
    clock,
    allowed: [NODE],
    folder: folder(),
    env: { ...process.env, NGYM_MASTER_KEY: 'of the platform' },
    restart,
    graceMs: 300,
  });
  return {
    executor,
    order: (words, { readyMs = 20_000, secrets = {} } = {}) =>
      orderWith(
        specWith({
          readyMs,
          override: { ...specWith().override, command: [NODE, SERVER, ...words] },
        }),
        secrets,
      ),
  };
}

let double: DockerDouble;

async function containers(): Promise<Subject> {
  const place = folder();
  double = await startDockerDouble(path.join(place, 'docker.sock'));
  undo.push(() => double.close());
  const executor = newDocker();
  return {
    executor,
    order: (words, { readyMs = 20_000, secrets = {} } = {}) =>
      orderWith(specWith({ readyMs, image: 'local/there', args: [...words] }), secrets),
  };
}

function newDocker(): Executor {
  const executor = dockerExecutor({
    clock,
    socket: double.socket,
    allowed: ['local/*', 'nvcr.io/nim/*'],
    ngcKey: () => 'nvapi-0123456789abcdef',
    restart,
    times: { lookMs: 15, againMs: 20, lostMs: 100 },
  });
  undo.push(() => executor.close());
  return executor;
}

function start(executor: Executor, order: Order): { run: Run; told: Told } {
  const told = listener();
  const run = executor.start(order, told.tell);
  undo.push(() => run.stop());
  return { run, told };
}

const KINDS: [string, () => Promise<Subject> | Subject][] = [
  ['process', processes],
  ['docker', containers],
];

describe.each(KINDS)('what runs by %s', (kind, subject) => {
  it('comes up, tells where it answers, and is gone when it is stopped', async () => {
    const { executor, order } = await subject();
    const { run, told } = start(executor, order(['--model', 'one']));
    const { url = '' } = await told.reach('ready');
    expect(told.states[0]!.phase).toBe('pending');
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect(await (await fetch(`${url}/v1/models`)).json()).toMatchObject({ data: [{ id: 'one' }] });
    expect((await run.logs(10)).join('\n')).toContain('serving one');
    const said = told.states.length;
    await run.stop();
    expect(await answers(url)).toBe(false);
    expect(told.states).toHaveLength(said);
    if (kind === 'docker') {
      expect(double.containers.size).toBe(0);
      expect(double.volumes).toHaveLength(1);
    }
  });

  it('has its secrets in its environment, and they are nowhere else', async () => {
    const { executor, order } = await subject();
    const { run, told } = start(executor, order([], { secrets: { TOKEN: 'hf-0123456789abcdef' } }));
    const { url = '' } = await told.reach('ready');
    const env = (await (await fetch(`${url}/env`)).json()) as Record<string, string>;
    expect(env['TOKEN']).toBe('hf-0123456789abcdef');
    expect(env['NGYM_MASTER_KEY']).toBeUndefined();
    expect(await (await fetch(`${url}/words`)).text()).not.toContain('hf-0123');
    const shown = JSON.stringify([told.states, await run.logs(50)]);
    expect(shown).toContain('the token is ***');
    expect(shown).not.toContain('hf-0123');
  });

  it('is given up with what it printed last when it ends before it is ready', async () => {
    const { executor, order } = await subject();
    const { told } = start(executor, order(['--fail']));
    const { message } = await told.reach('error');
    expect(message).toMatch(/ended before it was ready \(exit code 4.*CUDA out of memory/);
  });

  it('is given up, and ended, when it does not get ready in time', async () => {
    const { executor, order } = await subject();
    const { run, told } = start(executor, order(['--never', '--deaf']));
    await patiently(async () => (await run.logs(5)).join('').includes('listening'));
    shift = 60_000;
    const { message } = await told.reach('error');
    expect(message).toMatch(/did not get ready within 20 s.*listening/);
    if (kind === 'docker')
      expect([...double.containers.values()].every(({ child }) => child === null)).toBe(true);
  });

  it('is started again after a crash, and serves', async () => {
    const { executor, order } = await subject();
    const { told } = start(executor, order([]));
    const { url = '' } = await told.reach('ready');
    const from = told.states.length;
    await fetch(`${url}/die`).catch(() => undefined);
    expect((await told.reach('pending', from)).message).toMatch(/exit code 3.*started again in 0.01 s/s);
    const again = await told.reach('ready', from);
    expect(await answers(again.url!)).toBe(true);
  });

  it('is given up when it crashes again and again', async () => {
    const { executor, order } = await subject();
    const { told } = start(executor, order(['--once', path.join(folder(), 'lived')]));
    const { url = '' } = await told.reach('ready');
    await fetch(`${url}/die`).catch(() => undefined);
    expect((await told.reach('error')).message).toMatch(/ended 3 times in a row \(exit code 5/);
  });

  it('can be stopped while it comes up; then nothing more is told', async () => {
    const { executor, order } = await subject();
    const { run, told } = start(executor, order(['--never']));
    await patiently(async () => (await run.logs(5)).join('').includes('listening'));
    await run.stop();
    const said = told.states.length;
    await systemClock.sleep(50);
    expect(told.states.slice(said)).toEqual([]);
    expect(told.states.map(({ phase }) => phase)).not.toContain('error');
  });
});

describe('a process', () => {
  it('is one that the operator allowed, whose variables make it run nothing else', () => {
    const { executor } = processes();
    const refused = (command: string[], envs: Record<string, string> = {}): string | null =>
      executor.refuses(specWith({ envs, override: { ...specWith().override, command } }));
    expect(refused([NODE, 'x'])).toBeNull();
    expect(refused(['/bin/sh', '-c', 'true'])).toContain("may not start '/bin/sh'");
    expect(refused(['node'])).toContain("may not start 'node'");
    for (const name of ['LD_PRELOAD', 'NODE_OPTIONS', 'PATH', 'PYTHONPATH', 'BASH_ENV'])
      expect(refused([NODE], { [name]: 'x' })).toContain(name);
    expect(executor.refuses(specWith({ engine: 'nim' }))).toContain(
      "engine 'nim' does not say which program",
    );
    const all = processExecutor({ clock: systemClock, allowed: ['*'], folder: null, env: {} });
    expect(all.refuses(specWith({ image: 'anything', envs: { PATH: '/x' } }))).toBeNull();
  });
});

describe('a container', () => {
  it('outlives the platform, which finds it again', async () => {
    const { executor, order } = await containers();
    const asked = order([]);
    const first = start(executor, asked);
    const { url } = await first.told.reach('ready');
    await first.run.leave();
    expect(await answers(url!)).toBe(true);
    const second = start(newDocker(), asked);
    expect((await second.told.reach('ready')).url).toBe(url);
    expect(double.asked.filter((each) => each === 'POST /containers/create')).toHaveLength(1);
    // Another version of the deployment takes its place.
    await second.run.leave();
    const third = start(newDocker(), { ...asked, id: 'another' });
    const { url: other } = await third.told.reach('ready');
    expect(other).not.toBe(url);
    expect(double.containers.size).toBe(1);
  });

  it('is made anew when somebody removed it, and ends when nobody knows its deployment', async () => {
    const { executor, order } = await containers();
    const { told, run } = start(executor, order([]));
    const { url = '' } = await told.reach('ready');
    const from = told.states.length;
    const [held] = [...double.containers.values()];
    held!.child!.kill('SIGKILL');
    (double.containers as Map<string, unknown>).delete(held!.id);
    expect((await told.reach('pending', from)).message).toContain('its container is gone');
    expect((await told.reach('ready', from)).url).not.toBe(url);
    await run.leave();
    await newDocker().tidy(new Set());
    expect(double.containers.size).toBe(0);
  });

  it('waits for Docker while it does not answer', async () => {
    const { order } = await containers();
    await double.close();
    const { told, run } = start(newDocker(), order([]));
    expect((await told.reach('pending')).message).toContain('Docker does not answer');
    expect((await told.reach('lost')).message).toContain('Docker does not answer');
    double = await startDockerDouble(double.socket);
    undo.push(() => double.close());
    await told.reach('ready');
    await run.stop();
  });

  it('is of an image that is allowed, pulled with the key of its registry alone', async () => {
    const { executor, order } = await containers();
    expect(executor.refuses(specWith({ image: 'evil/miner' }))).toContain(
      "may not run the image 'evil/miner'",
    );
    expect(executor.refuses(specWith({ engine: 'nim' }))).toContain('image_name is missing');
    const nim = { ...order([]), spec: specWith({ engine: 'nim', image: 'nvcr.io/nim/m', tag: '1' }) };
    const of = start(executor, { ...nim, spec: { ...nim.spec, healthPath: '/health' } });
    await of.told.reach('ready');
    const auth = Buffer.from(String(double.pullHeaders['x-registry-auth']), 'base64url').toString();
    expect(JSON.parse(auth)).toMatchObject({ username: '$oauthtoken', serveraddress: 'nvcr.io' });
    await of.run.stop();
    const plain = start(executor, { ...order([]), spec: specWith({ image: 'local/pulled' }) });
    await plain.told.reach('ready');
    expect(double.pullHeaders['x-registry-auth']).toBeUndefined();
    const [held] = [...double.containers.values()];
    expect(JSON.stringify(held!.body)).not.toContain('nvapi');
    expect(held!.body.HostConfig).toMatchObject({
      PortBindings: { '8000/tcp': [{ HostIp: '127.0.0.1' }] },
      RestartPolicy: { Name: 'no' },
    });
    const missing = start(executor, { ...order([]), spec: specWith({ image: 'local/missing' }) });
    expect((await missing.told.reach('error')).message).toContain('manifest unknown');
  });
});

describe('a server of somebody else', () => {
  async function server(words: string[] = [], at?: number) {
    const [port = 0] = at === undefined ? await freePorts('127.0.0.1', 1) : [at];
    const child = spawn(NODE, [SERVER, '--port', String(port), ...words], { stdio: 'ignore' });
    const end = (): void => void child.kill('SIGKILL');
    undo.push(end);
    return { url: `http://127.0.0.1:${port}`, port, end };
  }

  function external() {
    return externalExecutor({
      clock: systemClock,
      forbids: (host) => host === 'forbidden',
      times: { comingMs: 15, readyMs: 15, misses: 2, lostMs: 60 },
    });
  }
  const at = (hostUrl: string, readyMs = 20_000): Order =>
    orderWith(specWith({ readyMs, override: { ...specWith().override, executor: 'external', hostUrl } }));

  it('is watched: ready, away, lost, and back', async () => {
    const { url, port, end } = await server();
    const { told, run } = start(external(), at(`${url}/v1`));
    expect((await told.reach('ready')).url).toBe(`${url}/v1`);
    let from = told.states.length;
    end();
    expect((await told.reach('pending', from)).message).toContain('does not answer any more');
    await told.reach('lost', from);
    from = told.states.length;
    const back = await server([], port);
    await told.reach('ready', from);
    await run.stop();
    expect(await answers(back.url)).toBe(true);
  });

  it('is given up when it never answers, and refused where this platform must not ask', async () => {
    const [port] = await freePorts('127.0.0.1', 1);
    const { told } = start(external(), at(`http://127.0.0.1:${port}`, 60));
    expect((await told.reach('error')).message).toMatch(/did not become ready within 0.06 s/);
    expect(external().refuses(at('http://forbidden/v1').spec)).toContain('does not ask forbidden');
    expect(external().refuses(at('ftp://x').spec)).toContain('not an address');
    expect(external().refuses(specWith())).toContain('host_url is missing');
  });
});
