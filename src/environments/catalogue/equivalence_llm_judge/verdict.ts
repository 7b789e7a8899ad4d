import type { JsonObject } from '../../../protocol/index.js';
import { labelsInOrder } from '../../judge/reading.js';

/** The labels of the two verdicts, as the configuration has them. */
export interface Labels {
  readonly judge_equal_label: string;
  readonly judge_not_equal_label: string;
}

/**
 * The last label of a judge's reply decides; a reply without one says "not equal". What is odd about the reply is kept
 * beside it. `text` null = it has no text at all; `cutOff` = it ended at a limit.
 */
export function readVerdict(
  text: string | null,
  cutOff: boolean,
  { judge_equal_label: equal, judge_not_equal_label: notEqual }: Labels,
): { equal: boolean; record: JsonObject } {
  const labels = text === null ? [] : labelsInOrder(text, [equal, notEqual]);
  const issues = text === null ? ['unparseable_judge_output'] : issuesOf(labels, equal, notEqual);
  if (labels.length === 0 && cutOff) issues.unshift('truncated_judge_output');
  const label = labels.at(-1) ?? null;
  return {
    equal: equal !== notEqual && label === equal,
    record: { verdict_label: label, ...(issues.length > 0 && { judgement_parsing_issues: issues }) },
  };
}

function issuesOf(labels: readonly string[], equal: string, notEqual: string): string[] {
  if (labels.length === 0) return ['no_verdict'];
  const counts = [equal, notEqual].map((wanted) => labels.filter((label) => label === wanted).length);
  return [
    ...(counts.every((count) => count > 0) ? ['conflicting_verdicts'] : []),
    ...(counts.some((count) => count > 1) ? ['repeated_verdict'] : []),
  ];
}
