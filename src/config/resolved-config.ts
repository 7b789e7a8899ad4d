import { treeToYaml } from './dump-yaml.js';
import { explainPath } from './explain.js';
import { findSecrets, maskedValues, redactTree, type NamedSecret } from './redact/index.js';
import { serverText } from './server-text.js';
import type { MapNode } from './tree/index.js';
import { fromPlain, lookup, mapToPlain, merge, splitPath } from './tree/index.js';
import type { ConfigObject, Origin, ResolvedConfig, ServerInstance } from './types.js';

interface Parts {
  root: MapNode;
  servers: readonly ServerInstance[];
  files: readonly string[];
  warnings: readonly string[];
  roots: readonly string[];
  /** Secrets that are known from environment variables' names: value → name. */
  secrets: ReadonlyMap<string, string>;
}

/** The public face of a computed tree; masked forms are made when asked for. */
export function makeResolvedConfig(parts: Parts): ResolvedConfig {
  const { root, servers, files, warnings, roots } = parts;
  let secrets: NamedSecret[] | undefined;
  const named = (): NamedSecret[] => (secrets ??= findSecrets(root, parts.secrets));
  const secretValues = (): string[] => maskedValues(named());
  return {
    values: mapToPlain(root),
    servers,
    files,
    warnings,
    roots,
    origin: (path: string): Origin | undefined => lookup(root, splitPath(path))?.origin,
    redacted: (): ConfigObject => mapToPlain(redactTree(root, secretValues())),
    secrets: secretValues,
    namedSecrets: () => [...named()],
    explain: (path: string) => explainPath(root, path, secretValues()),
    forServers: (over) => serverText(merge(root, fromPlain(over, { source: 'default' }) as MapNode)),
    toYaml: (over = {}) => {
      const changes = fromPlain(over, { source: 'default' }) as MapNode;
      return treeToYaml(redactTree(merge(root, changes), secretValues()));
    },
  };
}
