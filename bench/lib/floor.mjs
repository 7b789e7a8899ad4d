// The floor: the least that any collector can do. The same HTTP calls over undici, one regex, one line appended.
// Usage: node floor.mjs <url> <input> <output> <concurrency>
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Pool } from 'undici';

const [url, input, output, concurrency] = process.argv.slice(2);
const pool = new Pool(url, { connections: Number(concurrency) });
const out = createWriteStream(output);

async function post(body) {
  const reply = await pool.request({
    method: 'POST',
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json', authorization: 'Bearer floor' },
    body: JSON.stringify(body),
  });
  return JSON.parse(await reply.body.text());
}

async function rollout(line) {
  const row = JSON.parse(line);
  const messages = row.responses_create_params.input.map(({ role, content }) => ({ role, content }));
  const tools = row.responses_create_params.tools?.map(({ type, name, description, parameters }) => ({
    type,
    function: { name, description, parameters },
  }));
  let counter = row.initial_count ?? 0;
  for (;;) {
    const { choices } = await post(tools ? { model: 'mock', messages, tools } : { model: 'mock', messages });
    const { message } = choices[0];
    messages.push(message);
    if (!message.tool_calls) {
      const letter = /\\boxed\{([A-Z])\}/.exec(message.content)?.[1];
      const reward = tools ? Number(counter === row.expected_count) : Number(letter === row.expected_answer);
      out.write(`${JSON.stringify({ ...row, messages, reward })}\n`);
      return;
    }
    for (const call of message.tool_calls) {
      counter += JSON.parse(call.function.arguments).count;
      messages.push({ role: 'tool', tool_call_id: call.id, content: '{"success":true}' });
    }
  }
}

const lines = createInterface({ input: createReadStream(input), crlfDelay: Infinity })[
  Symbol.asyncIterator
]();
async function worker() {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) return;
    await rollout(value);
  }
}
await Promise.all(Array.from({ length: Number(concurrency) }, worker));
await new Promise((resolve) => out.end(resolve));
await pool.close();
