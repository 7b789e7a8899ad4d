import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NgError } from '../../../errors/index.js';
import { makeFolder } from '../../../files/index.js';
import type { Clock } from '../../../protocol/index.js';
import { freePorts, supervise, type RestartPolicy, type Supervised } from '../../../processes/index.js';
import { createRedactor } from '../../../transport/index.js';
import type { Spec } from '../spec.js';
import { vllmVariables } from '../vllm.js';
import { commandOf, placedIn } from './command.js';
import { orderName, withLines, type Executor, type Order, type Run, type Tell } from './executor.js';
import { healthProbe } from './health.js';
import { lastLines } from './last-lines.js';
import { inherited, opensDoors } from './variables.js';

export interface ProcessOptions {
  readonly clock: Clock;
  /** Programs that may be started: names that the path has, or whole paths; `*` for all. */
  readonly allowed: readonly string[];
  /** Where each has a folder to run in, and its log; null: in the folder for temporary files, for the time that it runs. */
  readonly folder: string | null;
  /** Of the platform. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly restart?: Partial<RestartPolicy>;
  /** Between SIGTERM and SIGKILL. Unit: milliseconds. */
  readonly graceMs?: number;
}

const HOST = '127.0.0.1';
const GRACE_MS = 10_000;

/** Programs of this machine, each on a leash: when the platform ends, however it ends, so do they. */
export function processExecutor(options: ProcessOptions): Executor {
  return {
    kind: 'process',
    refuses: (spec) => refusal(spec, options.allowed),
    start(order, tell) {
      return new ProcessRun(order, options, tell);
    },
    // Whatever an earlier platform started ended with it.
    discard: () => Promise.resolve(),
    tidy: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

function refusal(spec: Spec, allowed: readonly string[]): string | null {
  const command = commandOf(spec);
  if (command === null) {
    return `engine '${spec.engine}' does not say which program to run: override_config.process.command does`;
  }
  if (allowed.includes('*')) return null;
  const { program } = command;
  if (!allowed.includes(program)) {
    return `this platform may not start '${program}' (ng platform start --allow-programs names those that it may)`;
  }
  const names = [...Object.keys(spec.envs), ...Object.keys(spec.override.secretEnvs)];
  const door = names.find(opensDoors);
  return door === undefined
    ? null
    : `a config may not set ${door}, which makes programs run other code (--allow-programs '*' lets it)`;
}

class ProcessRun implements Run {
  private readonly over = new AbortController();
  private child: Supervised | undefined;
  private log: string | null = null;
  private temporary: string | null = null;
  private readonly begun: Promise<void>;
  /** What was told last about the present life. */
  private url = '';

  constructor(
    private readonly order: Order,
    private readonly options: ProcessOptions,
    private readonly tellAll: Tell,
  ) {
    this.begun = this.begin().catch((error: unknown) =>
      this.tell({ phase: 'error', message: `It could not be started: ${(error as Error).message}` }),
    );
  }

  async logs(lines: number): Promise<readonly string[]> {
    if (this.log !== null) return await lastLines(this.log, lines);
    return this.child?.tail(lines) ?? [];
  }

  async stop(): Promise<void> {
    this.over.abort(new Error('stopped'));
    await this.begun;
    await this.child?.stop();
    if (this.temporary !== null) await rm(this.temporary, { recursive: true, force: true });
  }

  leave(): Promise<void> {
    return this.stop();
  }

  private readonly tell: Tell = (state) => {
    if (!this.over.signal.aborted) this.tellAll(state);
  };

  private async begin(): Promise<void> {
    const { order, options } = this;
    const { spec } = order;
    const command = commandOf(spec)!;
    this.tell({ phase: 'pending', message: `Starting ${path.basename(command.program)}` });
    const cwd = await this.place();
    const [port = 0] = await freePorts(HOST, 1);
    if (this.over.signal.aborted) return;
    this.url = `http://${HOST}:${port}`;
    const redactor = createRedactor(Object.values(order.secrets));
    this.child = supervise({
      name: orderName(order),
      command: command.program,
      args: placedIn(command, HOST, port),
      cwd,
      env: {
        ...inherited(options.env),
        // None of the machine's processors for graphics unless the config asks for some.
        ...(spec.gpu === 0 && { CUDA_VISIBLE_DEVICES: '' }),
        HOST,
        PORT: String(port),
        ...vllmVariables(spec, path.join(cwd, 'loras')),
        ...spec.envs,
        ...order.secrets,
      },
      log: { file: this.log, clean: (line) => redactor.text(line) },
      ready: healthProbe(this.url, spec),
      readyMs: spec.readyMs,
      graceMs: options.graceMs ?? GRACE_MS,
      hint: '',
      time: options.clock,
      notify: ({ message }) => this.noticed(message),
      ...(options.restart !== undefined && { restart: options.restart }),
    });
    this.child.ready.then(
      () => this.ready(),
      (error: unknown) => this.failed(error),
    );
  }

  /** Its folder; made for the time of the run where the platform keeps nothing. */
  private async place(): Promise<string> {
    const { order, options } = this;
    const name = `${order.workspace}__${order.name}`;
    if (options.folder === null)
      return (this.temporary = await mkdtemp(path.join(tmpdir(), 'ngym-deployment-')));
    const cwd = path.join(options.folder, name);
    await makeFolder(cwd);
    this.log = path.join(cwd, 'server.log');
    return cwd;
  }

  private ready(): void {
    this.tell({ phase: 'ready', message: 'Deployment is ready', url: this.url });
  }

  private failed(error: unknown): void {
    const whole = error instanceof NgError ? error.message : String(error);
    const message = whole.split(/ The last that it printed:| It printed nothing\./, 1)[0]!.replace(/\.$/, '');
    this.tell({ phase: 'error', message: withLines(message, this.printed()) });
  }

  /** The supervisor says what it does after a life has ended. */
  private noticed(notice: string): void {
    const message = notice.split('; its log:', 1)[0]!;
    if (this.child?.state === 'ready') this.ready();
    else if (this.child?.state === 'dead')
      this.tell({
        phase: 'error',
        message: withLines(message.split(' and is left for dead', 1)[0]!, this.printed()),
      });
    else this.tell({ phase: 'pending', message: withLines(message, this.printed()) });
  }

  private printed(): string[] {
    return (this.child?.tail(40) ?? []).filter((line) => !line.startsWith('--- '));
  }
}
