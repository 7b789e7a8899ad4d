import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { AGENT_TYPES, remoteAgent } from '../../src/agents/index.js';
import { remoteEnvironment } from '../../src/environments/index.js';
import { remoteModel } from '../../src/models/index.js';
import { startAgentServer } from '../../src/serve/agent/index.js';
import { startEnvironmentServer } from '../../src/serve/environment/index.js';
import { startModelServer } from '../../src/serve/model/index.js';
import { createRedactor, recordTo, replayFrom, systemClock } from '../../src/transport/index.js';
import { startProvider } from '../support/provider/provider.mjs';
import { modelFor, UPSTREAMS, type Upstream } from '../serve/model-support.js';
import { call, Cleanup, context, counter, reply, row } from '../serve/support.js';
import { agentContract } from './agent.js';
import { environmentContract } from './environment.js';
import { askAll, modelContract } from './model.js';

/** Each interface's contract on every way to reach an implementation. */

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const fixtures = { row, reply, call };
const services = { clock: systemClock, random: () => 0, redactor: createRedactor(), roots: [] };
const here = { host: '127.0.0.1', port: 0 };

function counterHere() {
  const { environment, sessions } = counter();
  return { environment, open: () => sessions.opened - sessions.closed };
}

async function counterServed() {
  const { environment, open } = counterHere();
  const server = cleanup.add(await startEnvironmentServer({ environment, ...here }, context()));
  const far = (await remoteEnvironment()).create('far', { base_url: server.url }, services);
  cleanup.after(() => far.dispose!());
  return { environment: far, open };
}

environmentContract('in this process', () => Promise.resolve(counterHere()), fixtures);
environmentContract('served, and reached over HTTP', counterServed, fixtures);

async function modelHere(upstream: Upstream) {
  const provider = await startProvider();
  cleanup.after(() => provider.close());
  const model = await modelFor(upstream, provider.baseUrl, { max_attempts: 1 });
  cleanup.after(() => model.close());
  return { model, provider };
}

async function modelServed(upstream: Upstream) {
  const { model, provider } = await modelHere(upstream);
  const server = cleanup.add(await startModelServer({ model, ...here }, context()));
  const type = await remoteModel();
  const far = await type.create('far', { base_url: server.url, max_attempts: 1 }, services);
  cleanup.after(() => far.close());
  return { model: far, provider };
}

for (const upstream of UPSTREAMS) {
  modelContract(`in this process, ${upstream} provider`, () => modelHere(upstream), call);
  modelContract(`served, and reached over HTTP, ${upstream} provider`, () => modelServed(upstream), call);
}

async function agentHere() {
  const { model, provider } = await modelHere('chat');
  const { environment, open } = counterHere();
  const agent = AGENT_TYPES['simple_agent']!.create('player', {}, { clock: systemClock });
  return { agent, episode: { model, environment }, provider, open };
}

async function agentServed() {
  const local = await agentHere();
  const server = cleanup.add(
    await startAgentServer({ agent: local.agent, ...local.episode, ...here }, context()),
  );
  const agent = remoteAgent.create('far', { base_url: server.url }, { clock: systemClock });
  cleanup.after(() => agent.dispose!());
  return { ...local, agent };
}

agentContract('in this process', agentHere, fixtures);
agentContract('served, and reached over HTTP', agentServed, fixtures);

/** Our own agent with an environment that runs elsewhere. */
async function agentWithFarEnvironment() {
  const local = await agentHere();
  const { environment, open } = await counterServed();
  return { ...local, open, episode: { ...local.episode, environment } };
}

agentContract('with an environment over HTTP', agentWithFarEnvironment, fixtures);

/** What was recorded once, without any provider. */
async function modelReplayed(upstream: Upstream) {
  const folder = mkdtempSync(path.join(tmpdir(), 'ngym-contracts-'));
  cleanup.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'tape.jsonl');
  const provider = await startProvider();
  const recorder = await recordTo(file, { clock: systemClock, redactor: createRedactor() });
  const recorded = await modelFor(upstream, provider.baseUrl, {}, recorder.step);
  await askAll(recorded, () => call());
  await recorded.close();
  await recorder.close();
  await provider.close();
  const player = await replayFrom(file, createRedactor());
  cleanup.after(() => player.close());
  return { model: await modelFor(upstream, 'http://127.0.0.1:9/v1', {}, player.step), provider: null };
}

for (const upstream of UPSTREAMS) {
  modelContract(`replayed, ${upstream} provider`, () => modelReplayed(upstream), call);
}
