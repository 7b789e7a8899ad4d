import { streamOf, encodeEvent } from './streams.mjs';

const FOREVER = 2 ** 31 - 1;
const JSON_TYPE = { 'content-type': 'application/json' };

/**
 * Sends the reply, spoilt by the fault.
 *
 * @param {ReturnType<typeof import('./write.mjs').writer>} out
 * @param {import('./provider.d.mts').ReadRequest} request
 * @param {any} reply
 * @param {any} fault
 * @param {{tokenDelayMs: number}} pace
 */
export async function serveReply(out, request, reply, fault, pace) {
  switch (fault.kind) {
    case 'reset':
      out.reset();
      return;
    case 'status':
      out.error(fault);
      return;
    case 'garbage':
      out.whole(200, { 'content-type': 'text/html' }, '<html><body>502 Bad Gateway</body></html>');
      return;
    case 'empty':
      out.whole(200, JSON_TYPE, '');
      return;
    case 'oversized':
      out.whole(200, JSON_TYPE, Buffer.alloc(fault.bytes ?? 64 * 1024 * 1024, 0x20));
      return;
    case 'refuse_prefill':
      if (request.lastRole === 'assistant') {
        out.error({
          kind: 'status',
          status: 400,
          message: 'Prefilling assistant messages is not supported.',
        });
        return;
      }
      break;
    case 'stall_before_headers':
      await out.wait(fault.ms ?? FOREVER);
      break;
    case 'in_band_error':
      if (!request.stream) {
        const error = { message: fault.message ?? 'Upstream error', code: fault.code ?? 502 };
        out.whole(200, JSON_TYPE, JSON.stringify({ error }));
        return;
      }
  }
  if (out.isGone()) return;
  await (request.stream
    ? serveStream(out, streamOf(request, reply), fault, pace)
    : serveWhole(out, JSON.stringify(reply), fault));
}

/**
 * @param {ReturnType<typeof import('./write.mjs').writer>} out
 * @param {string} text
 * @param {any} fault
 */
async function serveWhole(out, text, fault) {
  switch (fault.kind) {
    case 'reset_after_headers':
    case 'reset_mid_body':
      await out.part(text, fault.kind === 'reset_mid_body' ? 0.5 : 0);
      await out.wait(20);
      out.reset();
      return;
    case 'close_mid_body':
    case 'truncate':
      await out.part(text, 0.5);
      out.hangUp();
      return;
    case 'stall_after_headers':
    case 'stall_mid_body': {
      const rest = await out.part(text, fault.kind === 'stall_mid_body' ? 0.5 : 0);
      await out.wait(fault.ms ?? FOREVER);
      if (fault.then === 'close') out.hangUp();
      else {
        out.raw(rest);
        out.end();
      }
      return;
    }
    case 'half_chunks':
      await out.drip(text, 7, 0);
      return;
    case 'slow_drip':
      await out.drip(text, fault.size ?? 16, fault.ms ?? 20);
      return;
    case 'invalid_json':
      out.whole(200, JSON_TYPE, text.slice(0, Math.floor(text.length / 2)));
      return;
    default:
      out.whole(200, JSON_TYPE, text);
  }
}

/**
 * @param {ReturnType<typeof import('./write.mjs').writer>} out
 * @param {import('./streams.mjs').StreamEvent[]} events
 * @param {any} fault
 * @param {{tokenDelayMs: number}} pace
 */
async function serveStream(out, events, fault, pace) {
  out.startStream();
  if (fault.kind === 'stall_after_headers') await out.wait(fault.ms ?? FOREVER);
  if (fault.kind === 'half_chunks' || fault.kind === 'slow_drip') {
    await out.drip(events.map(encodeEvent).join(''), fault.size ?? 7, fault.ms ?? 0);
    return;
  }
  let tokens = 0;
  let sent = 0;
  for (const event of events) {
    if (out.isGone()) return;
    if (fault.kind === 'no_done' && event.data === '[DONE]') continue;
    if (event.token === true) {
      if (pace.tokenDelayMs > 0) await out.wait(pace.tokenDelayMs);
      if (await cutStream(out, fault, tokens)) return;
      tokens += 1;
    }
    sent += 1;
    if ((fault.kind === 'invalid_event' || fault.kind === 'invalid_json') && sent === (fault.at ?? 10)) {
      out.raw('data: {"id": "broken", "choices": [{\n\n');
    }
    out.event(event);
  }
  out.end();
}

/**
 * Applies a fault that begins after a number of tokens; true when the stream is over.
 *
 * @param {ReturnType<typeof import('./write.mjs').writer>} out
 * @param {any} fault
 * @param {number} tokens
 */
async function cutStream(out, fault, tokens) {
  const after =
    fault.after ?? (fault.kind === 'reset_after_headers' || fault.kind === 'in_band_error' ? 0 : 2);
  if (tokens !== after) return false;
  switch (fault.kind) {
    case 'reset_after_headers':
    case 'reset_mid_body':
      await out.wait(20);
      out.reset();
      return true;
    case 'close_mid_body':
      out.hangUp();
      return true;
    case 'truncate':
      out.end();
      return true;
    case 'stall_mid_body':
      await out.wait(fault.ms ?? FOREVER);
      if (fault.then === 'close') out.hangUp();
      return fault.then === 'close';
    case 'in_band_error':
      out.event({
        data: JSON.stringify({
          error: { message: fault.message ?? 'Upstream error', code: fault.code ?? 502 },
        }),
      });
      out.end();
      return true;
    default:
      return false;
  }
}
