import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beside } from '../../files/beside.js';
import { storedRollouts } from '../../html/rollouts.js';
import { ExportError, send } from '../send.js';
import type { ExportOptions } from '../types.js';
import { attributes } from './attributes.js';
import type { OtlpSettings } from './settings.js';
import { rolloutSpans, type Span } from './spans.js';

/** Spans per request: some hundred kilobytes. */
const BATCH = 512;

/** What tells this run from others: when and from what it was made, else the file's name. */
async function runIdentity(rollouts: string): Promise<string> {
  try {
    return await readFile(beside(rollouts, '_manifest.json'), 'utf8');
  } catch {
    return path.basename(rollouts);
  }
}

function rejected(answer: string): number {
  try {
    const { partialSuccess } = JSON.parse(answer) as { partialSuccess?: { rejectedSpans?: unknown } };
    return Number(partialSuccess?.rejectedSpans ?? 0);
  } catch {
    return 0;
  }
}

class Sender {
  sent = 0;
  private pending: Span[] = [];

  constructor(private readonly settings: OtlpSettings) {}

  async add(spans: readonly Span[]): Promise<void> {
    this.pending.push(...spans);
    if (this.pending.length >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.pending.length === 0) return;
    const spans = this.pending;
    this.pending = [];
    const { url, headers, resource } = this.settings;
    const scopeSpans = [{ scope: { name: 'ngym' }, spans }];
    const body = JSON.stringify({
      resourceSpans: [{ resource: { attributes: attributes(resource) }, scopeSpans }],
    });
    if (!URL.canParse(url)) throw new ExportError('OTEL_EXPORTER_OTLP_ENDPOINT is not an address');
    const type = { 'content-type': 'application/json' };
    const answer = await send(new URL(url), { method: 'POST', headers: { ...headers, ...type }, body });
    const refused = rejected(answer);
    this.sent += spans.length - refused;
    if (refused > 0) throw new ExportError(`the collector refused ${refused} of ${spans.length} spans`);
  }
}

/** Sends a trace per stored rollout, a bounded batch at a time. Throws ExportError. */
export async function exportOtlp(settings: OtlpSettings, options: ExportOptions): Promise<string> {
  const sender = new Sender(settings);
  const run = await runIdentity(options.files.rollouts);
  let traces = 0;
  for await (const stored of storedRollouts(options.files.rollouts, () => undefined)) {
    if (stored.status === 'owed') continue;
    const spans = rolloutSpans(stored, run);
    if (spans.length > 0) traces += 1;
    await sender.add(spans);
  }
  await sender.flush();
  return `OpenTelemetry: ${traces} traces, ${sender.sent} spans`;
}
