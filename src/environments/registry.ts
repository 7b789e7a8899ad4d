import type { EnvironmentDefinition } from './kit/definition.js';
import { findUserFile, isUserFile } from './user-file/find.js';

type Loader = () => Promise<EnvironmentDefinition>;

const singleToolCall: Loader = async () =>
  (await import('./catalogue/example_single_tool_call/environment.js')).exampleSingleToolCall;
const multiStep: Loader = async () =>
  (await import('./catalogue/example_multi_step/environment.js')).exampleMultiStep;
const sessionState: Loader = async () =>
  (await import('./catalogue/example_session_state_mgmt/environment.js')).exampleSessionStateMgmt;

/** Implementation name, as in a config file, to its code; loaded on first use. */
export const ENVIRONMENTS: Readonly<Record<string, Loader>> = {
  mcqa: async () => (await import('./catalogue/mcqa/environment.js')).mcqa,
  example_single_tool_call: singleToolCall,
  example_multi_step: multiStep,
  example_session_state_mgmt: sessionState,
  example_tool_call_multireward: async () =>
    (await import('./catalogue/example_tool_call_multireward/environment.js')).exampleToolCallMultireward,
  blackjack: async () => (await import('./catalogue/blackjack/environment.js')).blackjack,
  example_multi_turn_gymnasium: async () =>
    (await import('./catalogue/example_multi_turn_gymnasium/environment.js')).exampleMultiTurnGymnasium,
  xlam_fc: async () => (await import('./catalogue/xlam_fc/environment.js')).xlamFc,
  single_step_tool_use_with_argument_comparison: async () =>
    (await import('./catalogue/single_step_tool_use_with_argument_comparison/environment.js'))
      .singleStepToolUse,
  calendar: async () => (await import('./catalogue/calendar/environment.js')).calendar,
  format_verification: async () =>
    (await import('./catalogue/format_verification/environment.js')).formatVerification,
  citation_if: async () => (await import('./catalogue/citation_if/environment.js')).citationIf,
  math_advanced_calculations: async () =>
    (await import('./catalogue/math_advanced_calculations/environment.js')).mathAdvancedCalculations,
  reasoning_gym: async () => (await import('./catalogue/reasoning_gym/environment.js')).reasoningGym,
  instruction_following: async () =>
    (await import('./catalogue/instruction_following/environment.js')).instructionFollowing,
  structured_outputs: async () =>
    (await import('./catalogue/structured_outputs/environment.js')).structuredOutputs,
  ifbench: async () => (await import('./catalogue/ifbench/environment.js')).ifbench,
  equivalence_llm_judge: async () =>
    (await import('./catalogue/equivalence_llm_judge/environment.js')).equivalenceLlmJudge,
  abstention: async () => (await import('./catalogue/abstention/environment.js')).abstention,
  text_to_sql: async () => (await import('./catalogue/text_to_sql/environment.js')).textToSql,
  over_refusal_detection: async () =>
    (await import('./catalogue/over_refusal_detection/environment.js')).overRefusalDetection,
  xstest: async () => (await import('./catalogue/xstest/environment.js')).xstest,
  omniscience: async () => (await import('./catalogue/omniscience/environment.js')).omniscience,
  jailbreak_detection: async () =>
    (await import('./catalogue/jailbreak_detection/environment.js')).jailbreakDetection,
  multichallenge: async () => (await import('./catalogue/multichallenge/environment.js')).multichallenge,
  swerl_llm_judge: async () => (await import('./catalogue/swerl_llm_judge/environment.js')).swerlLlmJudge,
  longmemeval: async () => (await import('./catalogue/longmemeval/environment.js')).longmemeval,
  false_statement_judge: async () =>
    (await import('./catalogue/false_statement_judge/environment.js')).falseStatementJudge,
  frontierscience_judge: async () =>
    (await import('./catalogue/frontierscience_judge/environment.js')).frontierscienceJudge,
  aalcr: async () => (await import('./catalogue/aalcr/environment.js')).aalcr,
  deepsearchqa: async () => (await import('./catalogue/deepsearchqa/environment.js')).deepsearchqa,
  inverse_if: async () => (await import('./catalogue/inverse_if/environment.js')).inverseIf,
  aegis_v4_safety: async () => (await import('./catalogue/aegis_v4_safety/environment.js')).aegisV4Safety,
  simpleqa: async () => (await import('./catalogue/simpleqa/environment.js')).simpleqa,
  gpqa_diamond: async () => (await import('./catalogue/gpqa_diamond/environment.js')).gpqaDiamond,
  string_match: async () => (await import('./catalogue/string_match/environment.js')).stringMatch,
  equivalence_rule: async () => (await import('./catalogue/equivalence_rule/environment.js')).equivalenceRule,
  mrcr: async () => (await import('./catalogue/mrcr/environment.js')).mrcr,
  arc_agi: async () => (await import('./catalogue/arc_agi/environment.js')).arcAgi,
  graphwalks: async () => (await import('./catalogue/graphwalks/environment.js')).graphwalks,
  ruler: async () => (await import('./catalogue/ruler/environment.js')).ruler,
  ruler2: async () => (await import('./catalogue/ruler2/environment.js')).ruler2,
  lc_niah: async () => (await import('./catalogue/lc_niah/environment.js')).lcNiah,
  ragtruth: async () => (await import('./catalogue/ragtruth/environment.js')).ragtruth,
  hotpotqa_qa: async () => (await import('./catalogue/hotpotqa_qa/environment.js')).hotpotqaQa,
  spartqa: async () => (await import('./catalogue/spartqa/environment.js')).spartqa,
  proof_genselect: async () => (await import('./catalogue/proof_genselect/environment.js')).proofGenselect,
  math_proof_judgement: async () =>
    (await import('./catalogue/math_proof_judgement/environment.js')).mathProofJudgement,
  imo_proofbench_judge: async () =>
    (await import('./catalogue/imo_proofbench_judge/environment.js')).imoProofbenchJudge,
  imo_gradingbench: async () => (await import('./catalogue/imo_gradingbench/environment.js')).imoGradingbench,
  gui_coordinate: async () => (await import('./catalogue/gui_coordinate/environment.js')).guiCoordinate,
  circle_click: async () => (await import('./catalogue/circle_click/environment.js')).circleClick,
  circle_count: async () => (await import('./catalogue/circle_count/environment.js')).circleCount,
  example_mcp_weather: async () =>
    (await import('./catalogue/example_mcp_weather/environment.js')).exampleMcpWeather,
  nvarc: async () => (await import('./catalogue/nvarc/environment.js')).nvarc,
  bunsenbench_chemistry_mcq: async () =>
    (await import('./catalogue/bunsenbench_chemistry_mcq/environment.js')).bunsenbenchChemistryMcq,
  image_tools: async () => (await import('./catalogue/image_tools/environment.js')).imageTools,
  workplace_assistant: async () =>
    (await import('./catalogue/workplace_assistant/environment.js')).workplaceAssistant,
  wordle: async () => (await import('./catalogue/wordle/environment.js')).wordle,
  swe_pivot: async () => (await import('./catalogue/swe_pivot/environment.js')).swePivot,
  terminus_judge: async () => (await import('./catalogue/terminus_judge/environment.js')).terminusJudge,
  terminal_multi_harness: async () =>
    (await import('./catalogue/terminal_multi_harness/environment.js')).terminalMultiHarness,
  generative_reward_model: async () =>
    (await import('./catalogue/generative_reward_model/environment.js')).generativeRewardModel,
  labbench2_vlm: async () => (await import('./catalogue/labbench2_vlm/environment.js')).labbench2Vlm,
  arena_judge: async () => (await import('./catalogue/arena_judge/environment.js')).arenaJudge,
  bbq: async () => (await import('./catalogue/bbq/environment.js')).bbq,
  structeval: async () => (await import('./catalogue/structeval/environment.js')).structeval,
  widesearch: async () => (await import('./catalogue/widesearch/environment.js')).widesearch,
  litmus_agent: async () => (await import('./catalogue/litmus_agent/environment.js')).litmusAgent,
  proof_judge: async () => (await import('./catalogue/proof_judge/environment.js')).proofJudge,
  proof_verification: async () =>
    (await import('./catalogue/proof_verification/environment.js')).proofVerification,
  math_with_judge: async () => (await import('./catalogue/math_with_judge/environment.js')).mathWithJudge,
  math_with_autograder: async () =>
    (await import('./catalogue/math_with_autograder/environment.js')).mathWithAutograder,
  polymath: async () => (await import('./catalogue/polymath/environment.js')).polymath,
  physics_judge: async () => (await import('./catalogue/physics_judge/environment.js')).physicsJudge,
  ugphysics_judge: async () => (await import('./catalogue/ugphysics_judge/environment.js')).ugphysicsJudge,
};

