import { z } from 'zod';
import type { RetryPolicy, Timeouts } from '../transport/index.js';
import { operational } from './operational.js';

/** A string; numbers that YAML made of it (a model named `4`) are taken back. */
export const text = z.union([z.string(), z.number().transform(String)], {
  error: ({ input }) => (input === undefined ? 'is missing' : 'must be a string'),
});

export const baseUrl = text.refine((url) => /^https?:\/\/[^/\s]+|^embedded:./.test(url), {
  error: 'must be an http:// or https:// URL',
});

export const apiKey = text
  .transform((key) => key.trim())
  .refine((key) => /^[^\u0000-\u001f\u007f]*$/.test(key), { error: 'must not contain line breaks' });

/** A YAML `null` means "not set". */
export const dict = z
  .record(z.string(), z.json())
  .nullish()
  .transform((value) => value ?? {});

export const headers = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .nullish()
  .transform((value) => value ?? {});

/** `${oc.env:NAME,false}` gives text: the words of a boolean count as one, as in the reference. */
const FLAG_WORDS: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false };

export const flag = (otherwise: boolean) =>
  z
    .preprocess(
      (value) => (typeof value === 'string' ? (FLAG_WORDS[value.toLowerCase()] ?? value) : value),
      z.boolean().nullish(),
    )
    .transform((value) => value ?? otherwise);

export const positiveInt = z.int().positive({ error: 'must be at least 1' });

/** The words that every model server's block takes for these, whatever the reference calls them in that type. */
export const OPENAI_ALIASES = {
  base_url: 'openai_base_url',
  api_key: 'openai_api_key',
  model: 'openai_model',
} as const;

/** Seconds; 0 = no limit. */
const seconds = z.number().nonnegative().nullish();

/** What every model server of ours understands beyond the reference's keys. */
export const transportFields = {
  ...operational({
    connect_timeout_seconds: seconds,
    first_byte_timeout_seconds: seconds,
    first_token_timeout_seconds: seconds,
    idle_timeout_seconds: seconds,
    request_timeout_seconds: seconds,
    max_attempts: positiveInt.nullish(),
    max_reply_bytes: positiveInt.nullish(),
    adaptive_concurrency: z.boolean().nullish(),
  }),
  /** Ask for streams, so that bytes flow and a stall is noticed; rollouts get whole replies all the same. */
  stream_upstream: z.boolean().nullish(),
  /** What the provider can and cannot take, where its record is wrong or missing: docs/providers.md. */
  capability: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
  /** Tools of a request that only another API runs (`web_search` …): refuse the request, or leave them out. */
  unsupported_tools: z.enum(['refuse', 'drop'], { error: 'must be refuse or drop' }).nullish(),
};

export type TransportConfig = z.infer<z.ZodObject<typeof transportFields>>;

/** The transport's options that these keys set; what is not set keeps its default. */
export function transportSettings(config: TransportConfig): {
  timeouts: Partial<Timeouts>;
  retry: Partial<RetryPolicy>;
  maxReplyBytes?: number;
  adaptive?: boolean;
} {
  const timeouts: Partial<Timeouts> = {};
  const ms = (value: number | null | undefined, set: (ms: number) => void): void => {
    if (value !== null && value !== undefined) set(value * 1000);
  };
  ms(config.connect_timeout_seconds, (v) => (timeouts.connectMs = v));
  ms(config.first_byte_timeout_seconds, (v) => (timeouts.firstByteMs = v));
  ms(config.first_token_timeout_seconds, (v) => (timeouts.firstTokenMs = v));
  ms(config.idle_timeout_seconds, (v) => (timeouts.idleMs = v));
  ms(config.request_timeout_seconds, (v) => (timeouts.callMs = v));
  const attempts = config.max_attempts;
  return {
    timeouts,
    retry:
      typeof attempts === 'number' ? { maxAttempts: attempts, maxToldAttempts: Math.max(attempts, 20) } : {},
    ...(typeof config.adaptive_concurrency === 'boolean' && { adaptive: config.adaptive_concurrency }),
    ...(typeof config.max_reply_bytes === 'number' && { maxReplyBytes: config.max_reply_bytes }),
  };
}

/** What these keys say to the translator. */
export function translateSettings({ unsupported_tools: tools }: TransportConfig): {
  unsupportedTools?: 'refuse' | 'drop';
} {
  return typeof tools === 'string' ? { unsupportedTools: tools } : {};
}
