import { readFile } from 'node:fs/promises';
import type { JsonObject } from '../../protocol/index.js';

export type MetricValue = number | string | boolean | null;

const single = (value: unknown): value is MetricValue => value === null || typeof value !== 'object';

/**
 * The run's metrics under the names that the reference exports: `<agent>/<metric>` and `key_metrics/<agent>/<metric>`,
 * single values only. Empty when no metrics were written.
 */
export async function metricValues(file: string): Promise<Map<string, MetricValue>> {
  const values = new Map<string, MetricValue>();
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return values;
    throw error;
  }
  for (const entry of JSON.parse(text) as JsonObject[]) {
    const { name } = (entry.agent_ref ?? {}) as JsonObject;
    const agent = typeof name === 'string' ? name : '';
    const put = (prefix: string, metrics: unknown): void => {
      for (const [name, value] of Object.entries((metrics ?? {}) as JsonObject)) {
        if (single(value)) values.set(`${prefix}/${name}`, value);
      }
    };
    put(agent, entry.agent_metrics);
    put(`key_metrics/${agent}`, entry.key_metrics);
  }
  return values;
}
