/** Every exit code of every command; documented in docs/files-and-exit-codes.md and docs/commands.md. */
export const EXIT = {
  /** Everything that was asked for is done. */
  complete: 0,
  /** The work was done and a check on its result failed. */
  checkFailed: 1,
  /** A mistake in the command line, the configuration or the dataset; nothing was sent. */
  usage: 2,
  /** The run ended, but some rollouts failed or are still owed; running the same command again resumes. */
  incomplete: 3,
  /** The missing rollouts, or chance, could turn the verdict of a gate round. */
  inconclusive: 4,
  /** An error in ngym itself; the stack trace is printed (EX_SOFTWARE of sysexits). */
  bug: 70,
  /** Stopped by Ctrl-C or SIGTERM (128 + 2); what was finished is kept and the same command resumes. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
