import { idSource } from '../protocol/index.js';
import type { JsonObject, Model, WireAnswer } from '../protocol/index.js';
import { openExchange, replyForClient, requestAsResponses, wholeAsEvents } from '../translate/index.js';
import type { TranslateOptions } from '../translate/index.js';
import { randomBytes } from 'node:crypto';
import { storedStream } from './gateway-stream.js';

const newId = idSource(randomBytes);

/** A model's way to answer clients of any dialect: its own, or one over whole replies. */
export function exchangeOf(model: Model): NonNullable<Model['exchange']> {
  if (model.exchange === undefined) return exchangeOverReplies(model);
  return (dialect, body, call) => model.exchange!(dialect, body, call);
}

/** Answers clients of any dialect with a model's whole replies. */
export function exchangeOverReplies(
  model: Pick<Model, 'modelId' | 'respond'>,
  settings: Pick<TranslateOptions, 'unsupportedTools' | 'onLoss'> = {},
): NonNullable<Model['exchange']> {
  return async (dialect, body, call): Promise<WireAnswer> => {
    const options = { ...settings, newId, model: model.modelId };
    const reply = await model.respond(requestAsResponses(dialect, body, options), call);
    if (body['stream'] !== true)
      return { text: JSON.stringify(replyForClient(dialect, reply, body, options)) };
    const exchange = openExchange(body, { ...options, client: dialect, upstream: 'responses' });
    const pieces: string[] = [];
    const translation = exchange.stream((text) => pieces.push(text));
    for (const event of wholeAsEvents('responses', reply as unknown as JsonObject)) translation.push(event);
    translation.end();
    return { stream: storedStream(pieces) };
  };
}
