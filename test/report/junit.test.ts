import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reportRun, runGate } from '../../src/report/index.js';
import { MIXED, storedRun } from './sample-run.js';

interface Rules {
  attributes: string[];
  required: string[];
  children: string[];
}

/** What Jenkins' schema (xunit plugin, junit-10.xsd) allows. */
const SCHEMA: Record<string, Rules> = {
  testsuites: {
    attributes: ['name', 'time', 'tests', 'failures', 'errors'],
    required: [],
    children: ['testsuite'],
  },
  testsuite: {
    attributes: ['name', 'tests', 'failures', 'errors', 'time', 'skipped'],
    required: ['name', 'tests', 'failures', 'errors'],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
  },
  properties: { attributes: [], required: [], children: ['property'] },
  property: { attributes: ['name', 'value'], required: ['name', 'value'], children: [] },
  testcase: {
    attributes: ['name', 'time', 'classname'],
    required: ['name'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  failure: { attributes: ['type', 'message'], required: [], children: [] },
  error: { attributes: ['type', 'message'], required: [], children: [] },
  skipped: { attributes: ['type', 'message'], required: [], children: [] },
  'system-out': { attributes: [], required: [], children: [] },
};

/** Walks the tags and says what the schema forbids; also finds what is not well formed. */
function problems(xml: string): string[] {
  const found: string[] = [];
  const open: string[] = [];
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  for (const [tag, close, name = '', attributes = '', empty] of body.matchAll(
    /<(\/?)([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>/g,
  )) {
    if (close === '/') {
      if (open.pop() !== name) found.push(`${tag} closes nothing`);
      continue;
    }
    const parent = open.at(-1);
    const allowed = parent === undefined ? ['testsuites'] : SCHEMA[parent]!.children;
    if (!allowed.includes(name)) found.push(`<${name}> in <${parent ?? 'the document'}>`);
    const given = [...attributes.matchAll(/ ([\w-]+)="/g)].map(([, attribute]) => attribute!);
    const rules = SCHEMA[name]!;
    found.push(...given.filter((one) => !rules.attributes.includes(one)).map((one) => `${name}.${one}`));
    found.push(...rules.required.filter((one) => !given.includes(one)).map((one) => `no ${name}.${one}`));
    if (empty === '') open.push(name);
  }
  if (open.length > 0) found.push(`not closed: ${open.join(' ')}`);
  // What is left between tags is text: any other angle bracket is markup that was not read.
  if (/[<>]/.test(body.replace(/<\/?[\w-]+(?: [\w-]+="[^"<]*")*\/?>/g, ''))) found.push('stray bracket');
  return found;
}

describe('JUnit XML', () => {
  it('is valid for a run, also with text that looks like markup', async () => {
    const rows = MIXED.map((told) => ({ ...told, agent: '</testsuite><a b="c">&amp;\u0001' }));
    const { text } = await reportRun({ rollouts: storedRun(rows), format: 'junit' });
    expect(problems(text)).toEqual([]);
    expect(text).toContain('errors="2"');
  });

  it('is valid for a gate, and not all green when the run is incomplete', async () => {
    const { text, gate } = await runGate({
      rollouts: storedRun(MIXED),
      rules: ['mean >= 0.1', 'latency_p50 <= 100'],
      format: 'junit',
    });
    expect(gate.verdict).toBe('incomplete');
    expect(problems(text)).toEqual([]);
    expect(text).toContain('<testcase name="complete" classname="all"');
    expect(text).toContain('tests="3" failures="0" errors="1"');
  });

  it('says of each task what it is', async () => {
    const question = `What is <2 + 2>?\nThink ${'hard '.repeat(40)}`;
    const file = storedRun([
      { task: 0, reward: 1, question },
      { task: 1, reward: 1 },
    ]);
    const inputs = file.replace('.jsonl', '_materialized_inputs.jsonl');
    const [first, ...rest] = readFileSync(inputs, 'utf8').split('\n');
    writeFileSync(inputs, [JSON.stringify({ id: 'alg-3', ...JSON.parse(first!) }), ...rest].join('\n'));
    const { text } = await reportRun({ rollouts: file, format: 'junit' });
    expect(problems(text)).toEqual([]);
    expect(text).toContain('name="task 0 [alg-3]: What is &lt;2 + 2&gt;? Think hard hard');
    expect(text).toContain('name="task 1: question 1"');
    expect(text).toMatch(/name="task 0[^"]{60,130}…"/);
  });

  it('fails a task whose mean is lower than asked, and only then', async () => {
    const file = storedRun([
      { task: 0, reward: 1 },
      { task: 0, rollout: 1, reward: 0 },
      { task: 1, reward: 1 },
      { task: 2, reward: 0 },
    ]);
    const junit = async (failBelow?: number): Promise<string> => {
      const { text } = await reportRun({ rollouts: file, format: 'junit', failBelow });
      expect(problems(text)).toEqual([]);
      return text;
    };
    expect(await junit()).toContain('tests="3" failures="0" errors="0"');
    expect(await junit(0.5)).toContain('tests="3" failures="1" errors="0"');
    const strict = await junit(1);
    expect(strict).toContain('tests="3" failures="2" errors="0"');
    expect(strict).toContain('<failure message="mean reward 0.5 is below 1" type="reward">');
    const { text } = await reportRun({ rollouts: storedRun(MIXED), format: 'junit', failBelow: -1 });
    expect(text).toContain('failures="0" errors="2"');
  });

  it('would be found wrong by this test', () => {
    expect(problems('<testsuites><testcase/></testsuites>')).toEqual([
      '<testcase> in <testsuites>',
      'no testcase.name',
    ]);
    expect(problems('<testsuites name="a"><')).toEqual(['not closed: testsuites', 'stray bracket']);
  });
});
