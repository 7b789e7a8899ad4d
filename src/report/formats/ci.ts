import { appendFile } from 'node:fs/promises';
import { workflowCommands, type Annotation } from './annotations.js';

/** Environment variables of the process, or of a test. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Shows a result where GitHub Actions looks, when it runs there: appends Markdown to the step's summary
 * (`GITHUB_STEP_SUMMARY`) and gives the annotations to print on stdout. Elsewhere it does nothing and gives ''.
 */
export async function tellGitHub(
  env: Environment,
  markdown: string,
  annotations: readonly Annotation[],
): Promise<string> {
  const summary = env['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined && summary !== '') await appendFile(summary, `${markdown}\n`);
  return env['GITHUB_ACTIONS'] === 'true' ? workflowCommands(annotations) : '';
}
