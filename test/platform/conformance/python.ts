/** JSON as Python writes it: `", "` and `": "` between parts, and only ASCII. */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([key, item]) => `${pythonJson(key)}: ${pythonJson(item)}`);
    return `{${parts.join(', ')}}`;
  }
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What the reference's gateway leaves of an event stream: whole lines `data: {…}` up to `[DONE]`, written anew. */
export function asReferenceStream(text: string): string {
  const kept: string[] = [];
  // What has no line end is lost.
  for (const line of text.split('\n').slice(0, -1)) {
    const data = /^data: (.*?)\r?$/.exec(line)?.[1];
    if (data === '[DONE]') break;
    const value = parsed(data);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) kept.push(pythonJson(value));
  }
  return [...kept, '[DONE]'].map((data) => `data: ${data}\n\n`).join('');
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    return undefined;
  }
}
