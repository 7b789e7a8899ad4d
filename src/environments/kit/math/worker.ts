import path from 'node:path';
import { CallFailure } from '../../../protocol/index.js';
import { startLineWorker } from '../../../processes/index.js';
import type { LineWorker } from '../../../processes/index.js';
import { findPython } from '../../../reference/index.js';
import type { Env } from '../../../reference/index.js';
import type { LibraryVerdict } from './grade.js';
import { WORKER_PROGRAM } from './worker-program.js';

/** The versions that the native rules were made after. */
export const INSTALL_LIBRARY =
  'pip install math-verify==0.8.0 latex2sympy2_extended==1.10.2 antlr4-python3-runtime==4.9.3';

export interface Question {
  /** The right answer as LaTeX, in a box but for `only`. */
  readonly gold: string;
  readonly reply: string;
  /** Both are answers, written as LaTeX: only LaTeX is looked for in them. */
  readonly only?: 'latex';
  /** After so many seconds the answer counts as none. */
  readonly seconds: number;
}

interface Waiting {
  readonly resolve: (verdict: LibraryVerdict) => void;
  readonly reject: (error: CallFailure) => void;
}

/** There is no Python with the library: no verdict, and so no reward. */
export function unavailable(reason: string, cause?: unknown): CallFailure {
  const message = `This answer needs math-verify: ${reason}. Install it where python3 is, or name a Python that has it (NGYM_PYTHON): ${INSTALL_LIBRARY}`;
  return new CallFailure('verify_unavailable', message, { cause });
}

/** math-verify itself, in a Python process that starts with the first question and stays. */
export class MathVerifyWorker {
  #process: LineWorker | undefined;
  #ready: Promise<void> | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #isMissing = false;

  /** `roots`: search roots, whose server may have a virtual environment of its own. */
  constructor(
    private readonly roots: readonly string[],
    private readonly env: Env = process.env,
  ) {}

  /** Throws CallFailure `verify_unavailable` where there is no Python with the library. */
  async ask(question: Question, signal: AbortSignal): Promise<LibraryVerdict> {
    await (this.#ready ??= this.#start());
    signal.throwIfAborted();
    const id = this.#next++;
    return new Promise<LibraryVerdict>((resolve, reject) => {
      const abandon = (): void => {
        this.#waiting.delete(id);
        this.#hold();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', abandon, { once: true });
      const done = (): void => signal.removeEventListener('abort', abandon);
      this.#waiting.set(id, {
        resolve: (verdict) => {
          done();
          resolve(verdict);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      this.#hold();
      this.#process!.send(JSON.stringify({ id, ...question }));
    });
  }

  #start(): Promise<void> {
    return new Promise((resolve, reject) => {
      let python: string;
      try {
        const venvs = this.roots.map((root) =>
          path.join(root, 'resources_servers', 'math_with_judge', '.venv'),
        );
        python = findPython({ env: this.env, venvs }).command;
      } catch (error) {
        // Another Python may be there at the next question.
        this.#ready = undefined;
        reject(unavailable((error as Error).message, error));
        return;
      }
      this.#process = startLineWorker({
        command: python,
        args: ['-c', WORKER_PROGRAM],
        env: this.env,
        onLine: (line) => this.#take(JSON.parse(line) as Message, { resolve, reject, python }),
        onEnd: (how) => {
          const failure = new CallFailure(
            'verify_failed',
            `The process that asks math-verify ended: ${how}`,
            { retryable: true },
          );
          reject(unavailable(`${python}: ${how}`));
          for (const { reject: refuse } of this.#waiting.values()) refuse(failure);
          this.#waiting.clear();
          // A Python without the library has none at the next question either.
          if (!this.#isMissing) this.#ready = undefined;
        },
      });
    });
  }

  #take(message: Message, starting: Starting): void {
    if ('ready' in message) starting.resolve();
    else if ('missing' in message) {
      this.#isMissing = true;
      starting.reject(unavailable(`${starting.python}: ${message.missing}`));
    } else {
      const { id, reward, extracted } = message;
      this.#waiting.get(id)?.resolve({ reward: reward > 0.5 ? 1 : 0, extracted });
      this.#waiting.delete(id);
    }
    this.#hold();
  }

  /** A process without a question keeps nobody from ending. */
  #hold(): void {
    this.#process?.hold(this.#waiting.size > 0);
  }

  /** Ends the process; the next question starts another. */
  stop(): void {
    this.#process?.stop();
  }
}

interface Starting {
  readonly resolve: () => void;
  readonly reject: (error: CallFailure) => void;
  readonly python: string;
}

type Message =
  { ready: string } | { missing: string } | { id: number; reward: number; extracted: string | null };
