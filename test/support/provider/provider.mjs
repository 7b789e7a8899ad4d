import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { defaultAnswer } from './answers.mjs';
import { readRequest, tokenIds } from './dialects.mjs';
import { asFault } from './faults.mjs';
import { createLimits } from './limits.mjs';
import { draw, latencyMs } from './random.mjs';
import { wholeReply } from './replies.mjs';
import { serveReply } from './serve-reply.mjs';
import { writer } from './write.mjs';

/**
 * Starts a provider on a loopback port. See README.md for what it can do.
 *
 * @param {import('./provider.d.mts').ProviderOptions} [options]
 * @returns {Promise<import('./provider.d.mts').Provider>}
 */
export async function startProvider(options = {}) {
  const { seed = 1, latency = 0, tokenDelayMs = 0, keep = 100_000, answer = defaultAnswer } = options;
  const started = performance.now();
  /** @type {import('./provider.d.mts').RecordedRequest[]} */
  let requests = [];
  let script = (options.script ?? []).map(asFault);
  const rates = Object.entries(options.rates ?? {}).map(([name, rate]) => ({
    fault: asFault(name),
    name,
    rate,
  }));
  const limits = createLimits(options.limits);
  const counts = {
    requests: 0,
    open: 0,
    maxOpen: 0,
    ok: 0,
    aborted: 0,
    /** @type {Record<string, number>} */ faults: {},
  };
  /** @type {Map<string, number>} */
  const repeats = new Map();

  /** @param {import('./provider.d.mts').ReadRequest} request @param {string} digest @param {number} repeat */
  function chooseFault(request, digest, repeat) {
    const chosen = options.faultFor?.(request, { n: counts.requests, atMs: performance.now() - started });
    if (chosen !== undefined) return asFault(chosen);
    const scripted = script.shift();
    if (scripted !== undefined) return scripted;
    let u = draw(seed, 'fault', digest, repeat);
    for (const { fault, rate } of rates) {
      if (u < rate) return fault;
      u -= rate;
    }
    return { kind: /** @type {const} */ ('ok') };
  }

  /** @param {string} path @param {string} text @param {import('node:http').IncomingMessage} req @param {import('node:http').ServerResponse} res */
  async function complete(path, text, req, res) {
    const out = writer(res);
    const body = JSON.parse(text);
    const request = readRequest(path, body);
    counts.requests += 1;
    const n = counts.requests;
    const digest = createHash('sha1').update(text).digest('base64');
    const repeat = repeats.get(digest) ?? 0;
    if (options.repeatable !== false) repeats.set(digest, repeat + 1);
    const refusal = limits.refuse(request);
    const fault = refusal ?? chooseFault(request, digest, repeat);
    const status = fault.kind === 'status' ? fault.status : 200;
    if (requests.length < keep) {
      const at = performance.now() - started;
      requests.push({
        n,
        at,
        path,
        model: request.model,
        stream: request.stream,
        fault: fault.kind,
        status,
        headers: req.headers,
        body,
      });
    }
    counts.faults[fault.kind] = (counts.faults[fault.kind] ?? 0) + 1;
    if (fault.kind === 'ok') counts.ok += 1;
    res.once('close', () => {
      counts.open -= 1;
      limits.release(request, refusal !== undefined);
      if (!res.writableFinished) counts.aborted += 1;
    });
    counts.open += 1;
    counts.maxOpen = Math.max(counts.maxOpen, counts.open);
    if (refusal === undefined) await out.wait(latencyMs(latency, draw(seed, 'latency', digest, repeat)));
    if (out.isGone()) return;
    await serveReply(out, request, wholeReply(request, answer(request), n), fault, { tokenDelayMs });
  }

  /** @param {import('node:http').IncomingMessage} req @param {import('node:http').ServerResponse} res @param {string} text */
  function route(req, res, text) {
    const path = new URL(req.url ?? '/', 'http://provider').pathname;
    const key =
      req.headers.authorization?.replace(/^Bearer /, '') ??
      req.headers['api-key'] ??
      req.headers['x-api-key'];
    const out = writer(res);
    if (path === '/_stats') out.whole(200, {}, JSON.stringify(provider.counts()));
    else if (path === '/_requests') out.whole(200, {}, JSON.stringify(requests));
    else if (path === '/_script') {
      provider.setScript(JSON.parse(text));
      out.whole(200, {}, '{}');
    } else if (options.apiKey !== undefined && key !== options.apiKey) {
      out.error({
        kind: 'status',
        status: 401,
        code: 'invalid_api_key',
        message: `Incorrect API key provided: ${key}.`,
      });
    } else if (path.endsWith('/models')) {
      out.whole(
        200,
        {},
        JSON.stringify({
          object: 'list',
          data: (options.models ?? ['stub']).map((id) => ({ id, object: 'model' })),
        }),
      );
    } else if (path.endsWith('/tokenize')) {
      const { prompt } = readRequest('/chat/completions', JSON.parse(text));
      out.whole(200, {}, JSON.stringify({ tokens: tokenIds(prompt), count: tokenIds(prompt).length }));
    } else if (path.endsWith('/responses/input_tokens')) {
      const { promptTokens } = readRequest('/responses', JSON.parse(text));
      out.whole(200, {}, JSON.stringify({ object: 'response.input_tokens', input_tokens: promptTokens }));
    } else if (!/\/(chat\/completions|completions|responses|messages)$/.test(path)) {
      out.error({ kind: 'status', status: 404, message: `No route ${path}.` });
    } else if (options.models !== undefined && !options.models.includes(JSON.parse(text).model)) {
      out.error({
        kind: 'status',
        status: 404,
        code: 'model_not_found',
        message: `The model \`${JSON.parse(text).model}\` does not exist.`,
      });
    } else {
      complete(path, text, req, res).catch((/** @type {unknown} */ error) => {
        if (res.headersSent) res.destroy();
        else out.error({ kind: 'status', status: 500, message: String(error) });
      });
    }
  }

  const server = createServer({ keepAliveTimeout: options.keepAliveMs ?? 60_000 }, (req, res) => {
    /** @type {Buffer[]} */
    const parts = [];
    req.on('data', (part) => parts.push(part));
    req.on('end', () => {
      try {
        route(req, res, Buffer.concat(parts).toString());
      } catch (error) {
        writer(res).error({ kind: 'status', status: 400, message: String(error) });
      }
    });
    req.on('error', () => res.destroy());
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', () => resolve(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const url = `http://${options.host ?? '127.0.0.1'}:${address.port}`;

  /** @type {import('./provider.d.mts').Provider} */
  const provider = {
    url,
    baseUrl: `${url}/v1`,
    get requests() {
      return requests;
    },
    counts: () => ({ ...counts, faults: { ...counts.faults } }),
    setScript: (faults) => {
      script = faults.map(asFault);
    },
    clear: () => {
      requests = [];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return provider;
}
