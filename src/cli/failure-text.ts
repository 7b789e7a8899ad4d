import { errors, NgError } from '../errors/index.js';
import { EXIT, type ExitCode } from './exit-codes.js';

/** What a thrown value means for a user: the text for stderr and the exit code. */
export function explainThrown(thrown: unknown): { text: string; code: ExitCode } {
  const known = thrown instanceof NgError ? thrown : errors.fileTrouble(thrown);
  if (known !== undefined) {
    // What a full disk interrupts goes on when there is room; it is no mistake in what was typed.
    const code = known.code === errors.DISK_FULL ? EXIT.incomplete : EXIT.usage;
    return { text: `error: ${known.toString()}\n`, code };
  }
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return {
    text:
      `${stack}\n\nThis is an error in ngym, not in what you typed. Please report it with the lines above, ` +
      'the command and "ng --version --json".\n',
    code: EXIT.bug,
  };
}
