import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { colored, namedFile, optionWord } from '../report-options.js';

/** `ng eval plan <output>`: how many more repeats or tasks would halve the interval of the mean. */
export const run: Run = async (invocation) => {
  const { planRepeats } = await import('../../index.js');
  const { text } = await planRepeats({
    rollouts: namedFile(invocation, invocation.positional, 'the rollouts file of a run'),
    format: optionWord(invocation, 'output-format', ['text', 'markdown', 'json']),
    color: colored(invocation),
  });
  invocation.host.stdout.write(text);
  return EXIT.complete;
};
