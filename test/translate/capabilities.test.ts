import { describe, expect, it } from 'vitest';
import { CAPABILITIES, GENERIC, capabilityOfUrl, resolveCapability } from '../../src/translate/index.js';

describe('capability records', () => {
  it.each([
    ['https://inference.baseten.co/v1', 'baseten'],
    ['https://api.deepinfra.com/v1/openai', 'deepinfra'],
    ['https://api.fireworks.ai/inference/v1', 'fireworks'],
    ['https://api.friendli.ai/serverless/v1', 'friendli'],
    ['https://generativelanguage.googleapis.com/v1beta/openai', 'gemini'],
    ['https://router.huggingface.co/v1', 'huggingface'],
    ['https://api.tokenfactory.nebius.com/v1/', 'nebius'],
    ['https://openrouter.ai/api/v1', 'openrouter'],
    ['https://api.together.xyz/v1', 'together'],
    ['https://api.openai.com/v1', 'openai'],
    ['https://my-resource.openai.azure.com/openai/v1/', 'azure'],
    ['https://api.anthropic.com', 'anthropic'],
    ['https://integrate.api.nvidia.com/v1', 'nvidia'],
    ['https://api.mistral.ai/v1', 'mistral'],
    ['https://api.deepseek.com', 'deepseek'],
    ['http://127.0.0.1:8000/v1', 'generic'],
    ['https://api.openai.com.evil.example/v1', 'generic'],
    ['not a url', 'generic'],
  ])('%s is %s', (url, name) => {
    expect(capabilityOfUrl(url).name).toBe(name);
  });

  it('are complete, named once, and have a place for the key', () => {
    const names = CAPABILITIES.map((record) => record.name);
    expect(new Set(names).size).toBe(names.length);
    for (const record of CAPABILITIES) {
      expect(Object.keys(record).sort()).toEqual(Object.keys(GENERIC).sort());
      expect(record.authTemplate).toContain('{key}');
    }
  });

  it('can be overridden from YAML, in snake case', () => {
    const { capability, problems } = resolveCapability({
      name: 'vllm',
      overrides: { reasoning_history: 'drop', system_first: true, drop: ['user'] },
    });
    expect(problems).toEqual([]);
    expect(capability).toMatchObject({
      name: 'vllm',
      reasoningHistory: 'drop',
      systemFirst: true,
      drop: ['user'],
    });
  });

  it.each([
    [{ name: 'opnai' }, 'name', 'openai'],
    [{ overrides: { sytem_first: true } }, 'sytem_first', 'systemFirst'],
    [{ overrides: { reasoning_history: 'loud' } }, 'reasoning_history', 'reasoning_content'],
  ])('%j is a problem that names what is known', (from, key, known) => {
    const { problems } = resolveCapability(from);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.key).toBe(key);
    expect(problems[0]!.known).toContain(known);
  });

  it('a value of the wrong type is a problem and is not used', () => {
    const { capability, problems } = resolveCapability({ overrides: { system_first: 'yes', drop: [1] } });
    expect(problems.map((problem) => problem.key)).toEqual(['system_first', 'drop']);
    expect(capability).toEqual(GENERIC);
  });
});
