import path from 'node:path';
import type { Run } from '../command.js';
import { colored, namedFile, optionText, optionWord } from '../report-options.js';

/** `ng eval gate <output>`: holds a run against rules; the exit code is the verdict. */
export const run: Run = async (invocation) => {
  const { host, lists, positional } = invocation;
  const { runGate } = await import('../../index.js');
  const file = (name: string): string | undefined => {
    const text = optionText(invocation, name);
    return text === '' ? undefined : path.resolve(host.cwd, text);
  };
  const { text, exitCode } = await runGate({
    rollouts: namedFile(invocation, positional, 'the rollouts file of a run'),
    baseline: file('baseline'),
    rules: lists['rule'] ?? [],
    rulesFile: file('rules'),
    match: optionWord(invocation, 'match', ['same', 'common', 'fields', 'index']),
    format: optionWord(invocation, 'output-format', ['text', 'markdown', 'json', 'junit']),
    color: colored(invocation),
    env: host.env,
  });
  host.stdout.write(text);
  return exitCode;
};
