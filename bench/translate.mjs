/**
 * CPU of the translator, per request and per streamed event, against plain JSON.parse + JSON.stringify of the
 * same bytes. Run `npm run build` first; prints one line per direction.
 */
import { pathToFileURL } from 'node:url';
import { openExchange, replyFromChat, requestToChat } from '../dist/translate/index.js';
import { countingIds, sseDecoder } from '../dist/protocol/index.js';

const newId = countingIds();

/** A conversation of some tool turns, a few thousand bytes: what an agent sends at each step. */
function conversation(turns) {
  const input = [{ role: 'user', content: 'What is the weather in these cities? '.repeat(8) }];
  for (let i = 0; i < turns; i++) {
    input.push(
      {
        type: 'reasoning',
        id: `rs_${i}`,
        summary: [{ type: 'summary_text', text: 'I should look this up. '.repeat(6) }],
      },
      {
        type: 'function_call',
        call_id: `call_${i}`,
        id: `call_${i}`,
        name: 'get_weather',
        arguments: `{"city": "City ${i}"}`,
        status: 'completed',
      },
      {
        type: 'function_call_output',
        call_id: `call_${i}`,
        output: '{"temperature": 21, "sky": "clear"} '.repeat(6),
      },
    );
  }
  const parameters = {
    type: 'object',
    properties: { city: { type: 'string', description: 'Name of the city' } },
    required: ['city'],
  };
  const tools = Array.from({ length: 5 }, (_, i) => ({
    type: 'function',
    name: `tool_${i}`,
    description: 'Looks something up.',
    parameters,
    strict: true,
  }));
  return { input, tools, temperature: 0.7, max_output_tokens: 1024 };
}

const chatReply = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'm',
  choices: [
    {
      index: 0,
      finish_reason: 'tool_calls',
      logprobs: null,
      message: {
        role: 'assistant',
        content: `<think>${'Let me think about this. '.repeat(20)}</think>${'The answer is as follows. '.repeat(20)}`,
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'tool_1', arguments: '{"city": "Paris"}' } },
        ],
      },
    },
  ],
  usage: { prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200 },
};

const chunkOf = (delta, finish_reason = null) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason, logprobs: null }],
});
const chunks = [
  chunkOf({ role: 'assistant', content: '' }),
  ...Array.from({ length: 400 }, (_, i) => chunkOf({ content: ` word${i}` })),
  chunkOf({
    tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'tool_1', arguments: '' } }],
  }),
  ...Array.from({ length: 98 }, () => chunkOf({ tool_calls: [{ index: 0, function: { arguments: ' ' } }] })),
  chunkOf({}, 'tool_calls'),
];

/** CPU microseconds of one call, from the process clock; the best of five rounds. */
function cpu(work, rounds) {
  for (let i = 0; i < rounds; i++) work();
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < rounds; i++) work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / rounds);
  }
  return best;
}

function wholeRows() {
  const request = conversation(10);
  const requestText = JSON.stringify(request);
  const replyText = JSON.stringify(chatReply);
  const options = { newId, model: 'm', usesReasoningParser: true };
  const floor = cpu(() => JSON.stringify(JSON.parse(requestText)), 2000);
  const replyFloor = cpu(() => JSON.stringify(JSON.parse(replyText)), 4000);
  const direction = (client, upstream) => () => {
    const body = JSON.parse(requestText);
    JSON.stringify(openExchange(body, { client, upstream, ...options }).body);
  };
  return [
    [
      'request responses → chat',
      () => JSON.stringify(requestToChat(JSON.parse(requestText), options)),
      2000,
      floor,
    ],
    ['request responses → messages', direction('responses', 'messages'), 2000, floor],
    [
      'reply chat → responses',
      () => JSON.stringify(replyFromChat(JSON.parse(replyText), request, options)),
      4000,
      replyFloor,
    ],
  ].map(([name, work, rounds, base]) => {
    const micros = cpu(work, rounds);
    return { name, unit: 'call', micros, floor: base, ratio: micros / base };
  });
}

function streamRows() {
  const texts = chunks.map((chunk) => JSON.stringify(chunk));
  const bytes = Buffer.from(`${texts.map((text) => `data: ${text}\n\n`).join('')}data: [DONE]\n\n`);
  const floor = cpu(() => texts.forEach((text) => JSON.stringify(JSON.parse(text))), 40) / texts.length;
  return ['responses', 'messages', 'chat'].map((client) => {
    const body =
      client === 'responses'
        ? { input: 'hi' }
        : { messages: [{ role: 'user', content: 'hi' }], max_tokens: 9 };
    const work = () => {
      let size = 0;
      const stream = openExchange(body, { client, upstream: 'chat', newId }).stream((text) => {
        size += text.length;
      });
      const decoder = sseDecoder((event) => stream.push(event));
      for (let at = 0; at < bytes.length; at += 4096) decoder.push(bytes.subarray(at, at + 4096));
      decoder.end();
      stream.end();
      return size;
    };
    const micros = cpu(work, 40) / texts.length;
    return { name: `stream chat → ${client}`, unit: 'event', micros, floor, ratio: micros / floor };
  });
}

/** Prints and returns all rows: CPU microseconds per call or streamed event, the floor, and their ratio. */
export async function run() {
  const rows = [...wholeRows(), ...streamRows()];
  for (const { name, unit, micros, floor, ratio } of rows) {
    console.log(
      `${name.padEnd(30)} ${micros.toFixed(1).padStart(7)} µs/${unit}  floor ${floor.toFixed(1).padStart(6)} µs  ${ratio.toFixed(2)}× (aim 3)`,
    );
  }
  return rows;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await run();
