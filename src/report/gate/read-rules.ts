import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { errors } from '../../errors/index.js';
import { parseRule, type Rule } from './rule.js';

const KEYS = ['rule', 'agent', 'where', 'confidence'];

type Entry = Record<string, unknown>;

function confidenceOf(value: unknown, source: string): number | null {
  if (value === undefined) return null;
  if (typeof value === 'number' && value > 0.5 && value < 1) return value;
  throw errors.gateBadRule(source, 'confidence must be a number between 0.5 and 1');
}

function fromEntry(entry: Entry, source: string): Rule {
  const strange = Object.keys(entry).find((key) => !KEYS.includes(key));
  if (strange !== undefined) throw errors.gateBadRule(source, `unknown key "${strange}"`, KEYS, strange);
  const { rule, agent, where } = entry;
  if (typeof rule !== 'string') throw errors.gateBadRule(source, 'it has no "rule"');
  if (agent !== undefined && typeof agent !== 'string')
    throw errors.gateBadRule(source, 'agent must be a name');
  const parsed = parseRule(rule, source);
  const more = Object.entries((where ?? {}) as Entry).map(([field, value]) => [field, String(value)]);
  return {
    ...parsed,
    agent: agent ?? null,
    where: { ...parsed.where, ...(Object.fromEntries(more) as Record<string, string>) },
    confidence: confidenceOf(entry['confidence'], source),
  };
}

/** Reads a YAML file `rules: [...]`, each a line or `{rule, agent, where, confidence}`. Throws NgError. */
export async function readRules(file: string): Promise<Rule[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw errors.reportFileNotFound(file, 'gate file');
    throw error;
  }
  const document = parseDocument(text, { lineCounter: new LineCounter() });
  const [problem] = document.errors;
  if (problem !== undefined) {
    throw errors.gateBadRule(`${file}:${problem.linePos?.[0].line ?? 1}`, problem.message);
  }
  const value = document.toJS() as unknown;
  const rules = typeof value === 'object' && value !== null ? (value as Entry)['rules'] : undefined;
  if (!Array.isArray(rules)) throw errors.gateBadRule(file, 'the file has no list "rules"');
  return rules.map((entry: unknown, i) => {
    const source = `${file}:rules[${i}]`;
    if (typeof entry === 'string') return parseRule(entry, source);
    if (typeof entry === 'object' && entry !== null) return fromEntry(entry as Entry, source);
    throw errors.gateBadRule(source, 'it is neither a line nor a mapping');
  });
}
