import type { Spec } from './spec.js';

/** Where a container of ours has what its adapters are loaded from. */
export const LORA_FOLDER = '/scratch/loras';

/** Flags that the words in `own` do not have already, then those words. */
export function withFlags(flags: readonly (readonly [string, string?])[], own: readonly string[]): string[] {
  const given = new Set(own.filter((word) => word.startsWith('-')).map((word) => word.split('=', 1)[0]));
  const added = flags.flatMap(([flag, value]) =>
    given.has(flag) ? [] : value === undefined ? [flag] : [flag, value],
  );
  return [...added, ...own];
}

/** The flags of `vllm serve` for a config, without model and address; the config's own arguments are last. */
export function vllmArguments(spec: Spec, own: readonly string[]): string[] {
  const flags: [string, string?][] = [];
  if (spec.model !== null) flags.push(['--served-model-name', spec.model]);
  if (spec.revision !== null) flags.push(['--revision', spec.revision]);
  if (spec.parallel > 1) flags.push(['--tensor-parallel-size', String(spec.parallel)]);
  if (spec.chatTemplate !== null) flags.push(['--chat-template', spec.chatTemplate]);
  if (spec.autoTools === true) flags.push(['--enable-auto-tool-choice']);
  if (spec.toolParser !== null) flags.push(['--tool-call-parser', spec.toolParser]);
  if (spec.toolPlugin !== null) flags.push(['--tool-parser-plugin', spec.toolPlugin]);
  if (spec.lora) flags.push(['--enable-lora']);
  if (spec.trustRemoteCode) flags.push(['--trust-remote-code']);
  return withFlags(flags, own);
}

/** Variables of vLLM's environment: adapters can come and go while it runs. */
export function vllmVariables({ lora }: Spec, folder: string): Record<string, string> {
  if (!lora) return {};
  return {
    VLLM_PLUGINS: 'lora_filesystem_resolver',
    VLLM_LORA_RESOLVER_CACHE_DIR: folder,
    VLLM_ALLOW_RUNTIME_LORA_UPDATING: 'True',
  };
}
