import { errors } from '../../errors/index.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { colored, namedFile, optionText, optionWord } from '../report-options.js';

/** `ng eval compare A B`: two stored runs, task by task, with paired tests. */
export const run: Run = async (invocation) => {
  const { host, positional, second } = invocation;
  const { compareRuns, tellGitHub } = await import('../../index.js');
  const flips = Number(optionText(invocation, 'flips', '20'));
  if (!Number.isInteger(flips) || flips < 0) {
    throw errors.flagNotNumber('--flips', optionText(invocation, 'flips'), 'a whole number, 0 or more');
  }
  const { text, markdown } = await compareRuns({
    first: namedFile(invocation, positional, 'the rollouts files of two runs'),
    second: namedFile(invocation, second, 'the rollouts files of two runs'),
    match: optionWord(invocation, 'match', ['same', 'common', 'fields', 'index']),
    format: optionWord(invocation, 'output-format', ['text', 'markdown', 'json']),
    flips,
    color: colored(invocation),
  });
  host.stdout.write(text);
  await tellGitHub(host.env, markdown, []);
  return EXIT.complete;
};
