import { z } from 'zod';
import { CallFailure } from '../../../protocol/index.js';
import { parseIntText } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { functionCalls } from '../../kit/function-calls.js';
import { assistantTextLines } from '../../kit/reply-text.js';
import { inBudget } from '../../kit/row-pattern.js';
import { gateFailed, readCitations } from './grade.js';
import type { Wanted } from './grade.js';
import { GRAMMARS } from './grammars.js';

const ID_PATTERNS: Readonly<Record<string, string>> = {
  full_source: 'citation_[0-9]+',
  snippet: 'citation_[0-9]+:snippet_[0-9]+',
};

const verifier = z.looseObject({
  mode: z.string().default('cite'),
  grammar: z.string().default(''),
  id_kind: z.string().default('full_source'),
  id_regex: z.string().nullish(),
  valid_id_set: z.array(z.string()).nullish(),
  expected_ids: z.array(z.string()).nullish(),
  expected_slack: z.unknown().default(1),
  min_valid_citations: z.unknown().default(1),
});

/** `int()`: numbers lose what follows the point, texts must be whole numbers. */
function whole(value: unknown, key: string): number {
  const read = typeof value === 'string' ? parseIntText(value) : value;
  const number = typeof read === 'boolean' ? Number(read) : read;
  if (typeof number === 'number' && Number.isFinite(number)) return Math.trunc(number);
  throw new CallFailure('row_invalid', `verifier.${key}: must be a whole number`);
}

function wantedOf(row: z.infer<typeof verifier>): Wanted {
  return {
    mode: row.mode,
    valid: new Set(row.valid_id_set),
    expected: row.expected_ids ?? null,
    slack: () => whole(row.expected_slack, 'expected_slack'),
    least: whole(row.min_valid_citations, 'min_valid_citations'),
  };
}

/** Citations in the form that the row asks for, of sources that there are, where they belong. */
export const citationIf = defineEnvironment({
  name: 'citation_if',
  version: 1,
  repeats: ['verifier'],
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({ verifier }),
  /** The agent may call nothing: whatever it calls answers this, and the call fails the episode. */
  anyTool: () => 'No further tool results are available. Provide your final answer.',
  verify({ row: { verifier: row }, response }) {
    const wanted = wantedOf(row);
    const grammar = GRAMMARS.get(row.grammar);
    if (grammar === undefined) {
      return { reward: 0, match_details: { gate_failed: 'unknown_grammar', grammar: row.grammar } };
    }
    const text = assistantTextLines(response);
    const calls = functionCalls(response).length;
    const idPattern = row.id_regex || ID_PATTERNS[row.id_kind] || ID_PATTERNS['full_source']!;
    const structural = text !== '' && calls === 0;
    const found = inBudget('verifier.id_regex', () =>
      readCitations(structural ? text : '', grammar, idPattern, wanted),
    );
    const { gate, compared } = structural
      ? inBudget('verifier.id_regex', () => gateFailed(text, grammar, found, wanted))
      : { gate: 'structural', compared: undefined };
    return {
      reward: Number(gate === null),
      match_details: {
        gate_failed: gate,
        mode: row.mode,
        grammar: row.grammar,
        id_kind: row.id_kind,
        id_regex: idPattern,
        structural_ok: structural,
        function_call_count: calls,
        attempt_hits: found.attempted,
        bare_id_hits: found.attempted,
        parsed_ids: found.parsed,
        cited_ids: found.valid,
        valid_cited: found.valid,
        invalid_cited: found.invalid,
        num_valid_cited: found.valid.length,
        ...(compared ?? { expected_ids: null, missed_ids: [], over_cap: false }),
      },
    };
  },
});
