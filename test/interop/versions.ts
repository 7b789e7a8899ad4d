/** The versions that are played: one group for each folder that is installed. Raising one is a change of its own. */
export const NPM_CLIENTS = {
  codex: ['@openai/codex@0.169.0'],
  'claude-code': ['@anthropic-ai/claude-code@2.1.197'],
  'openai-agents': ['@openai/agents@0.20.0', 'openai@7.57.0', 'zod@4.6.7'],
  'ai-sdk': [
    'ai@7.0.173',
    '@ai-sdk/openai@4.0.118',
    '@ai-sdk/openai-compatible@3.0.92',
    '@ai-sdk/anthropic@4.0.105',
    'zod@4.6.7',
  ],
  portkey: ['@portkey-ai/gateway@1.15.2'],
} as const;

export const PYTHON_CLIENTS = [
  'litellm[proxy]==1.106.2',
  'langchain-openai==1.7.3',
  'openai-agents==0.20.0',
  'mcp==2.3.0',
] as const;

export type ClientName = keyof typeof NPM_CLIENTS | 'python';

/** Where a client was installed, or why it was not. */
export type Installed = { folder: string } | { missing: string };
