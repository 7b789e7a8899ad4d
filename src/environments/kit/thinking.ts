import { strip } from '../../python/index.js';

/**
 * The text without `<think>…</think>` and `<thinking>…</thinking>`. Where a closing tag is left (the opening one was
 * part of the prompt), all up to it goes too. White space around is dropped.
 */
export function withoutThinking(text: string): string {
  const paired = text.replace(/<think>[\s\S]*?<\/think>/g, '').replace(/<thinking>[\s\S]*?<\/thinking>/g, '');
  return strip(paired.replace(/^[\s\S]*?<\/think>/, '').replace(/^[\s\S]*?<\/thinking>/, ''));
}

/** Whether a thought was begun and none ended: the reply was cut off within it. */
export function thinkingIsCutOff(text: string): boolean {
  return /<think(?:ing)?>/.test(text) && !/<\/think(?:ing)?>/.test(text);
}
