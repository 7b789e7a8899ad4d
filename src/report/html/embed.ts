/**
 * JSON that cannot end or change the script element it stands in: `<` only occurs inside JSON strings, where its
 * escape means the same, so neither `</script>` nor `<!--` of a model's text reaches the HTML parser.
 */
export function inertJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** A block of data in the page. `id` is ours, never taken from data. */
export function dataBlock(id: string, value: unknown): string {
  return `<script type="application/json" id="${id}">${inertJson(value)}</script>\n`;
}

/** Text that stands between tags. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