/** Earlier names of the same environments; configs written against them still work. */
export const ENVIRONMENT_ALIASES: Readonly<Record<string, string>> = {
  simple_weather: 'example_single_tool_call',
  example_simple_weather: 'example_single_tool_call',
  multineedle: 'example_multi_step',
  stateful_counter: 'example_session_state_mgmt',
  example_stateful_counter: 'example_session_state_mgmt',
};

/** Every implementation name that can be started in this process, aliases included. */
export function environmentNames(): string[] {
  return [...Object.keys(ENVIRONMENTS), ...Object.keys(ENVIRONMENT_ALIASES)];
}

/** What a server block says about where its code is. */
export interface EnvironmentSource {
  /** The block's `entrypoint`; a JavaScript or TypeScript file is the user's own environment. */
  entrypoint?: unknown;
  /** Directories that a relative entrypoint is looked for in, in order. */
  roots?: readonly string[];
}

/**
 * The definition of an implementation: the user's file when `entrypoint` names one, else ours; undefined when we
 * do not have it. Throws NgError when the user's file is missing or wrong.
 */
export async function loadEnvironment(
  implementation: string,
  { entrypoint, roots = [process.cwd()] }: EnvironmentSource = {},
): Promise<EnvironmentDefinition | undefined> {
  if (isUserFile(entrypoint)) {
    const { loadUserFile } = await import('./user-file/load.js');
    return loadUserFile(findUserFile(entrypoint, roots));
  }
  const name = Object.hasOwn(ENVIRONMENT_ALIASES, implementation)
    ? ENVIRONMENT_ALIASES[implementation]!
    : implementation;
  return Object.hasOwn(ENVIRONMENTS, name) ? ENVIRONMENTS[name]!() : undefined;
}
