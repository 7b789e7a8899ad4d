import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errors } from '../../errors/index.js';
import type { Invocation, Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { colored, namedFile, optionText, optionWord } from '../report-options.js';

/** The reward of `--fail-below`; undefined where it is not given. Throws NgError. */
function failBelow(invocation: Invocation, format: string): number | undefined {
  const text = optionText(invocation, 'fail-below');
  if (text === '') return undefined;
  if (format !== 'junit') throw errors.flagNeedsFlag('--fail-below', '--output-format junit');
  const reward = Number(text);
  if (text.trim() === '' || !Number.isFinite(reward)) {
    throw errors.flagNotNumber('--fail-below', text, 'a reward, e.g. 0.5');
  }
  return reward;
}

/** `ng eval report <output>`: what is stored of a run, as text, Markdown, JSON, JUnit or a page. */
export const run: Run = async (invocation) => {
  const { host, positional } = invocation;
  const { reportRun, tellGitHub, writeHtmlReport } = await import('../../index.js');
  const rollouts = namedFile(invocation, positional, 'the rollouts file of a run');
  const by = optionText(invocation, 'by');
  const format = optionWord(invocation, 'output-format', ['text', 'markdown', 'json', 'junit']);
  const { text, markdown } = await reportRun({
    rollouts,
    format,
    by: by === '' ? [] : by.split(','),
    color: colored(invocation),
    failBelow: failBelow(invocation, format),
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
