import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { colored, namedFile, optionText, optionWord } from '../report-options.js';

/** `ng eval report <output>`: what is stored of a run, as text, Markdown, JSON, JUnit or a page. */
export const run: Run = async (invocation) => {
  const { host, positional } = invocation;
  const { reportRun, tellGitHub, writeHtmlReport } = await import('../../index.js');
  const rollouts = namedFile(invocation, positional, 'the rollouts file of a run');
  const by = optionText(invocation, 'by');
  const { text, markdown } = await reportRun({
    rollouts,
    format: optionWord(invocation, 'output-format', ['text', 'markdown', 'json', 'junit']),
    by: by === '' ? [] : by.split(','),
    color: colored(invocation),
  });
  const file = optionText(invocation, 'to');
  if (file === '') host.stdout.write(text);
  else await writeTo(path.resolve(host.cwd, file), text);
  const page = optionText(invocation, 'html');
  if (page !== '') {
    const written = await writeHtmlReport({ rollouts, out: path.resolve(host.cwd, page) });
    for (const notice of written.notices) host.stderr.write(`note: ${notice}\n`);
    host.stderr.write(`${written.file}: ${written.rollouts} rollouts of ${written.tasks} tasks\n`);
  }
  await tellGitHub(host.env, markdown, []);
  return EXIT.complete;
};

async function writeTo(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
