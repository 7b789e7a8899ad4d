import type { CompareRunsOptions, ComparedRuns } from './compare/compare-runs.js';
import type { ExportOptions } from './exporters/index.js';
import type { Gate, GateOptions } from './gate/run-gate.js';
import type { HtmlReport, HtmlReportOptions } from './html/write-html-report.js';
import type { AgentPlan, PlanOptions } from './plan.js';
import type { ProfileOptions, ProfileResult } from './profile.js';
import type { ReportedRun, ReportRunOptions } from './report-run.js';
import type { AggregatedShards, AggregateShardsOptions } from './shards/aggregate-shards.js';
import { exportWanted } from './exporters/keys.js';

// Each report is loaded when it is asked for: a run that only prints its summary must not pay for the others.

export type { AgentComparison, ComparedRuns, CompareRunsOptions } from './compare/compare-runs.js';
export type { Comparison } from './compare/comparison.js';
export type { Flip } from './compare/flips.js';
export type { Match } from './compare/align.js';
export type { ExportOptions } from './exporters/index.js';
export type { Annotation } from './formats/annotations.js';
export type { Environment as CiEnvironment } from './formats/ci.js';
export { EXPORT_KEYS } from './exporters/keys.js';
export { tellGitHub } from './formats/ci.js';
export type { Check, Verdict } from './gate/check.js';
export type { Gate, GateOptions } from './gate/run-gate.js';
export type { HtmlReport, HtmlReportOptions } from './html/write-html-report.js';
export type { AgentReport, GroupReport, RunReport, SubsetReport } from './numbers/run-report.js';
export type { AgentPlan, PlanOptions } from './plan.js';
export type { ProfileOptions, ProfileResult } from './profile.js';
export type { ReportedRun, ReportFormat, ReportRunOptions } from './report-run.js';
export type { AggregatedShards, AggregateShardsOptions } from './shards/aggregate-shards.js';
export type { SummaryOptions } from './table.js';
export { renderSummary } from './table.js';

export async function profileRollouts(options: ProfileOptions): Promise<ProfileResult> {
  return (await import('./profile.js')).profileRollouts(options);
}

export async function aggregateShards(options: AggregateShardsOptions): Promise<AggregatedShards> {
  return (await import('./shards/aggregate-shards.js')).aggregateShards(options);
}

export async function reportRun(options: ReportRunOptions): Promise<ReportedRun> {
  return (await import('./report-run.js')).reportRun(options);
}

export async function writeHtmlReport(options: HtmlReportOptions): Promise<HtmlReport> {
  return (await import('./html/write-html-report.js')).writeHtmlReport(options);
}

export async function compareRuns(
  options: CompareRunsOptions,
): Promise<{ compared: ComparedRuns; text: string; markdown: string }> {
  return (await import('./compare/compare-runs.js')).compareRuns(options);
}

export async function runGate(options: GateOptions): Promise<{ gate: Gate; text: string; exitCode: number }> {
  return (await import('./gate/run-gate.js')).runGate(options);
}

export async function planRepeats(options: PlanOptions): Promise<{ plans: AgentPlan[]; text: string }> {
  return (await import('./plan.js')).planRepeats(options);
}

export async function exportRun(options: ExportOptions): Promise<void> {
  if (!exportWanted(options.config, options.env)) return;
  await (await import('./exporters/index.js')).exportRun(options);
}
