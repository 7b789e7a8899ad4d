import type { Component, ComponentKind } from './component.js';
import { configFiles, type Block, type ConfigFile } from './config-files.js';
import { traitsOf } from './traits.js';

/** Where to look, and which environments run in this process without a server. */
export interface Catalog {
  roots: readonly string[];
  native: ReadonlySet<string>;
  /** Of any other: `bridge` where its program can be started, else what that needs. */
  other: (server: Pick<Block, 'implementation' | 'type' | 'config'>) => string;
}

/** Everything of a kind that the search roots hold, by name. */
export function listComponents(kind: ComponentKind, catalog: Catalog): Component[] {
  switch (kind) {
    case 'models':
      return configFiles(catalog.roots, 'responses_api_models', true).flatMap(model);
    case 'resources-servers':
      return configFiles(catalog.roots, 'resources_servers', true).flatMap(resourcesServer);
    case 'agents':
      return agents(catalog);
    case 'environments':
      return [
        ...configFiles(catalog.roots, 'environments', false).map((file) =>
          environment(file, 'environment', '--environment', catalog),
        ),
        ...configFiles(catalog.roots, 'resources_servers', true)
          .filter((file) => block(file, 'responses_api_agents') !== undefined)
          .map((file) => environment(file, 'environment', '--resources-server', catalog)),
      ];
    case 'benchmarks':
      return configFiles(catalog.roots, 'benchmarks', false).map((file) =>
        environment(file, 'benchmark', '--benchmark', catalog),
      );
  }
}

function model(file: ConfigFile): Component[] {
  const found = block(file, 'responses_api_models');
  if (found === undefined) return [];
  const name = file.selector;
  const { instance, implementation, config } = found;
  const identifier = text(config['model'] ?? config['openai_model']);
  const details = {
    config: file.path,
    instance,
    base_url: text(config['base_url']),
    model: identifier,
  };
  return [
    {
      row: { name, model: identifier, model_group: implementation },
      detail: {
        name,
        type: 'models',
        domain: null,
        description: file.comment,
        details,
        usage_example: `ng eval run --model-type ${name} --resources-server mcqa --agent mcqa_simple_agent …`,
      },
    },
  ];
}

function resourcesServer(file: ConfigFile): Component[] {
  const found = block(file, 'resources_servers');
  if (found === undefined) return [];
  const name = file.selector;
  const { config, implementation, instance } = found;
  const domain = text(config['domain']);
  const description = text(config['description']) ?? file.comment;
  return [
    {
      row: { name, domain, description },
      detail: {
        name,
        type: 'resources-servers',
        domain,
        description,
        details: { config: file.path, instance, implementation, agents: agentNames(file) },
        usage_example: usage('--resources-server', file),
      },
    },
  ];
}

/** Agent instances, whichever file they are in; one row each, with the number of files that define it. */
function agents({ roots }: Catalog): Component[] {
  const all = new Map<string, { agent: Block; files: ConfigFile[]; flag: string }>();
  const places = [
    { folder: 'resources_servers', inConfigs: true, flag: '--resources-server' },
    { folder: 'responses_api_agents', inConfigs: true, flag: '--config' },
    { folder: 'environments', inConfigs: false, flag: '--environment' },
    { folder: 'benchmarks', inConfigs: false, flag: '--benchmark' },
  ];
  for (const { folder, inConfigs, flag } of places) {
    for (const file of configFiles(roots, folder, inConfigs)) {
      for (const agent of file.blocks.filter(({ type }) => type === 'responses_api_agents')) {
        const known = all.get(agent.instance);
        if (known) known.files.push(file);
        else all.set(agent.instance, { agent, files: [file], flag });
      }
    }
  }
  return [...all.values()]
    .sort((a, b) => (a.agent.instance < b.agent.instance ? -1 : 1))
    .map(({ agent, files, flag }) => {
      const [file] = files as [ConfigFile];
      const name = agent.instance;
      const description =
        text(agent.config['description']) ?? text(block(file, 'resources_servers')?.config['description']);
      const selfContained = block(file, 'resources_servers') !== undefined;
      return {
        row: {
          name,
          pattern: agent.implementation,
          self_contained: selfContained,
          variants: files.length,
          description,
        },
        detail: {
          name,
          type: 'agents',
          domain: text(block(file, 'resources_servers')?.config['domain']),
          description,
          details: {
            configs: files.map((one) => one.path),
            pattern: agent.implementation,
            self_contained: selfContained,
          },
          usage_example: usage(flag, file, name),
        },
      };
    });
}

function environment(
  file: ConfigFile,
  kind: 'environment' | 'benchmark',
  flag: string,
  catalog: Catalog,
): Component {
  const found = block(file, 'resources_servers');
  const name = file.selector;
  const domain = text(found?.config['domain']);
  const description = text(found?.config['description']) ?? file.comment;
  const entrypoint = text(found?.config['entrypoint']) ?? '';
  const here =
    found !== undefined && (catalog.native.has(found.implementation) || /\.[mc]?[jt]s$/.test(entrypoint));
  const status = found === undefined ? null : here ? 'native' : statusElsewhere(found, catalog);
  const { tags, rows, license, agent } = traitsOf(file, catalog.roots);
  return {
    row: {
      name,
      kind,
      status,
      domain,
      description,
      version: null,
      integration_profile: null,
      modality: [],
      licensing: null,
      lifecycle: null,
      tags,
      rows,
      license,
      agent,
    },
    detail: {
      name,
      type: kind === 'benchmark' ? 'benchmarks' : 'environments',
      domain,
      description,
      details: { config: file.path, status, agents: agentNames(file), tags, rows, license },
      usage_example: usage(flag, file),
    },
  };
}

function statusElsewhere(found: Block, { other }: Catalog): string {
  return typeof found.config['base_url'] === 'string' ? 'elsewhere' : other(found);
}

function block(file: ConfigFile, type: string): Block | undefined {
  return file.blocks.find((candidate) => candidate.type === type);
}

function agentNames(file: ConfigFile): string[] {
  return file.blocks.filter(({ type }) => type === 'responses_api_agents').map(({ instance }) => instance);
}

function usage(flag: string, file: ConfigFile, agent = agentNames(file)[0]): string {
  const chosen = flag === '--config' ? file.path : file.selector;
  return [
    `ng eval run ${flag} ${chosen} --model-type openai_model`,
    ...(agent === undefined ? [] : [`--agent ${agent}`]),
    '--input … --output …',
  ].join(' ');
}

function text(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
