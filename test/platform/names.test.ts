import { describe, expect, it } from 'vitest';
import { entityName } from '../../src/platform/discovery/index.js';
import { renameModel } from '../../src/platform/gateway/rename-model.js';
import { isForbiddenHost } from '../../src/platform/gateway/hosts.js';
import { readFilter } from '../../src/platform/listing/index.js';
import { readTemplate, DEFAULT_TEMPLATE } from '../../src/platform/resources/index.js';

describe('names of entities', () => {
  it.each([
    ['gpt-3.5-turbo', 'gpt-3-5-turbo'],
    ['meta/Llama_3.1//8B', 'meta-llama-3-1-8b'],
    ['4x', 'm-4x'],
    ['--a--', null],
    ['模型', null],
    ['', null],
  ])('%j → %j', (id, name) => expect(entityName(id)).toBe(name));

  it('are cut when they are too long, and stay apart', () => {
    const names = ['x'.repeat(70), 'x'.repeat(71)].map((id) => entityName(id)!);
    expect(names.map((name) => name.length)).toEqual([63, 63]);
    expect(new Set(names).size).toBe(2);
  });
});

describe('the name of the model in a reply', () => {
  const rename = (text: string): string => renameModel(text, 'm', 'ws/e');
  it.each([
    ['{"model":"m","a":1.0}', '{"model":"ws/e","a":1.0}'],
    ['{ "model" : "m" }', '{ "model" : "ws/e" }'],
    ['{"model":"other"}', '{"model":"other"}'],
    ['{"x":{"model":"m"},"model":"m"}', '{"x":{"model":"m"},"model":"ws/e"}'],
    ['{"message":{"model":"m"}}', '{"message":{"model":"ws/e"}}'],
    ['{"response":{"model":"m","o":[{"model":"m"}]}}', '{"response":{"model":"ws/e","o":[{"model":"m"}]}}'],
    ['{"t":"\\"model\\":\\"m\\"","l":["model","m"]}', '{"t":"\\"model\\":\\"m\\"","l":["model","m"]}'],
    ['[{"model":"m"}]', '[{"model":"m"}]'],
    ['not "model" json', 'not "model" json'],
  ])('%s', (text, wanted) => expect(rename(text)).toBe(wanted));
});

describe('filters', () => {
  const things = [
    { name: 'a', size: 1, description: 'First one', base: null },
    { name: 'b', size: 2, description: null, base: 'x' },
  ];
  const found = (query: string): string =>
    things
      .filter(readFilter(new URLSearchParams(query), ['name', 'size', 'description', 'base']))
      .map(({ name }) => name)
      .join('');
  it.each([
    ['', 'ab'],
    ['filter[name]=a', 'a'],
    ['filter[name][$in]=a,c', 'a'],
    ['filter[description][$like]=first', 'a'],
    ['filter[base]=true', 'b'],
    ['filter[base]=false', 'a'],
    ['filter={"size":2}', 'b'],
    ['filter={"$or":[{"name":"a"},{"size":2}]}', 'ab'],
    ['filter={"$not":{"name":"a"}}', 'b'],
    ['filter=name:"a" AND size=1', 'a'],
    ['filter[name][$gte]=b', 'b'],
  ])('%s → %s', (query, names) => expect(found(query)).toBe(names));

  it('say which fields there are', () => {
    expect(() => found('filter[bogus]=1')).toThrow();
    expect(() => found('filter={')).toThrow();
  });
});

describe('hosts', () => {
  it('that give out credentials are not asked', () => {
    for (const host of [
      '169.254.169.254',
      '[::ffff:a9fe:a9fe]',
      '[fe80::1]',
      '100.100.100.200',
      'METADATA.google.internal.',
    ]) {
      expect(isForbiddenHost(host, null), host).toBe(true);
    }
    for (const host of ['127.0.0.1', '10.0.0.1', 'api.example.com', '[::1]'])
      expect(isForbiddenHost(host, null), host).toBe(false);
    expect(isForbiddenHost('api.example.com', ['*.example.com'])).toBe(false);
    expect(isForbiddenHost('example.com.evil', ['*.example.com'])).toBe(true);
  });
});

describe('templates for keys', () => {
  it('give one header', () => {
    const { header, render } = readTemplate(DEFAULT_TEMPLATE);
    expect([header, render('k$&')]).toEqual(['Authorization', 'Bearer k$&']);
    expect(readTemplate('X-K: {{ auth_secret | upper | trim }}').render(' k ')).toBe('K');
  });
});
