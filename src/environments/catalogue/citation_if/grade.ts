import { pythonRegex } from '../../../python/index.js';
import type { PythonMatch } from '../../../python/index.js';
import type { Grammar } from './grammars.js';
import { citationSpans, citedIds, withoutSpans } from './spans.js';

/** What a row asks of the citations in a reply. */
export interface Wanted {
  /** `no_cite`: there may be none. Anything else: as `cite`. */
  mode: string;
  valid: ReadonlySet<string>;
  /** The identifiers that must be cited; null: any valid ones do. */
  expected: readonly string[] | null;
  /** How many more than the expected ones may be cited. */
  slack: () => number;
  least: number;
}

export interface Citations {
  spans: readonly PythonMatch[];
  parsed: string[];
  valid: string[];
  invalid: string[];
  /** Something that looks like an identifier stands anywhere. */
  attempted: boolean;
}

/** Looks like an identifier, whatever the row's own look like. */
const ATTEMPT = pythonRegex('citation_[A-Za-z0-9_:]+', { ignoreCase: true });
const WORD = pythonRegex(String.raw`\w`);

export function readCitations(text: string, grammar: Grammar, idPattern: string, wanted: Wanted): Citations {
  const spans = citationSpans(text, grammar, idPattern);
  const parsed = citedIds(spans);
  return {
    spans,
    parsed,
    valid: parsed.filter((id) => wanted.valid.has(id)),
    invalid: parsed.filter((id) => !wanted.valid.has(id)),
    attempted: ATTEMPT.search(text) !== undefined,
  };
}

/** What was found against the expected identifiers; only those that come so far are compared. */
export interface Compared {
  expected_ids: string[] | null;
  missed_ids: string[];
  over_cap: boolean;
}

/** The first gate that a reply fails at; null when it passes all. */
export function gateFailed(
  text: string,
  grammar: Grammar,
  found: Citations,
  wanted: Wanted,
): { gate: string | null; compared?: Compared } {
  if (wanted.mode === 'no_cite') {
    const marked = found.spans.length > 0 || grammar.tags?.open.search(text) !== undefined;
    return { gate: found.attempted || marked ? 'no_cite' : null };
  }
  const answer = withoutSpans(text, found.spans, grammar.claim);
  if (WORD.search(answer) === undefined) return { gate: 'no_answer' };
  const residue = withoutSpans(text, found.spans);
  if (ATTEMPT.search(residue) !== undefined || !balanced(text, grammar, found.spans.length)) {
    return { gate: 'malformed_attempt' };
  }
  if (found.valid.length < wanted.least) return { gate: 'must_cite' };
  if (found.invalid.length > 0) return { gate: 'no_hallucination' };
  return compare(found.valid, wanted);
}

/** As many opening and closing tags as citations. */
function balanced(text: string, { tags }: Grammar, spans: number): boolean {
  if (tags === undefined) return true;
  return tags.open.findAll(text).length === spans && tags.close.findAll(text).length === spans;
}

function compare(valid: readonly string[], { expected, slack }: Wanted) {
  if (expected === null) return { gate: null };
  const must = new Set(expected);
  const missed = [...must].filter((id) => !valid.includes(id)).sort();
  const overCap = valid.length > must.size + slack();
  const gate = missed.length > 0 ? 'correctness_missed_gold' : overCap ? 'correctness_over_cap' : null;
  return { gate, compared: { expected_ids: [...expected], missed_ids: missed, over_cap: overCap } };
}
