/** One step of a conversation: who says what. `call` is the model's: a tool's name and its arguments. */
type Said =
  | readonly ['user' | 'assistant' | 'tool', string]
  | readonly ['call', string, Readonly<Record<string, unknown>>];

interface Message {
  role: string;
  [key: string]: unknown;
}

const CREATED = 1_767_225_600;

function messageOf(said: Said, calls: number): Message {
  const [who, text] = said;
  if (who === 'tool') return { role: 'tool', tool_call_id: `call_${calls - 1}`, content: text };
  if (who !== 'call') return { role: who, content: text };
  const called = { name: text, arguments: JSON.stringify(said[2]) };
  return {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: `call_${calls}`, type: 'function', function: called }],
  };
}

/**
 * Recorded answers to some conversations, as lines of a recording: each thing that the model says answers all that was
 * said before it. See docs/providers.md, the embedded provider.
 */
export function recordedAnswers(talks: readonly (readonly Said[])[]): string {
  const lines: string[] = [];
  for (const talk of talks) {
    const messages: Message[] = [];
    let calls = 0;
    for (const said of talk) {
      const message = messageOf(said, calls);
      calls += Number(said[0] === 'call');
      if (message.role === 'assistant') lines.push(JSON.stringify(entry(lines.length, messages, message)));
      messages.push(message);
    }
  }
  return `${lines.join('\n')}\n`;
}

function entry(index: number, messages: readonly Message[], message: Message) {
  const usage = { prompt_tokens: 10 * messages.length, completion_tokens: 5 };
  const finish = message['tool_calls'] === undefined ? 'stop' : 'tool_calls';
  return {
    format: 'ngym-recording/1',
    key: `answer-${index}`,
    repeat: 0,
    ordinal: 0,
    model: 'policy_model',
    endpoint: 'chat/completions',
    request: { messages: [...messages], model: 'recorded' },
    status: 200,
    body: {
      id: `chatcmpl-${index}`,
      object: 'chat.completion',
      created: CREATED,
      model: 'recorded',
      choices: [{ index: 0, message, finish_reason: finish }],
      usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens },
    },
    latency_ms: 0,
    recorded_at: CREATED * 1000,
  };
}
