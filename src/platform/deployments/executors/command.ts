import path from 'node:path';
import type { Spec } from '../spec.js';
import { vllmArguments, withFlags } from '../vllm.js';

/** What a process is started with. `{port}` and `{host}` in arguments are put in when it starts. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

const PLACE = /\{(host|port)\}/g;

/**
 * The command line of a config: that of its override, else of its engine. Of programs that are known (`vllm`,
 * `llama-server`) the flags for address, name, template, tools and LoRA are added; null where nothing says what to run.
 */
export function commandOf(spec: Spec): Command | null {
  const { override, engine, image, args } = spec;
  // An engine's image is one of containers; that of no engine in particular can as well be a program.
  const fallback = engine === 'vllm' ? 'vllm' : engine === 'generic' ? image : null;
  const [program = fallback, ...given] = override.command ?? [];
  if (program === null) return null;
  const own = [...given, ...args];
  const known = path.basename(program);
  if (known === 'vllm') return { program, args: vllmCommand(spec, own) };
  if (known === 'llama-server') return { program, args: llamaCommand(spec, own) };
  return { program, args: own };
}

/** Puts host and port in. */
export function placedIn({ args }: Command, host: string, port: number): string[] {
  const values: Readonly<Record<string, string>> = { host, port: String(port) };
  return args.map((arg) => arg.replace(PLACE, (_, name: string) => values[name]!));
}

/** `vllm serve <model> …`; what the config gives itself is not given twice. */
function vllmCommand(spec: Spec, own: readonly string[]): string[] {
  const rest = own[0] === 'serve' ? own.slice(1) : own;
  const named = rest[0]?.startsWith('-') === false;
  const model = named ? rest.slice(0, 1) : spec.model === null ? [] : [spec.model];
  const flags = named ? rest.slice(1) : rest;
  const address: [string, string][] = [
    ['--host', '{host}'],
    ['--port', '{port}'],
  ];
  return ['serve', ...model, ...withFlags(address, vllmArguments(spec, flags))];
}

/** The flags of llama.cpp's server (its README): templates need its Jinja engine, as tools do. */
function llamaCommand(spec: Spec, own: readonly string[]): string[] {
  const flags: [string, string?][] = [
    ['--host', '{host}'],
    ['--port', '{port}'],
  ];
  if (spec.model !== null && !own.includes('-a')) flags.push(['--alias', spec.model]);
  if (spec.autoTools === true || spec.toolParser !== null || spec.chatTemplate !== null)
    flags.push(['--jinja']);
  if (spec.chatTemplate !== null) flags.push(['--chat-template', spec.chatTemplate]);
  if (spec.gpu > 0 && !own.includes('-ngl')) flags.push(['--n-gpu-layers', '999']);
  return withFlags(flags, own);
}
