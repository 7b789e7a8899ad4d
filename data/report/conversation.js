import { el } from './dom.js';
import { pretty } from './format.js';

/** A rollout's conversation as elements, from the request's input and the response's output. */

const LONG = 6000;

function longText(text, style) {
  const box = el('pre', { class: style }, text.length > LONG ? text.slice(0, LONG) : text);
  if (text.length <= LONG) return [box];
  const more = el(
    'button',
    { type: 'button', class: 'link' },
    `Show all ${text.length.toLocaleString('en-US')} characters`,
  );
  more.addEventListener('click', () => {
    box.textContent = text;
    more.remove();
  });
  return [box, more];
}

export function folded(summary, children, open = false) {
  return el('details', { open }, el('summary', {}, summary), children);
}

function partElements(part) {
  if (typeof part === 'string') return longText(part, 'text');
  if (typeof part?.text === 'string') return longText(part.text, 'text');
  if (typeof part?.refusal === 'string')
    return [el('p', { class: 'bad' }, 'Refused'), ...longText(part.refusal, 'text')];
  return [folded(part?.type ?? 'content', longText(pretty(part), 'code'))];
}

function contentElements(content) {
  if (content === undefined || content === null) return [];
  return (Array.isArray(content) ? content : [content]).flatMap(partElements);
}

function turn(role, children, style = role) {
  return el('article', { class: `turn ${style}` }, el('h4', {}, role), children);
}

function reasoning(item) {
  const parts = [...(item.summary ?? []), ...(item.content ?? [])];
  const text = parts
    .map((part) => part?.text ?? '')
    .join('\n\n')
    .trim();
  if (text === '') return turn('reasoning', [el('p', { class: 'quiet' }, 'Not shown by the provider.')]);
  const words = text.split(/\s+/).length;
  return turn('reasoning', [
    folded(`Reasoning, ${words.toLocaleString('en-US')} words`, longText(text, 'text')),
  ]);
}

function toolCall(item, outputs) {
  const result = outputs.get(item.call_id);
  const shown =
    result === undefined
      ? [el('p', { class: 'quiet' }, 'No result is stored.')]
      : longText(pretty(result), 'code');
  return turn(
    `tool call: ${item.name ?? '?'}`,
    [
      el('h5', {}, 'Arguments'),
      longText(pretty(item.arguments ?? ''), 'code'),
      el('h5', {}, 'Result'),
      shown,
    ],
    'tool',
  );
}

function itemElement(item, outputs, called) {
  if (typeof item === 'string') return turn('user', longText(item, 'text'));
  const type = item?.type ?? (item?.role === undefined ? 'item' : 'message');
  if (type === 'message') return turn(String(item.role), contentElements(item.content), roleStyle(item.role));
  if (type === 'reasoning') return reasoning(item);
  if (type === 'function_call') return toolCall(item, outputs);
  if (type === 'function_call_output') {
    if (called.has(item.call_id)) return null;
    return turn('tool result', longText(pretty(item.output ?? ''), 'code'), 'tool');
  }
  return turn(String(type), [folded('Content', longText(pretty(item), 'code'))], 'other');
}

function roleStyle(role) {
  return ['user', 'assistant', 'system', 'developer'].includes(role) ? role : 'other';
}

function list(value) {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Every turn in order; each tool call stands with its result. */
export function conversation(row) {
  const params = row.responses_create_params ?? {};
  const items = [...list(params.input), ...list(row.response?.output)];
  const outputs = new Map();
  const called = new Set();
  for (const item of items) {
    if (item?.type === 'function_call_output') outputs.set(item.call_id, item.output ?? '');
    if (item?.type === 'function_call') called.add(item.call_id);
  }
  const turns = [];
  if (typeof params.instructions === 'string')
    turns.push(turn('system', longText(params.instructions, 'text')));
  const tools = list(params.tools);
  if (tools.length > 0) {
    const names = tools.map((tool) => tool?.name ?? tool?.type ?? '?').join(', ');
    turns.push(
      turn('tools', [folded(`${tools.length} offered: ${names}`, longText(pretty(tools), 'code'))], 'other'),
    );
  }
  for (const item of items) turns.push(itemElement(item, outputs, called));
  const why = row.response?.incomplete_details?.reason;
  if (why !== undefined) turns.push(el('p', { class: 'notice' }, `The reply is incomplete: ${String(why)}`));
  return turns.filter(Boolean);
}
