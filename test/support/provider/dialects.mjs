import { countTokens } from './answers.mjs';

/** @param {unknown} content */
function textOf(content) {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => (typeof part === 'string' ? part : (part.text ?? textOf(part.content))))
    .join('');
}

/** @param {any} body @param {string} path */
function conversation(body, path) {
  if (path.endsWith('/responses')) {
    const items =
      typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : (body.input ?? []);
    return items.map((/** @type {any} */ item) =>
      item.type === 'function_call_output'
        ? { role: 'tool', text: textOf(item.output) }
        : { role: item.role ?? item.type, text: textOf(item.content) },
    );
  }
  if (path.endsWith('/messages')) {
    return (body.messages ?? []).map((/** @type {any} */ message) => {
      const results =
        Array.isArray(message.content) &&
        message.content.some((/** @type {any} */ p) => p.type === 'tool_result');
      return { role: results ? 'tool' : message.role, text: textOf(message.content) };
    });
  }
  if (path.endsWith('/completions') && !path.endsWith('/chat/completions')) {
    return [{ role: 'user', text: String(body.prompt) }];
  }
  return (body.messages ?? []).map((/** @type {any} */ m) => ({ role: m.role, text: textOf(m.content) }));
}

/**
 * What matters of a request in any of the dialects.
 *
 * @param {string} path
 * @param {any} body
 * @returns {import('./provider.d.mts').ReadRequest}
 */
export function readRequest(path, body) {
  const messages = conversation(body, path);
  const lastUser = messages.findLastIndex((/** @type {any} */ m) => m.role === 'user');
  let toolRounds = 0;
  messages
    .slice(lastUser + 1)
    .forEach((/** @type {any} */ m, /** @type {number} */ i, /** @type {any[]} */ all) => {
      if (m.role === 'tool' && all[i - 1]?.role !== 'tool') toolRounds += 1;
    });
  const dialect = path.endsWith('/responses')
    ? 'responses'
    : path.endsWith('/messages')
      ? 'messages'
      : path.endsWith('/chat/completions')
        ? 'chat'
        : 'completions';
  return {
    dialect,
    path,
    body,
    model: body.model,
    stream: body.stream === true,
    prompt: messages[lastUser]?.text ?? '',
    promptTokens: messages.reduce(
      (/** @type {number} */ sum, /** @type {any} */ m) => sum + countTokens(m.text),
      0,
    ),
    toolRounds,
    lastRole: messages.at(-1)?.role ?? '',
  };
}

/**
 * Deterministic token ids of a text, one per word.
 *
 * @param {string} text
 */
export function tokenIds(text) {
  return (text.match(/\S+\s*/g) ?? []).map((word) =>
    [...word].reduce((hash, char) => (hash * 31 + (char.codePointAt(0) ?? 0)) % 50_000, 7),
  );
}
