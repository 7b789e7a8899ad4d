/** Numbers that grow at the end; NaN where nothing was set. 8 bytes each. */
export class NumberColumn {
  private values = new Float64Array(64).fill(Number.NaN);

  get(row: number): number {
    return row < this.values.length ? this.values[row]! : Number.NaN;
  }

  set(row: number, value: number): void {
    if (row >= this.values.length) {
      const grown = new Float64Array(Math.max(row + 1, this.values.length * 2)).fill(Number.NaN);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[row] = value;
  }
}

/** Words that repeat, each stored once; a row holds a number. */
export class WordColumn {
  readonly words: string[] = [];
  private readonly ids = new Map<string, number>();
  private readonly column = new NumberColumn();

  get(row: number): string | null {
    const id = this.column.get(row);
    return Number.isNaN(id) ? null : this.words[id]!;
  }

  /** The word's number, −1 for none. */
  id(row: number): number {
    const id = this.column.get(row);
    return Number.isNaN(id) ? -1 : id;
  }

  set(row: number, word: string): void {
    let id = this.ids.get(word);
    if (id === undefined) {
      id = this.words.push(word) - 1;
      this.ids.set(word, id);
    }
    this.column.set(row, id);
  }
}
