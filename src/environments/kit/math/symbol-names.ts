import { lower, strip } from '../../../python/index.js';
import type { Token } from './tokens.js';
import { constant } from './tree.js';
import type { Expr } from './tree.js';

/** Greek letters to the names of their commands, small letters; those of capital letters are told by the first letter. */
const GREEK: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'α alpha β beta γ gamma Γ Gamma δ delta Δ Delta ε epsilon ϵ varepsilon ζ zeta η eta θ theta Θ Theta ϑ vartheta ' +
    'ι iota κ kappa λ lambda Λ Lambda μ mu ν nu ξ xi ο omicron π pi Π Pi ϖ varpi ρ rho ϱ varrho σ sigma Σ Sigma ' +
    'ς varsigma τ tau υ upsilon Υ Upsilon φ phi Φ Phi ϕ varphi χ chi ψ psi Ψ Psi ω omega Ω Omega'
  )
    .split(' ')
    .flatMap((word, index, words) => (index % 2 === 0 ? [[word, words[index + 1]!]] : [])),
);

/** Accents that are one. */
const ACCENTS: Readonly<Record<string, string>> = {
  overline: 'bar',
  overrightarrow: 'vec',
  widetilde: 'tilde',
};

/** The symbol of a letter, a command or an accented text with an index; small letters and capitals are one. */
export function symbolNamed(head: Token, index: string, real: boolean): Expr {
  const text = strip(head.type === 'ACCENT' ? accentName(head.text) : head.text) + index;
  const letter = GREEK[text.replaceAll('"', '')] ?? text;
  const name = lower(letter.startsWith('\\') ? letter.slice(1) : letter);
  return name === 'pi' ? constant('pi') : { kind: 'symbol', name, real };
}

function accentName(text: string): string {
  const open = text.indexOf('{');
  const accent = text.slice(1, open);
  const content = text.slice(open + 1, -1).replaceAll(' ', '');
  if (accent.includes('text') || accent.includes('mbox')) return content.replaceAll(/[()]/g, '');
  return `${accent.includes('math') ? 'math' : (ACCENTS[accent] ?? accent)}{${content}}`;
}
