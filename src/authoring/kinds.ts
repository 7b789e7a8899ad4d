/** What an environment can be made as: by how it is scored. */
export const KINDS = ['verifier', 'tools', 'judge', 'turns'] as const;
export type EnvironmentKind = (typeof KINDS)[number];

/** What it can be written in. */
export const LANGUAGES = ['ts', 'py'] as const;
export type Language = (typeof LANGUAGES)[number];

/** How each kind is played, and what its server block needs. */
export const OF_KIND: Readonly<Record<EnvironmentKind, { summary: string; agent: string; block: string[] }>> =
  {
    verifier: { summary: 'A question with one right number.', agent: 'simple_agent', block: [] },
    tools: {
      summary: 'A running total is to be brought to a wanted number with a tool.',
      agent: 'simple_agent',
      block: [],
    },
    judge: {
      summary: 'An open question: a judge says whether the answer means the same as the target.',
      agent: 'simple_agent',
      block: [
        '      # Whom to ask: a model server. policy_model lets the model judge itself.',
        '      judge_model_server: { type: responses_api_models, name: policy_model }',
      ],
    },
    turns: {
      summary: 'A number is to be guessed; after each guess the model hears whether it is higher or lower.',
      agent: 'gymnasium_agent',
      block: [],
    },
  };
