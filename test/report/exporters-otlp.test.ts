import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exportRun, type ExportOptions } from '../../src/report/exporters/index.js';
import { otlpSettings } from '../../src/report/exporters/otlp/settings.js';
import { makeRun } from './html-run.js';

/** The JSON mapping of `opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest`, as far as it is used. */
const attribute = z.strictObject({
  key: z.string().min(1),
  value: z.union([
    z.strictObject({ stringValue: z.string() }),
    z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
    z.strictObject({ doubleValue: z.number() }),
    z.strictObject({ boolValue: z.boolean() }),
  ]),
});
const span = z.strictObject({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  name: z.string().min(1),
  kind: z.int().min(0).max(5),
  startTimeUnixNano: z.string().regex(/^\d+$/),
  endTimeUnixNano: z.string().regex(/^\d+$/),
  attributes: z.array(attribute),
  status: z.strictObject({ code: z.int().min(0).max(2), message: z.string().optional() }),
});
const exportRequest = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes: z.array(attribute) }),
      scopeSpans: z.array(
        z.strictObject({ scope: z.strictObject({ name: z.string() }), spans: z.array(span) }),
      ),
    }),
  ),
});
type Span = z.infer<typeof span>;

let dir = '';
let address = '';
let answer: { status: number; body: string } = { status: 200, body: '{}' };
let requests: { path: string; headers: IncomingHttpHeaders; body: z.infer<typeof exportRequest> }[] = [];

/** A collector that takes what the specification allows and answers 400 to anything else. */
const collector = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    const parsed = exportRequest.safeParse(JSON.parse(Buffer.concat(pieces).toString()));
    if (parsed.success) requests.push({ path: request.url!, headers: request.headers, body: parsed.data });
    const { status, body } = parsed.success ? answer : { status: 400, body: parsed.error.message };
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
});

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'ngym-otlp-'));
  requests = [];
  answer = { status: 200, body: '{}' };
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});
afterEach(async () => {
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
  await rm(dir, { recursive: true, force: true });
});

async function run(
  made: { tasks: number; repeats: number },
  more: Partial<ExportOptions> = {},
): Promise<string[]> {
  const rollouts = await makeRun(dir, made);
  const notices: string[] = [];
  await exportRun({
    files: { rollouts, aggregateMetrics: path.join(dir, 'calc_aggregate_metrics.json') },
    config: {},
    redacted: {},
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: address },
    notify: (level, message) => notices.push(`${level}: ${message}`),
    ...more,
  });
  return notices;
}

const sent = (): Span[] => requests.flatMap(({ body }) => body.resourceSpans[0]!.scopeSpans[0]!.spans);
const valueOf = (one: Span, key: string): unknown =>
  Object.values(one.attributes.find((each) => each.key === key)?.value ?? {})[0];

describe('export to an OpenTelemetry collector', () => {
  it('sends a trace per stored rollout: the agent, its requests, its tool calls', async () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${address}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b, x-more=1',
      OTEL_SERVICE_NAME: 'evals',
    };
    const notices = await run({ tasks: 4, repeats: 2 }, { env });
    expect(requests.map((one) => one.path)).toEqual(['/v1/traces']);
    expect(requests[0]!.headers).toMatchObject({ 'x-key': 'a b', 'x-more': '1' });
    const { attributes } = requests[0]!.body.resourceSpans[0]!.resource;
    expect(attributes).toEqual([{ key: 'service.name', value: { stringValue: 'evals' } }]);
    const spans = sent();
    const roots = spans.filter((one) => one.parentSpanId === undefined);
    // Five scored, two failed; the one that was never played has no trace.
    expect(roots).toHaveLength(7);
    expect(new Set(spans.map((one) => one.traceId)).size).toBe(7);
    expect(new Set(spans.map((one) => one.spanId)).size).toBe(spans.length);
    const [root] = roots.filter((one) => valueOf(one, 'ngym.task_index') === '3');
    expect(root!.name).toBe('invoke_agent calc_agent');
    expect(valueOf(root!, 'gen_ai.usage.input_tokens')).toBe('53');
    expect(root!.attributes.find((one) => one.key === 'ngym.reward')!.value).toHaveProperty('doubleValue');
    const inside = spans.filter((one) => one.parentSpanId === root!.spanId);
    expect(inside.map((one) => one.name)).toEqual(['chat demo-model', 'execute_tool multiply']);
    for (const one of inside) {
      expect(one.traceId).toBe(root!.traceId);
      expect(BigInt(one.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(one.startTimeUnixNano));
    }
    const failed = roots.filter((one) => one.status.code === 2);
    expect(failed.map((one) => valueOf(one, 'error.type'))).toEqual(['timeout', 'timeout']);
    expect(notices).toEqual([`info: Exported to OpenTelemetry: 7 traces, ${spans.length} spans`]);
  });

  it('sends no text of a conversation and nothing secret', async () => {
    await run({ tasks: 4, repeats: 1 });
    expect(sent().length).toBeGreaterThan(0);
    expect(JSON.stringify(requests.map(({ body }) => body))).not.toMatch(/sekret|times seven|It is/);
  });

  it('sends bounded batches, and the same ids when it is done again', async () => {
    await run({ tasks: 600, repeats: 1 });
    const sizes = requests.map(({ body }) => body.resourceSpans[0]!.scopeSpans[0]!.spans.length);
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThan(600);
    const first = sent();
    requests = [];
    await run({ tasks: 600, repeats: 1 });
    expect(sent()).toEqual(first);
  });

  it('warns, and never throws, when the collector refuses, is not there, or takes only a part', async () => {
    answer = { status: 503, body: 'busy' };
    expect(await run({ tasks: 3, repeats: 1 })).toEqual([
      expect.stringMatching(/^warn: The export to OpenTelemetry failed: .*status 503: busy/),
    ]);
    answer = { status: 200, body: '{"partialSuccess":{"rejectedSpans":"2"}}' };
    expect((await run({ tasks: 3, repeats: 1 }))[0]).toMatch(/^warn: .*refused 2 of/);
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:sekret@127.0.0.1:1' };
    const [gone] = await run({ tasks: 3, repeats: 1 }, { env });
    expect(gone).toMatch(/^warn: /);
    expect(gone).not.toContain('sekret');
  });

  it('does nothing unless it is asked to', async () => {
    expect(await run({ tasks: 2, repeats: 1 }, { env: {} })).toEqual([]);
    expect(otlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: address, OTEL_SDK_DISABLED: 'true' })).toBe(null);
    expect(otlpSettings({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://a/b' })!.url).toBe('http://a/b');
  });
});

describe('exportRun', () => {
  it('turns trouble with MLflow into a warning', async () => {
    const config = { mlflow_experiment_name: 'e', mlflow_run_name: 'r', mlflow_tracking_token: 'sekret' };
    for (const mlflow_tracking_uri of ['file:./mlruns', 'http://127.0.0.1:1']) {
      const notices = await run(
        { tasks: 1, repeats: 1 },
        { env: {}, config: { ...config, mlflow_tracking_uri } },
      );
      expect(notices).toEqual([expect.stringMatching(/^warn: The export to MLflow failed: /)]);
      expect(notices.join()).not.toContain('sekret');
    }
    expect(await run({ tasks: 1, repeats: 1 }, { env: {}, config })).toEqual([]);
  });
});
