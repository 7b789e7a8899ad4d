import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, formatPython } from '../../src/python/index.js';
import { SpecError } from '../../src/python/index.js';
import type { Lossless } from '../../src/python/index.js';
import { parseLossless } from '../../src/python/index.js';

/** Made by Python itself: see make.py beside it. null = Python refuses. */
const { row, cases } = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../fixtures/python-format/cases.json'), 'utf8'),
) as { row: string; cases: [template: string, expected: string | null][] };
const fields = parseLossless(row) as Map<string, Lossless>;

function fill(template: string): string | null {
  try {
    return formatPython(template, fields);
  } catch (error) {
    if (error instanceof FormatError || error instanceof SpecError) return null;
    throw error;
  }
}

describe('formatPython', () => {
  it('fills what Python fills, the same, and refuses what Python refuses', () => {
    expect(cases.length).toBeGreaterThan(1000);
    const wrong = cases
      .map(([template, expected]) => ({ template, expected, got: fill(template) }))
      .filter(({ expected, got }) => expected !== got);
    expect(wrong).toEqual([]);
  });

  it('names the field that is missing and those that are there', () => {
    const two = new Map<string, Lossless>([
      ['question', 'q'],
      ['answer', 'a'],
    ]);
    expect(() => formatPython('{questoin}', two)).toThrow(
      'the row has no field "questoin" (it has: question, answer)',
    );
  });
});
