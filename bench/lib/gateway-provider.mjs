// A chat-completions provider for the gateway benchmark: whole replies of about 2 kB, or 50 stream events, at the
// least cost. In a process of its own; sends its port to the parent.
import http from 'node:http';

const EVENTS = 50;
const message = { role: 'assistant', content: 'word '.repeat(300) };
const usage = { prompt_tokens: 120, completion_tokens: 300, total_tokens: 420 };
const head = { id: 'chatcmpl-1', created: 1700000000, model: 'mock' };
const whole = JSON.stringify({
  ...head,
  object: 'chat.completion',
  choices: [{ index: 0, finish_reason: 'stop', message }],
  usage,
});
const chunk = (choices, more = {}) =>
  `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...more })}\n\n`;
const event = chunk([{ index: 0, delta: { content: 'word ' }, finish_reason: null }]);
const last =
  chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]) + chunk([], { usage }) + 'data: [DONE]\n\n';

const server = http.createServer((request, response) => {
  let stream = false;
  request.on('data', (bytes) => (stream ||= bytes.includes('"stream":true')));
  request.on('end', () => {
    if (!stream) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length });
      response.end(whole);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let sent = 0;
    // A millisecond apart: a proxy gets each event by itself, as from a model.
    const next = () => {
      if (sent++ === EVENTS) response.end(last);
      else {
        response.write(event);
        setTimeout(next, 1);
      }
    };
    next();
  });
});
server.keepAliveTimeout = 60_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  process.send({ port: server.address().port }),
);
process.on('disconnect', () => process.exit(0));
