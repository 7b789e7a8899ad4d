/** An XML element. Attributes that are undefined are left out. */
export interface XmlElement {
  name: string;
  attributes?: Readonly<Record<string, string | number | undefined>>;
  children?: readonly (XmlElement | string)[];
}

/** Text that XML 1.0 can carry: characters that it forbids become U+FFFD. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function attribute(value: string | number): string {
  return escape(String(value)).replace(/[\n\r\t]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function render(element: XmlElement, pad: string): string {
  const attributes = Object.entries(element.attributes ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${attribute(value!)}"`)
    .join('');
  const children = element.children ?? [];
  const open = `${pad}<${element.name}${attributes}`;
  if (children.length === 0) return `${open}/>`;
  const texts = children.every((child) => typeof child === 'string');
  if (texts) return `${open}>${children.map(escape).join('')}</${element.name}>`;
  const inner = children.map((child) =>
    typeof child === 'string' ? escape(child) : render(child, `${pad}  `),
  );
  return `${open}>\n${inner.join('\n')}\n${pad}</${element.name}>`;
}

/** A whole XML document. */
export function toXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${render(root, '')}\n`;
}
