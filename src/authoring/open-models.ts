import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ConfigObject } from '../config/index.js';
import { mentioned } from '../graph/index.js';

/** Names of the model servers that a config file refers to and does not define: judges, mostly. */
export function openModels(file: string): string[] {
  let values: unknown;
  try {
    values = parse(readFileSync(file, 'utf8'), { logLevel: 'silent' });
  } catch {
    // Whoever reads it as a configuration says what is wrong with it.
    return [];
  }
  if (typeof values !== 'object' || values === null) return [];
  const names = new Set(mentioned(values as ConfigObject, 'responses_api_models'));
  return [...names].filter((name) => !Object.hasOwn(values, name));
}

/** A model that is never asked. */
export const NOBODY: ConfigObject = { dummy_model: { entrypoint: 'app.py' } };

/** The same block for each of these. */
export function blocksFor(names: readonly string[], block: ConfigObject): ConfigObject {
  return Object.fromEntries(names.map((name) => [name, { responses_api_models: block }]));
}
