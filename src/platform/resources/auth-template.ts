/**
 * `auth_header_format` of a provider: `<Header-Name>: <value>` with one `{{ auth_secret }}`. The reference's is a Jinja2
 * template that may have that one variable; of its filters, ours has those that make sense for a key.
 */
export interface AuthTemplate {
  readonly header: string;
  readonly render: (secret: string) => string;
}

export const DEFAULT_TEMPLATE = 'Authorization: Bearer {{ auth_secret }}';

const FILTERS: Readonly<Record<string, (text: string) => string>> = {
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  trim: (text) => text.trim(),
  urlencode: (text) => encodeURIComponent(text),
};
const RAW = /\{%-?\s*raw\s*-?%\}([\s\S]*?)\{%-?\s*endraw\s*-?%\}/g;
const OUTPUT = /\{\{-?\s*(.*?)\s*-?\}\}/g;
const PIPE = /^([A-Za-z_]\w*)((?:\s*\|\s*\w+)*)$/;

/** What is wrong with a template, or null. */
export function templateFault(template: string): string | null {
  const shown = template.replace(RAW, '');
  const names = [...shown.matchAll(OUTPUT)].map((match) => PIPE.exec(match[1]!)?.[1] ?? match[1]!);
  const unique = [...new Set(names)].toSorted();
  const statement = /\{%/.test(shown);
  if (statement && unique.length === 0)
    for (const [name] of shown.matchAll(/\bauth_secret\b/g)) unique.push(name);
  if (names.length !== 1 || unique[0] !== 'auth_secret' || statement) {
    const found = unique.length === 0 ? 'none' : unique.join(', ');
    return `auth_header_format must contain exactly one Jinja2 variable named 'auth_secret' (found: ${found})`;
  }
  const [expression = ''] = [...shown.matchAll(OUTPUT)].map((match) => match[1]!);
  const filter = filtersOf(expression).find((name) => !Object.hasOwn(FILTERS, name));
  if (filter !== undefined) return `auth_header_format uses a filter that is not known: ${filter}`;
  return split(template) === null
    ? "auth_header_format must render to '<Header-Name>: <Header-Value>'"
    : null;
}

/** Reads a template that has no fault. */
export function readTemplate(template: string): AuthTemplate {
  const { name, value } = split(template)!;
  const render = (secret: string): string =>
    value.replace(OUTPUT, (_, expression: string) =>
      filtersOf(expression).reduce((text, filter) => FILTERS[filter]!(text), secret),
    );
  return { header: name, render };
}

function filtersOf(expression: string): string[] {
  const piped = PIPE.exec(expression)?.[2] ?? '';
  return piped
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** A name that is a header's, and a value. */
function split(template: string): { name: string; value: string } | null {
  const at = template.indexOf(': ');
  const name = template.slice(0, Math.max(at, 0)).trim();
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return null;
  return { name, value: template.slice(at + 1).trim() };
}
