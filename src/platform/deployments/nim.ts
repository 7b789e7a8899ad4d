import type { Spec } from './spec.js';
import { LORA_FOLDER } from './vllm.js';

/** How often a container looks for adapters. Unit: seconds. */
const REFRESH_S = '30';

/** Variables of a NIM container: what it is told is told by its environment. */
export function nimVariables(spec: Spec): Record<string, string> {
  const [workspace, name] = spec.entity?.split('/') ?? [];
  const all: Record<string, string | null | undefined> = {
    NIM_SERVED_MODEL_NAME: spec.model,
    NIM_PEFT_SOURCE: spec.lora ? LORA_FOLDER : null,
    NIM_PEFT_REFRESH_INTERVAL: spec.lora ? REFRESH_S : null,
    NMP_MODEL_ENTITY_WORKSPACE: workspace,
    NMP_MODEL_ENTITY_NAME: name,
    NIM_FORCE_TRUST_REMOTE_CODE: spec.trustRemoteCode ? '1' : null,
    NIM_CHAT_TEMPLATE: spec.chatTemplate,
    NIM_TOOL_CALL_PARSER: spec.toolParser,
    NIM_TOOL_PARSER_PLUGIN: spec.toolPlugin,
    NIM_ENABLE_AUTO_TOOL_CHOICE: spec.autoTools === null ? null : spec.autoTools ? '1' : '0',
  };
  return Object.fromEntries(
    Object.entries(all).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}
