import { isObject } from '../../../protocol/index.js';
import type { JsonObject, ResponsesReply } from '../../../protocol/index.js';
import { lastPartText } from '../../judge/reading.js';
import { readVerdict } from './verdict.js';
import type { Labels } from './verdict.js';

export const ISSUE_RATE = 'judgement_parsing_issue_rate';

/** How often something is odd about a judge's reply, of the rollouts that were judged; and each oddity by itself. */
export function parsingIssues(tasks: readonly (readonly JsonObject[])[], labels: Labels): JsonObject {
  const judged = tasks.flat().flatMap((rollout) => {
    const evaluations = rollout['judge_evaluations'];
    const found = (Array.isArray(evaluations) ? evaluations : []).flatMap(
      (one) => issuesOf(one, labels) ?? [],
    );
    return found.length === 0 ? [] : [new Set(found.flat())];
  });
  if (judged.length === 0) return {};
  const share = (has: (issues: ReadonlySet<unknown>) => boolean): number =>
    judged.filter(has).length / judged.length;
  const kinds = [...new Set(judged.flatMap((issues) => [...issues] as string[]))].sort();
  return {
    [ISSUE_RATE]: share((issues) => issues.size > 0),
    ...Object.fromEntries(
      kinds.map((kind) => [`${ISSUE_RATE}/${kind}`, share((issues) => issues.has(kind))]),
    ),
  };
}

/** As they were stored, else as the stored reply shows; undefined where there is neither. In a list of its own. */
function issuesOf(evaluation: unknown, labels: Labels): unknown[][] | undefined {
  if (!isObject(evaluation) || evaluation['verdict_label'] === 'JUDGE_ERROR') return undefined;
  const { judgement_parsing_issues: stored, response } = evaluation;
  if (Array.isArray(stored)) return [stored];
  if (!isObject(response) || !Array.isArray(response['output'])) return undefined;
  const reply = response as unknown as ResponsesReply;
  const { record } = readVerdict(lastPartText(reply), reply.status === 'incomplete', labels);
  return [(record['judgement_parsing_issues'] ?? []) as unknown[]];
}
