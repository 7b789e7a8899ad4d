import type { Capability } from './capability.js';
import { GENERIC, REASONING_HISTORIES } from './capability.js';
import { RECORDS } from './records.js';

/** All records in full, the generic one first. */
export const CAPABILITIES: readonly Capability[] = [
  GENERIC,
  ...RECORDS.map((record) => ({ ...GENERIC, ...record })),
];

function hostOf(baseUrl: string): string | undefined {
  try {
    return new URL(baseUrl).hostname;
  } catch {
    return undefined;
  }
}

/** The record of the provider that a base URL belongs to; the generic one for a host that nobody claims. */
export function capabilityOfUrl(baseUrl: string): Capability {
  const host = hostOf(baseUrl);
  const claims = (pattern: string): boolean =>
    host !== undefined && (pattern.startsWith('.') ? host.endsWith(pattern) : host === pattern);
  return CAPABILITIES.find((record) => record.hosts.some(claims)) ?? GENERIC;
}

const CHOICES: Readonly<Partial<Record<keyof Capability, readonly unknown[]>>> = {
  reasoningHistory: REASONING_HISTORIES,
  toolResults: ['as_given', 'adjacent'],
  emptyAssistant: ['null', 'empty_string'],
  emptyArguments: ['', '{}'],
  maxTokensField: ['max_tokens', 'max_completion_tokens'],
  toolChoice: ['full', 'unnamed', 'auto_only'],
  thinking: ['budget', 'effort', 'none'],
};

/** `reasoning_history` → `reasoningHistory`. */
function camel(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function fits(key: keyof Capability, value: unknown): boolean {
  const choices = CHOICES[key];
  if (choices !== undefined) return choices.includes(value);
  const model = GENERIC[key];
  if (Array.isArray(model)) return Array.isArray(value) && value.every((v) => typeof v === 'string');
  if (key === 'toolNames') {
    return (
      value === null || (typeof value === 'object' && value !== null && 'allowed' in value && 'max' in value)
    );
  }
  return typeof value === typeof model && value !== null;
}

/** Something wrong with the overrides of a capability record. */
export interface CapabilityProblem {
  key: string;
  message: string;
  /** Words that would have been right. */
  known: readonly string[];
}

/**
 * The record to use: by `name` when given, else by the host of `baseUrl`, with `overrides` (snake_case or
 * camelCase keys) on top. Problems are returned, not thrown: the caller knows the file they came from.
 */
export function resolveCapability(from: {
  name?: string;
  baseUrl?: string;
  overrides?: Readonly<Record<string, unknown>>;
}): { capability: Capability; problems: CapabilityProblem[] } {
  const problems: CapabilityProblem[] = [];
  const named = CAPABILITIES.find((record) => record.name === from.name);
  if (from.name !== undefined && named === undefined) {
    const known = CAPABILITIES.map((record) => record.name);
    problems.push({ key: 'name', message: `there is no capability record "${from.name}"`, known });
  }
  const base = named ?? capabilityOfUrl(from.baseUrl ?? '');
  const changes: Record<string, unknown> = {};
  for (const [given, value] of Object.entries(from.overrides ?? {})) {
    const key = camel(given);
    if (!Object.hasOwn(GENERIC, key)) {
      problems.push({
        key: given,
        message: `there is no capability "${given}"`,
        known: Object.keys(GENERIC),
      });
    } else if (!fits(key as keyof Capability, value)) {
      const known = (CHOICES[key as keyof Capability] ?? []).map(String);
      problems.push({
        key: given,
        message: `capability "${given}" cannot be ${JSON.stringify(value)}`,
        known,
      });
    } else changes[key] = value;
  }
  return { capability: { ...base, ...changes }, problems };
}
