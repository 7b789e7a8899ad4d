import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ResolvedConfig, ServerInstance } from '../../config/index.js';
import { errors } from '../../errors/index.js';
import { isObject, type JsonObject } from '../../protocol/index.js';
import type { McpRows } from './rows.js';

/** What the configuration says about the rows of an environment's episodes over MCP. Throws NgError. */
export function configuredRows(resolved: ResolvedConfig, server: ServerInstance): McpRows {
  const row = rowOf(server);
  const dataset = datasetOf(resolved, server.name);
  return { ...(row !== undefined && { row }), ...(dataset !== undefined && { dataset }) };
}

function rowOf({ name, type, implementation, config }: ServerInstance): JsonObject | number | undefined {
  const { mcp_row: row } = config;
  if (row === undefined || row === null) return undefined;
  if (typeof row === 'number' && Number.isInteger(row) && row >= 0) return row;
  if (isObject(row)) return row;
  const key = `${name}.${type}.${implementation}.mcp_row`;
  throw errors.serveSettingInvalid(
    key,
    'a row (a block of keys), or the number of a line of the dataset, from 0',
  );
}

/** The file of the first dataset of an agent that plays the environment, those of type `example` first. */
function datasetOf({ servers, roots }: ResolvedConfig, environment: string): string | undefined {
  const declared = servers
    .filter(
      ({ config }) =>
        isObject(config['resources_server']) && config['resources_server']['name'] === environment,
    )
    .flatMap(({ config }) => (Array.isArray(config['datasets']) ? config['datasets'] : []))
    .filter(isObject);
  const isExample = ({ type }: (typeof declared)[number]): boolean => type === 'example';
  return [...declared.filter(isExample), ...declared.filter((dataset) => !isExample(dataset))]
    .flatMap(({ jsonl_fpath: file }) => (typeof file === 'string' ? [file] : []))
    .flatMap((file) => (path.isAbsolute(file) ? [file] : roots.map((root) => path.resolve(root, file))))
    .find((file) => existsSync(file));
}
