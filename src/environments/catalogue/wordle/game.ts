import { characters, isAlpha, upper } from '../../../python/index.js';

const WIN = 2;
const PER_TURN = 0.2;
const LEAST_WIN = 0.1;
const COST = {
  repeated: -0.2,
  green: -0.05,
  yellow: -0.03,
  eliminated: -0.02,
  invalid: -0.02,
} as const;

/** What a guess comes to, in the order in which the model reads it. */
export interface Outcome {
  readonly valid: boolean;
  readonly feedback: string | null;
  readonly won: boolean;
  readonly game_over: boolean;
  readonly turn: number;
  readonly turns_remaining: number;
  readonly error: string | null;
  readonly target_word: string | null;
}

const display = (letters: Iterable<string>): string[] => Array.from(letters, upper).sort();

/** One game: a hidden word, and what is known of it. */
export class Game {
  turn = 0;
  over = false;
  won = false;
  /** What the guesses so far have cost, and what the win has brought. */
  reward = 0;
  readonly #guesses: string[] = [];
  readonly #feedback: string[] = [];
  /** Letters that are known by their places. */
  readonly #greens = new Map<number, string>();
  readonly #yellows = new Set<string>();
  readonly #eliminated = new Set<string>();

  constructor(
    private readonly target: string,
    private readonly length: number,
    private readonly turns: number,
    private readonly words: ReadonlySet<string>,
  ) {}

  /** Every guess takes a turn, also one that is no word. */
  guess(word: string): Outcome {
    if (this.over) {
      return this.#outcome(
        { valid: false, error: 'Game is already over.', target_word: upper(this.target) },
        0,
      );
    }
    this.turn += 1;
    const error = this.#fault(word);
    if (error !== null) {
      this.reward += COST.invalid;
      this.#endOfTurn();
      return this.#outcome({ valid: false, error, won: false });
    }
    const feedback = feedbackOf(word, this.target);
    if (word === this.target) {
      [this.won, this.over] = [true, true];
      // The first turn pays like the third: a lucky first guess is no skill.
      this.reward += WIN - PER_TURN * ((this.turn === 1 ? 3 : this.turn) - 1);
      this.reward = Math.max(this.reward, LEAST_WIN);
    } else {
      this.reward += this.#cost(word);
      this.#learn(word, feedback);
    }
    this.#guesses.push(word);
    this.#feedback.push(feedback);
    if (this.won) return this.#outcome({ valid: true, feedback, target_word: upper(this.target) }, 0);
    this.#endOfTurn();
    return this.#outcome({ valid: true, feedback, target_word: this.over ? upper(this.target) : null });
  }

  /** Whether a word may be guessed, and why not. */
  check(word: string): { valid: boolean; reason: string } {
    const { length } = characters(word);
    if (length !== this.length) {
      return { valid: false, reason: `Word must be ${this.length} letters, got ${length}` };
    }
    if (!isAlpha(word)) return { valid: false, reason: 'Word must contain only letters' };
    if (!this.words.has(word)) return { valid: false, reason: `'${word}' is not a valid English word` };
    return { valid: true, reason: 'Valid word' };
  }

  state() {
    return {
      turn: this.turn,
      turns_remaining: this.turns - this.turn,
      guesses: this.#guesses.map(upper),
      feedback_history: this.#feedback,
      known_greens: Object.fromEntries(
        [...this.#greens].map(([at, letter]) => [String(at + 1), upper(letter)]),
      ),
      known_yellows: display(this.#yellows),
      eliminated_letters: display(this.#eliminated),
      game_over: this.over,
      won: this.won,
    };
  }

  #fault(word: string): string | null {
    const { length } = characters(word);
    if (length !== this.length) return `Guess must be ${this.length} letters. Got ${length} letters.`;
    return this.words.has(word) ? null : `'${word}' is not a valid English word.`;
  }

  #endOfTurn(): void {
    if (this.turn < this.turns) return;
    [this.over, this.reward] = [true, 0];
  }

  #outcome(known: Partial<Outcome>, left = Math.max(0, this.turns - this.turn)): Outcome {
    return {
      valid: false,
      feedback: null,
      won: this.won,
      game_over: this.over,
      turn: this.turn,
      turns_remaining: left,
      error: null,
      target_word: null,
      ...known,
    };
  }

  /** What it costs to guess against what is known. */
  #cost(word: string): number {
    const letters = characters(word);
    let cost = this.#guesses.includes(word) ? COST.repeated : 0;
    for (const [at, letter] of this.#greens) if (letters[at] !== letter) cost += COST.green;
    if (this.#yellows.size > 0 && !letters.some((letter) => this.#yellows.has(letter))) cost += COST.yellow;
    for (const letter of letters) if (this.#eliminated.has(letter)) cost += COST.eliminated;
    return cost;
  }

  #learn(word: string, feedback: string): void {
    const letters = characters(word);
    for (const [at, letter] of letters.entries()) {
      if (feedback[at] === 'G') this.#greens.set(at, letter);
      else if (feedback[at] === 'Y') this.#yellows.add(letter);
    }
    // Last, so that a letter that stands elsewhere in this word is not given up.
    const known = new Set([...this.#greens.values(), ...this.#yellows]);
    for (const [at, letter] of letters.entries()) {
      if (feedback[at] === '_' && !known.has(letter)) this.#eliminated.add(letter);
    }
  }
}

/** `G` in place, `Y` elsewhere in the word, `_` not in it; each letter of the word counts once, those in place first. */
function feedbackOf(guess: string, target: string): string {
  const [given, left] = [characters(guess), characters(target) as (string | null)[]];
  const marks = given.map((letter, at): string => {
    if (letter !== left[at]) return '_';
    left[at] = null;
    return 'G';
  });
  for (const [at, letter] of given.entries()) {
    const found = marks[at] === 'G' ? -1 : left.indexOf(letter);
    if (found === -1) continue;
    [marks[at], left[found]] = ['Y', null];
  }
  return marks.join('');
}
