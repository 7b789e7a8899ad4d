import { grid, type GridColumn } from '../text/grid.js';
import { paint } from '../text/paint.js';

/** What a report says, before it is text for a terminal or Markdown: one content, so that they cannot disagree. */
export type Block =
  | { type: 'heading'; text: string }
  | { type: 'text'; text: string }
  | { type: 'table'; columns: GridColumn[]; rows: string[][] }
  | { type: 'list'; items: string[] }
  /** Something long that is folded away where that is possible. */
  | { type: 'details'; summary: string; text: string };

export function left(title: string): GridColumn {
  return { title, align: 'left' };
}

export function right(title: string): GridColumn {
  return { title, align: 'right' };
}

/** A table without the columns in which no row says anything. */
export function table(columns: readonly GridColumn[], rows: readonly (readonly string[])[]): Block {
  const kept = columns.map((_, i) => rows.some((row) => !['', '–'].includes(row[i]!)));
  return {
    type: 'table',
    columns: columns.filter((_, i) => kept[i]),
    rows: rows.map((row) => row.filter((_, i) => kept[i])),
  };
}

function textBlock(block: Block, bold: (text: string) => string): string[] {
  if (block.type === 'heading') return [bold(block.text)];
  if (block.type === 'text') return [block.text];
  if (block.type === 'list') return block.items.map((item) => `- ${item}`);
  if (block.type === 'details') {
    return [block.summary, ...block.text.split('\n').map((line) => `  ${line}`.trimEnd())];
  }
  const { header, lines } = grid(block.columns, block.rows);
  return [bold(header), ...lines];
}

/** Lines for a terminal; ends with a line feed. */
export function toText(blocks: readonly Block[], color = false): string {
  const style = paint(color);
  return `${blocks.map((block) => textBlock(block, (text) => style.bold(text)).join('\n')).join('\n\n')}\n`;
}

/** Text that Markdown shows as it is: model output must not become markup. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_[\]|~]|^[#+-]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\s*\n\s*/g, ' ');
}

/** A fence longer than any run of backticks inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function markdownBlock(block: Block): string {
  if (block.type === 'heading') return `### ${escapeMarkdown(block.text)}`;
  if (block.type === 'text') return escapeMarkdown(block.text);
  if (block.type === 'list') return block.items.map((item) => `- ${escapeMarkdown(item)}`).join('\n');
  if (block.type === 'details') {
    const summary = block.summary.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    return `<details><summary>${summary}</summary>\n\n${fenced(block.text)}\n\n</details>`;
  }
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(block.columns.map(({ title }) => escapeMarkdown(title))),
    line(block.columns.map(({ align }) => (align === 'left' ? ':---' : '---:'))),
    ...block.rows.map((row) => line(row.map(escapeMarkdown))),
  ].join('\n');
}

/** GitHub-flavoured Markdown, to paste or for a step summary; ends with a line feed. */
export function toMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(markdownBlock).join('\n\n')}\n`;
}
