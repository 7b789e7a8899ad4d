import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errors } from '../../errors/index.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';

/** `ng eval report <output>`: what is stored of a run, as text, Markdown, JSON, JUnit or a page. */
export const run: Run = async ({ command, positional, options, json, host }) => {
  const { reportFormat, reportRun, tellGitHub, writeHtmlReport } = await import('../../index.js');
  if (positional === undefined) {
    throw errors.parameterMissing('the file after the command', 'output', command.path.join(' '));
  }
  const rollouts = path.resolve(host.cwd, positional);
  const format = await reportFormat(json ? 'json' : textOf(options['output-format'], 'text'));
  const by = textOf(options['by'], '');
  const { text, markdown } = await reportRun({
    rollouts,
    format,
    by: by === '' ? [] : by.split(','),
    color: host.stdout.isTTY === true && host.env['NO_COLOR'] === undefined,
  });
  const file = textOf(options['to'], '');
  if (file === '') host.stdout.write(text);
  else await writeTo(path.resolve(host.cwd, file), text);
  const page = textOf(options['html'], '');
  if (page !== '') {
    const written = await writeHtmlReport({ rollouts, out: path.resolve(host.cwd, page) });
    for (const notice of written.notices) host.stderr.write(`note: ${notice}\n`);
    host.stderr.write(`${written.file}: ${written.rollouts} rollouts of ${written.tasks} tasks\n`);
  }
  host.stdout.write(await tellGitHub(host.env, markdown, []));
  return EXIT.complete;
};

function textOf(value: string | true | undefined, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

async function writeTo(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
