// A chat-completions provider that costs as little CPU as possible, in a process of its own, so that what is
// measured is the collector. Usage: node mock-provider.mjs <latency ms>; prints its port. Answers:
// a request with tools is given five tool calls, one a turn, then a message; any other gets \boxed{B}.
import http from 'node:http';

const latency = Number(process.argv[2] ?? 0);
const TOOL_TURNS = 5;

const usage = '"usage":{"prompt_tokens":120,"completion_tokens":12,"total_tokens":132}';
const head =
  '{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"mock","choices":[{"index":0,';
const answer = `${head}"finish_reason":"stop","message":{"role":"assistant","content":"Let me think. The answer is \\\\boxed{B}"}}],${usage}}`;
const toolCall = (turn) =>
  `${head}"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_${turn}",` +
  `"type":"function","function":{"name":"increment_counter","arguments":"{\\"count\\": 1}"}}]}}],${usage}}`;

function replyTo(body) {
  if (!body.includes('"tools":')) return answer;
  const turn = body.split('"role":"tool"').length - 1;
  return turn < TOOL_TURNS ? toolCall(turn) : answer;
}

const server = http.createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const text = replyTo(body);
    const send = () => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
    };
    if (latency > 0) setTimeout(send, latency);
    else send();
  });
});
server.keepAliveTimeout = 60_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => console.log(server.address().port));
process.on('disconnect', () => process.exit(0));
