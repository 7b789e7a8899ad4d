import { errors } from '../errors/index.js';
import { toMarkdown, toText } from './formats/document.js';
import { runBlocks } from './formats/run-blocks.js';
import { runJunit } from './formats/run-junit.js';
import { describeRun, type RunReport } from './numbers/run-report.js';
import { loadRun } from './run/load-run.js';

export const REPORT_FORMATS = ['text', 'markdown', 'json', 'junit'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** The format of that name. Throws NgError `REPORT_UNKNOWN_FORMAT`. */
export function reportFormat(name: string): ReportFormat {
  const found = REPORT_FORMATS.find((format) => format === name);
  if (found === undefined) throw errors.reportUnknownFormat(name, REPORT_FORMATS);
  return found;
}

export interface ReportRunOptions {
  /** The rollouts file; the run's other files are found beside it. */
  rollouts: string;
  /** Fields of input or result rows to make tables by: `category`, `metadata.level`. */
  by?: readonly string[] | undefined;
  /** Default `text`. */
  format?: ReportFormat | undefined;
  color?: boolean | undefined;
  /** For `junit`: a task with a lower mean reward is a failure. Default: no reward is too low. */
  failBelow?: number | undefined;
}

export interface ReportedRun {
  report: RunReport;
  /** The report in the format asked for. */
  text: string;
  /** For a step summary. */
  markdown: string;
}

/** What is stored of a run, as numbers and as text: depends on the stored rows and on nothing else. Throws NgError. */
export async function reportRun(options: ReportRunOptions): Promise<ReportedRun> {
  const run = await loadRun(options.rollouts, { by: options.by, titles: options.format === 'junit' });
  const report = describeRun(run);
  const blocks = runBlocks(report);
  const markdown = toMarkdown(blocks);
  const formats: Record<ReportFormat, () => string> = {
    text: () => toText(blocks, options.color),
    markdown: () => markdown,
    json: () => `${JSON.stringify(report, null, 2)}\n`,
    junit: () => runJunit(run, options.failBelow),
  };
  return { report, text: formats[options.format ?? 'text'](), markdown };
}
