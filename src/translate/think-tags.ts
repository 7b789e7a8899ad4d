/**
 * Cuts every complete `<think>…</think>` block out of a text: what was inside, untrimmed and in order, and the
 * rest joined with nothing between. An unclosed tag or a lone closing tag is text like any other.
 */
export function splitThinking(content: string): { texts: string[]; text: string } {
  const texts: string[] = [];
  let text = '';
  let at = 0;
  for (;;) {
    const open = content.indexOf('<think>', at);
    const close = open === -1 ? -1 : content.indexOf('</think>', open + 7);
    if (close === -1) break;
    text += content.slice(at, open);
    texts.push(content.slice(open + 7, close));
    at = close + 8;
  }
  return { texts, text: at === 0 ? content : text + content.slice(at) };
}
