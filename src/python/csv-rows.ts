/** The records of `csv.reader`: quotes doubled inside quotes, line ends of every kind; an empty line is an empty record. */
export function csvRecords(text: string, delimiter = ','): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  let begun = false;
  const end = (): void => {
    if (begun || record.length > 0) record.push(field);
    records.push(record);
    [record, field, begun, quoted] = [[], '', false, false];
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (text[at + 1] === '"') field += text[++at]!;
      else quoted = false;
    } else if (letter === '"' && field === '' && !begun) [quoted, begun] = [true, true];
    else if (letter === delimiter) {
      record.push(field);
      [field, begun] = ['', false];
      if (at === text.length - 1 || /[\r\n]/.test(text[at + 1]!)) begun = true;
    } else if (letter === '\n' || letter === '\r') {
      if (letter === '\r' && text[at + 1] === '\n') at += 1;
      end();
    } else [field, begun] = [field + letter, true];
  }
  if (begun || record.length > 0 || quoted) end();
  return records;
}

/** `list(csv.DictReader(io.StringIO(text)))`: the first record names the fields; missing ones are null. */
export function csvRows(text: string): Map<string, string | null | string[]>[] {
  const [names, ...records] = csvRecords(text).filter((record, index) => index === 0 || record.length > 0);
  if (names === undefined) return [];
  return records.map((record) => {
    const row = new Map<string, string | null | string[]>(
      names.map((name, index) => [name, record[index] ?? null]),
    );
    if (record.length > names.length) row.set('None', record.slice(names.length));
    return row;
  });
}
