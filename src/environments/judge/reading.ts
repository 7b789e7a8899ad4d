import { isMessage } from '../../protocol/index.js';
import type { ResponsesReply } from '../../protocol/index.js';
import { strip } from '../../python/index.js';

/*
 * The ways in which NeMo Gym's servers (0.7.0) find the verdict in a judge's reply. They are kept apart: the same reply
 * may be another verdict in each. What cannot be read is a verdict too (the worst one, mostly), and no failure.
 */

/**
 * The text of the last part of the last item: "" for a part without a text, null when that item is no message or has no
 * parts.
 */
export function lastPartText(reply: ResponsesReply): string | null {
  const item = reply.output.at(-1);
  if (item === undefined || !isMessage(item) || item.content === null || item.content.length === 0)
    return null;
  const { content } = item;
  return typeof content === 'string' ? '' : (content.at(-1)!.text ?? '');
}

/** Which of these labels comes first; undefined when there is none. Of two at one place, the earlier in the list. */
export function firstLabel(text: string, labels: readonly string[]): string | undefined {
  let best: { label: string; at: number } | undefined;
  for (const label of labels) {
    const at = text.indexOf(label);
    if (at !== -1 && (best === undefined || at < best.at)) best = { label, at };
  }
  return best?.label;
}

/** Which of these labels comes last; undefined when there is none. Of two at one place, the later in the list. */
export function lastLabel(text: string, labels: readonly string[]): string | undefined {
  let best: { label: string; at: number } | undefined;
  for (const label of labels) {
    const at = text.lastIndexOf(label);
    if (at !== -1 && (best === undefined || at >= best.at)) best = { label, at };
  }
  return best?.label;
}

/** Every label in the order of the text, none inside another: of two that begin at one place, the longer one. */
export function labelsInOrder(text: string, labels: readonly string[]): string[] {
  const wanted = labels.filter((label) => label !== '').sort((a, b) => b.length - a.length);
  const found: string[] = [];
  for (let from = 0; ; from += found.at(-1)!.length) {
    const next = firstLabel(text.slice(from), wanted);
    if (next === undefined) return found;
    found.push(next);
    from = text.indexOf(next, from);
  }
}

const lastLine = (text: string): string => strip(text.slice(text.lastIndexOf('\n') + 1));

/** A grade that stands alone: the whole reply, else its last line; else the first of these letters anywhere in it. */
export function gradeAlone(text: string, letters: readonly string[]): string | undefined {
  const whole = strip(text);
  const line = lastLine(whole);
  return (
    letters.find((letter) => whole === letter) ??
    letters.find((letter) => line === letter) ??
    letters.find((letter) => whole.includes(letter))
  );
}

/** A grade that begins the reply, else its last line; else the first of these letters anywhere in it. */
export function gradeAtStart(text: string, letters: readonly string[]): string | undefined {
  const whole = strip(text);
  const line = lastLine(whole);
  return (
    letters.find((letter) => whole.startsWith(letter)) ??
    letters.find((letter) => line.startsWith(letter)) ??
    letters.find((letter) => whole.includes(letter))
  );
}

/**
 * Every text of the assistant, without white space around it, a line each; empty ones are left out. A message that does
 * not say whose it is counts.
 */
export function assistantTexts(reply: ResponsesReply): string {
  return reply.output
    .filter(isMessage)
    .filter(({ role }) => ((role as string | undefined) ?? 'assistant') === 'assistant')
    .flatMap(({ content }) =>
      typeof content === 'string' ? [content] : (content ?? []).map(({ text }) => text),
    )
    .map((text) => (typeof text === 'string' ? strip(text) : ''))
    .filter((text) => text !== '')
    .join('\n');
}
