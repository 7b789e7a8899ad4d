import { NgError } from '../errors/index.js';
import { EXIT, type ExitCode } from './exit-codes.js';

/** What a thrown value means for a user: the text for stderr and the exit code. */
export function explainThrown(thrown: unknown): { text: string; code: ExitCode } {
  if (thrown instanceof NgError) return { text: `error: ${thrown.toString()}\n`, code: EXIT.usage };
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return {
    text:
      `${stack}\n\nThis is an error in ngym, not in what you typed. Please report it with the lines above, ` +
      'the command and "ng --version --json".\n',
    code: EXIT.bug,
  };
}
