import type { RunFiles } from '../types.js';
import { AppendFile, repairTail } from './append-file.js';

/** What resuming needs to know about the files' ends. Unit: bytes dropped. */
export interface Repairs {
  rollouts: number;
  failures: number;
}

/** Cuts half-written last lines off both files of a run, creating the files that are missing. */
export async function repairJournal(files: RunFiles): Promise<Repairs> {
  return { rollouts: await repairTail(files.rollouts), failures: await repairTail(files.failures) };
}

/** The only writer of a run's outcomes: one line per outcome, in the order of completion. */
export class Journal {
  private constructor(
    private readonly rollouts: AppendFile,
    private readonly failures: AppendFile,
    private readonly clean: (line: string) => string,
  ) {}

  /** The files must have been repaired. `clean` removes secrets from a line. */
  static async open(files: RunFiles, clean: (line: string) => string): Promise<Journal> {
    const rollouts = await AppendFile.open(files.rollouts);
    return new Journal(rollouts, await AppendFile.open(files.failures), clean);
  }

  /** A row that is done, scored or masked. Resolves to the line as stored, when a killed process cannot lose it. */
  done(line: string): Promise<string> {
    return this.write(this.rollouts, line);
  }

  /** As {@link done}, for failures. */
  failed(line: string): Promise<string> {
    return this.write(this.failures, line);
  }

  /** False when one of the files was deleted or replaced behind our back. */
  async inPlace(): Promise<boolean> {
    const [rollouts, failures] = await Promise.all([this.rollouts.inPlace(), this.failures.inPlace()]);
    return rollouts && failures;
  }

  async close(): Promise<void> {
    const results = await Promise.allSettled([this.rollouts.close(), this.failures.close()]);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private async write(file: AppendFile, line: string): Promise<string> {
    const cleaned = this.clean(line);
    await file.append(cleaned);
    return cleaned;
  }
}
