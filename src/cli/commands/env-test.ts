import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { errors } from '../../errors/index.js';
import type { TrialCount, TrialReport } from '../../index.js';
import type { Invocation, Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { givenName, namedEnvironment } from '../named-environment.js';

/** The environments of the working directory that have cases, for `--all`. */
function ownEnvironments(cwd: string): string[] {
  const folder = path.join(cwd, 'resources_servers');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => existsSync(path.join(folder, name, 'tests', 'cases.jsonl'))).sort();
}

function namesOf(invocation: Invocation): string[] {
  const { options, host } = invocation;
  const name = givenName(invocation);
  if (options['all'] !== true) {
    if (name === undefined) throw errors.environmentNotNamed('env test');
    return [name];
  }
  const names = ownEnvironments(host.cwd);
  if (names.length === 0) throw errors.noEnvironmentsToTest(path.join(host.cwd, 'resources_servers'));
  return names;
}

/** `ng env test NAME`: its rows, its cases, the contract of sessions, its recorded rollouts. */
export const run: Run = async (invocation) => {
  const { host, json, overrides: given } = invocation;
  const { testEnvironment } = await import('../../index.js');
  const updateExpected = given.some((token) => /^\+{0,2}update_expected=true$/i.test(token));
  const reports: TrialReport[] = [];
  for (const one of namesOf(invocation)) {
    const { name, ...named } = await namedEnvironment(invocation, one);
    const report = await testEnvironment(name, { ...named, cwd: host.cwd, env: host.env, updateExpected });
    if (!json) host.stdout.write(describe(report, host.cwd));
    reports.push(report);
  }
  if (json) host.stdout.write(`${JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2)}\n`);
  return reports.every(({ findings }) => findings.length === 0) ? EXIT.complete : EXIT.checkFailed;
};

const of = ({ right, all }: TrialCount): string => (all === 0 ? 'none' : `${right} of ${all}`);

function describe(report: TrialReport, cwd: string): string {
  const { name, folder, rows, cases, rollouts, together, range, findings } = report;
  const relative = path.relative(cwd, folder);
  const lines = [
    `${name} (${relative.startsWith('..') ? folder : relative})`,
    `  example rows that open  ${of(rows)}`,
    `  cases, twice each       ${of(cases)}${report.updated ? ', expectations written anew' : ''}`,
    `  cases at the same time  ${together === 0 ? 'none' : `${together}`}`,
    `  recorded rollouts       ${of(rollouts)}`,
    `  reward range            ${range === null ? 'not declared (reward_range)' : `[${range.join(', ')}]`}`,
    ...findings.map(({ where, what }) => `  ${where}: ${what}`),
    findings.length === 0
      ? '  passed'
      : `  ${findings.length} ${findings.length === 1 ? 'problem' : 'problems'}`,
  ];
  return `${lines.join('\n')}\n`;
}
