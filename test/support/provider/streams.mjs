/**
 * The whole reply as the server-sent events of its dialect. `token` marks the events that carry content:
 * they are paced, counted and cut by the stream faults.
 *
 * @typedef {{event?: string, data: string, token?: boolean}} StreamEvent
 * @param {import('./provider.d.mts').ReadRequest} request
 * @param {any} reply
 * @returns {StreamEvent[]}
 */
export function streamOf(request, reply) {
  if (request.dialect === 'responses') return responsesStream(reply);
  if (request.dialect === 'messages') return messagesStream(reply);
  return chatStream(request, reply);
}

/** @param {string | null | undefined} text */
function words(text) {
  return text?.match(/\S+\s*|\s+/g) ?? [];
}

/** @param {import('./provider.d.mts').ReadRequest} request @param {any} reply @returns {StreamEvent[]} */
function chatStream(request, reply) {
  const { message, finish_reason, text } = reply.choices[0];
  const head = { id: reply.id, object: 'chat.completion.chunk', created: reply.created, model: reply.model };
  /** @param {any} delta @param {string | null} [finish] */
  const chunk = (delta, finish = null) =>
    JSON.stringify({
      ...head,
      choices: [
        {
          index: 0,
          ...(message === undefined ? { text: delta.content ?? '' } : { delta }),
          finish_reason: finish,
        },
      ],
    });
  const events = [{ data: chunk({ role: 'assistant', content: '' }) }];
  for (const word of words(message?.reasoning_content))
    events.push({ data: chunk({ reasoning_content: word }), token: true });
  for (const word of words(message?.content ?? text))
    events.push({ data: chunk({ content: word }), token: true });
  (message?.tool_calls ?? []).forEach((/** @type {any} */ call, /** @type {number} */ index) => {
    const opening = { ...call, index, function: { name: call.function.name, arguments: '' } };
    events.push({ data: chunk({ tool_calls: [opening] }), token: true });
    for (const piece of call.function.arguments.match(/.{1,8}/gs) ?? []) {
      events.push({ data: chunk({ tool_calls: [{ index, function: { arguments: piece } }] }), token: true });
    }
  });
  events.push({ data: chunk({}, finish_reason) });
  if (request.body.stream_options?.include_usage === true) {
    events.push({ data: JSON.stringify({ ...head, choices: [], usage: reply.usage }) });
  }
  events.push({ data: '[DONE]' });
  return events;
}

/** @param {any} reply @returns {StreamEvent[]} */
function responsesStream(reply) {
  /** @type {StreamEvent[]} */
  const events = [];
  /** @param {string} type @param {object} fields @param {boolean} [token] */
  const push = (type, fields, token = false) =>
    events.push({
      event: type,
      data: JSON.stringify({ type, sequence_number: events.length, ...fields }),
      token,
    });
  const open = { ...reply, status: 'in_progress', output: [], usage: null };
  push('response.created', { response: open });
  push('response.in_progress', { response: open });
  reply.output.forEach((/** @type {any} */ item, /** @type {number} */ output_index) => {
    const at = { item_id: item.id, output_index };
    push('response.output_item.added', { output_index, item: { ...item, ...emptied(item) } });
    if (item.type === 'message') {
      const [part] = item.content;
      push('response.content_part.added', { ...at, content_index: 0, part: { ...part, text: '' } });
      for (const delta of words(part.text))
        push('response.output_text.delta', { ...at, content_index: 0, delta }, true);
      push('response.output_text.done', { ...at, content_index: 0, text: part.text });
      push('response.content_part.done', { ...at, content_index: 0, part });
    } else if (item.type === 'function_call') {
      for (const delta of item.arguments.match(/.{1,8}/gs) ?? [])
        push('response.function_call_arguments.delta', { ...at, delta }, true);
      push('response.function_call_arguments.done', { ...at, arguments: item.arguments });
    } else {
      const [part] = item.summary;
      push('response.reasoning_summary_part.added', { ...at, summary_index: 0, part: { ...part, text: '' } });
      for (const delta of words(part.text))
        push('response.reasoning_summary_text.delta', { ...at, summary_index: 0, delta }, true);
      push('response.reasoning_summary_text.done', { ...at, summary_index: 0, text: part.text });
      push('response.reasoning_summary_part.done', { ...at, summary_index: 0, part });
    }
    push('response.output_item.done', { output_index, item });
  });
  push(`response.${reply.status}`, { response: reply });
  return events;
}

/** @param {any} item */
function emptied(item) {
  if (item.type === 'message') return { content: [], status: 'in_progress' };
  if (item.type === 'function_call') return { arguments: '', status: 'in_progress' };
  return { summary: [] };
}

/** @param {any} reply @returns {StreamEvent[]} */
function messagesStream(reply) {
  /** @type {StreamEvent[]} */
  const events = [];
  /** @param {string} type @param {object} fields @param {boolean} [token] */
  const push = (type, fields, token = false) =>
    events.push({ event: type, data: JSON.stringify({ type, ...fields }), token });
  const usage = { ...reply.usage, output_tokens: 0 };
  push('message_start', { message: { ...reply, content: [], stop_reason: null, usage } });
  push('ping', {});
  reply.content.forEach((/** @type {any} */ block, /** @type {number} */ index) => {
    const [start, deltas] = blockDeltas(block);
    push('content_block_start', { index, content_block: start });
    for (const delta of deltas) push('content_block_delta', { index, delta }, true);
    push('content_block_stop', { index });
  });
  push('message_delta', {
    delta: { stop_reason: reply.stop_reason, stop_sequence: null },
    usage: { output_tokens: reply.usage.output_tokens },
  });
  push('message_stop', {});
  return events;
}

/** @param {any} block @returns {[object, object[]]} */
function blockDeltas(block) {
  if (block.type === 'thinking') {
    return [
      { type: 'thinking', thinking: '', signature: '' },
      [
        ...words(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature: block.signature },
      ],
    ];
  }
  if (block.type === 'tool_use') {
    const pieces = JSON.stringify(block.input).match(/.{1,8}/gs) ?? [];
    return [
      { ...block, input: {} },
      pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    ];
  }
  return [{ type: 'text', text: '' }, words(block.text).map((text) => ({ type: 'text_delta', text }))];
}

/** @param {StreamEvent} event */
export function encodeEvent(event) {
  return `${event.event === undefined ? '' : `event: ${event.event}\n`}data: ${event.data}\n\n`;
}
