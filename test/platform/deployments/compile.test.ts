import { describe, expect, it } from 'vitest';
import { containerBody, imageOf } from '../../../src/platform/deployments/docker/container.js';
import { commandOf, placedIn } from '../../../src/platform/deployments/executors/command.js';
import { specOf, type Spec } from '../../../src/platform/deployments/spec.js';
import { Registry, type Entity } from '../../../src/platform/registry/index.js';
import { openDatabase } from '../../../src/store/index.js';
import { orderWith, specWith } from './support.js';

const TOOLS: Partial<Spec> = {
  model: 'meta/llama',
  chatTemplate: '{{ x }}',
  toolParser: 'llama3_json',
  autoTools: true,
};
const words = (spec: Spec): string[] => {
  const command = commandOf(spec)!;
  return [command.program, ...placedIn(command, '127.0.0.1', 9000)];
};

describe('the command line of a config', () => {
  it('is that of vLLM, with the flags of the config, and the user’s own in their place', () => {
    const spec = specWith({
      ...TOOLS,
      engine: 'vllm',
      revision: 'main',
      lora: true,
      gpu: 2,
      parallel: 2,
      args: ['--max-model-len', '8', '--port=1'],
    });
    expect(words(spec).join(' ')).toBe(
      'vllm serve meta/llama --host 127.0.0.1 --served-model-name meta/llama --revision main --tensor-parallel-size 2 --chat-template {{ x }} --enable-auto-tool-choice --tool-call-parser llama3_json --enable-lora --max-model-len 8 --port=1',
    );
  });

  it('is that of llama.cpp’s server, or any other, with the port where it is wanted', () => {
    const llama = specWith({ ...TOOLS, image: 'llama-server', args: ['-m', '/m.gguf'] });
    expect(words(llama).join(' ')).toBe(
      'llama-server --host 127.0.0.1 --port 9000 --alias meta/llama --jinja --chat-template {{ x }} -m /m.gguf',
    );
    const other = specWith({
      override: { ...specWith().override, command: ['serve-it', '--at={host}:{port}'] },
      args: ['-v'],
    });
    expect(words(other)).toEqual(['serve-it', '--at=127.0.0.1:9000', '-v']);
    expect(commandOf(specWith({ engine: 'nim' }))).toBeNull();
  });
});

describe('the container of a config', () => {
  const env = (spec: Spec, ngc: string | null = null): string[] =>
    containerBody(orderWith(spec, { TOKEN: 's' }), imageOf(spec)!, ngc)['Env'] as string[];

  it('of a NIM is told everything by its environment', () => {
    const spec = specWith({
      ...TOOLS,
      engine: 'nim',
      image: 'nvcr.io/nim/meta/llama',
      toolPlugin: '/p.py',
      lora: true,
      trustRemoteCode: true,
      entity: 'default/llama',
      envs: { NIM_LOG_LEVEL: 'INFO' },
    });
    expect(env(spec, 'key')).toEqual([
      'NIM_SERVED_MODEL_NAME=meta/llama',
      'NIM_PEFT_SOURCE=/scratch/loras',
      'NIM_PEFT_REFRESH_INTERVAL=30',
      'NMP_MODEL_ENTITY_WORKSPACE=default',
      'NMP_MODEL_ENTITY_NAME=llama',
      'NIM_FORCE_TRUST_REMOTE_CODE=1',
      'NIM_CHAT_TEMPLATE={{ x }}',
      'NIM_TOOL_CALL_PARSER=llama3_json',
      'NIM_TOOL_PARSER_PLUGIN=/p.py',
      'NIM_ENABLE_AUTO_TOOL_CHOICE=1',
      'NGC_API_KEY=key',
      'NIM_LOG_LEVEL=INFO',
      'TOKEN=s',
    ]);
  });

  it('of vLLM has its flags as its command, and the GPUs that it asks for', () => {
    const spec = specWith({ ...TOOLS, engine: 'vllm', gpu: 2, parallel: 1, lora: true });
    const body = containerBody(orderWith(spec), imageOf(spec)!, 'key');
    expect((body['Cmd'] as string[]).join(' ')).toBe(
      '--host 0.0.0.0 --port 8000 --model meta/llama --served-model-name meta/llama --chat-template {{ x }} --enable-auto-tool-choice --tool-call-parser llama3_json --enable-lora',
    );
    expect(body['Image']).toBe('vllm/vllm-openai:latest');
    expect(JSON.stringify(body['Env'])).not.toContain('NGC_API_KEY');
    expect(body['HostConfig']).toMatchObject({
      DeviceRequests: [{ Driver: 'nvidia', Count: 2, Capabilities: [['gpu']] }],
      ShmSize: 2 * 16 * 1024 ** 3,
    });
  });
});

describe('what a config asks for', () => {
  it('is completed by its model entity, and that by its fileset; the config’s own word is the last', async () => {
    const database = await openDatabase(':memory:');
    const registry = await Registry.open(database, Date.now);
    const tools = { chat_template: 'of the files', tool_call_parser: 'of-files', auto_tool_choice: true };
    await registry.create('workspace', '', 'default', {});
    await registry.create('fileset', 'default', 'fs', { metadata: { model: { tool_calling: tools } } });
    await registry.create('model', 'default', 'ent', {
      fileset: 'fs',
      trust_remote_code: true,
      spec: {
        chat_template: 'of the entity',
        tool_call_config: null,
        hidden_size: 12,
        num_attention_heads: 6,
        num_kv_heads: 3,
      },
    });
    const config = (model_spec: object, executor_config: object): Entity =>
      ({
        workspace: 'default',
        data: { engine: 'vllm', model_spec, executor_config, model_entity_id: 'default/ent' },
      }) as unknown as Entity;
    const spec = specOf(
      config(
        { model_name: 'meta/llama@v2', tool_call_config: { tool_call_parser: 'own' } },
        { gpu: 6, k8s_nim_operator_config: { startup_probe_grace_seconds: 7 } },
      ),
      registry,
    );
    expect(spec).toMatchObject({
      model: 'meta/llama',
      revision: 'v2',
      chatTemplate: 'of the entity',
      toolParser: 'own',
      autoTools: true,
      trustRemoteCode: true,
      entity: 'default/ent',
      parallel: 3,
      readyMs: 7_000,
    });
    await database.close();
  });
});
