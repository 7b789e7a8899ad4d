import { mapToPlain } from './tree/index.js';
import type { ConfigObject } from './types.js';
import { readYaml } from './yaml/index.js';

/** One YAML mapping as plain values, read as configuration files are. `source` is named in errors. */
export function plainYaml(text: string, source: string): ConfigObject {
  return mapToPlain(readYaml(text, source));
}
