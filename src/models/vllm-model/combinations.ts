import { errors } from '../../errors/index.js';
import type { VllmConfig } from './config.js';

/** Switches that exclude each other. */
export function checkCombination(name: string, config: VllmConfig): void {
  const problems: { key: string; message: string }[] = [];
  const refuse = (key: keyof VllmConfig, message: string): void => {
    problems.push({ key, message });
  };
  if (config.is_responses_native) {
    const together = 'cannot be used together with is_responses_native: true';
    if (config.return_token_id_information) refuse('return_token_id_information', together);
    if (config.replace_developer_role_with_system) refuse('replace_developer_role_with_system', together);
    if (!config.sequential_reasoning_allowed) refuse('sequential_reasoning_allowed', together);
    if (config.use_completions_api) refuse('use_completions_api', together);
    if (config.base_url.length > 1) refuse('base_url', `a list ${together}`);
  }
  if (config.use_completions_api && config.return_token_id_information) {
    refuse('return_token_id_information', 'cannot be used together with use_completions_api: true');
  }
  if (problems.length > 0)
    throw errors.modelConfigInvalid(`${name}.responses_api_models.vllm_model`, problems);
}
