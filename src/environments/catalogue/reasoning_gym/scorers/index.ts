import type { Scorer } from '../entry.js';
import { bitwiseArithmetic } from './bitwise.js';
import { codeio } from './code.js';
import * as formulas from './formulas.js';
import * as grids from './grids.js';
import * as moves from './moves.js';
import * as numbers from './numbers.js';
import * as texts from './texts.js';

const each = (names: string, scorer: Scorer): [string, Scorer][] =>
  names.split(' ').map((name) => [name, scorer]);

/** How each dataset of the library is scored; those that only the library itself can score are `null`. */
export const SCORERS: ReadonlyMap<string, Scorer | null> = new Map<string, Scorer | null>([
  ...each(
    'acre aiw arc_1d base_conversion basic_arithmetic bf binary_alternation caesar_cipher count_bits count_primes ' +
      'course_schedule gcd isomorphic_strings largest_island lcm leg_counting letter_counting list_functions ' +
      'mahjong_puzzle maze modulo_grid number_filtering number_sequence ransom_note rotate_matrix rotten_oranges ' +
      'simple_equations simple_geometry string_manipulation string_splitting string_synthesis syllogism ' +
      'word_sequence_reversal',
    texts.within,
  ),
  ...each('ab self_reference', texts.equal),
  ...each('dice zebra_puzzles', texts.equalOneLine),
  ...each('chain_sum products', numbers.decimalOrWithin),
  ...each('sudoku mini_sudoku futoshiki', grids.numberGrid),
  ...each('arc_agi rearc', grids.arcBoard),
  ...each('simple_integration intermediate_integration', formulas.integral),
  ['advanced_geometry', numbers.advancedGeometry],
  ['binary_matrix', grids.binaryMatrix],
  ['bitwise_arithmetic', bitwiseArithmetic],
  ['calendar_arithmetic', numbers.calendarArithmetic],
  ['circuit_logic', texts.circuitLogic],
  ['codeio', codeio],
  ['coin_flip', numbers.coinFlip],
  ['color_cube_rotation', texts.equalFoldedOrSome],
  ['complex_arithmetic', numbers.complexArithmetic],
  ['countdown', formulas.countdown],
  ['cryptarithm', moves.cryptarithm],
  ['decimal_arithmetic', numbers.decimalArithmetic],
  ['decimal_chain_sum', numbers.decimalEqual],
  ['emoji_mystery', texts.emojiMystery],
  ['family_relationships', texts.equalFolded],
  ['figlet_font', texts.figletFont],
  ['fraction_simplification', numbers.fractionSimplification],
  ['game_of_life', grids.gameOfLife],
  ['game_of_life_halting', texts.bothThere],
  ['graph_color', moves.graphColor],
  ['group_anagrams', grids.groupAnagrams],
  ['gsm_symbolic', numbers.gsmSymbolic],
  ['jugs', moves.jugs],
  ['kakurasu', grids.kakurasu],
  ['knight_swap', moves.knightSwap],
  ['knights_knaves', texts.knightsKnaves],
  ['letter_jumble', texts.letterJumble],
  ['manipulate_matrix', grids.manipulateMatrix],
  ['n_queens', grids.nQueens],
  ['needle_haystack', texts.equalWithoutBlanks],
  ['number_format', numbers.numberFormat],
  ['number_sorting', numbers.numberSorting],
  ['palindrome_generation', texts.palindromeGeneration],
  ['palindrome_partitioning', grids.palindromePartitioning],
  ['path_star', texts.equalWords],
  ['polynomial_equations', numbers.polynomialEquations],
  ['polynomial_multiplication', formulas.polynomialMultiplication],
  ['pool_matrix', grids.poolMatrix],
  ['power_function', numbers.powerFunction],
  ['prime_factorization', numbers.primeFactorization],
  ['puzzle24', formulas.puzzle24],
  ['quantum_lock', moves.quantumLock],
  ['rectangle_count', numbers.rectangleCount],
  ['sentence_reordering', texts.sentenceReordering],
  ['shortest_path', moves.shortestPath],
  ['sokoban', moves.sokoban],
  ['spell_backward', texts.spellBackward],
  ['spiral_matrix', grids.spiralMatrix],
  ['string_insertion', grids.stringInsertion],
  ['survo', grids.survo],
  ['time_intervals', numbers.timeIntervals],
  ['tower_of_hanoi', moves.towerOfHanoi],
  ['tsumego', texts.tsumego],
  ['word_ladder', moves.wordLadder],
  ['word_sorting', texts.wordSorting],
  ...['boxnet', 'composite', 'propositional_logic', 'rubiks_cube', 'rush_hour'].map(
    (name): [string, null] => [name, null],
  ),
]);
