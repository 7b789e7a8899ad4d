/*
 * The pieces that latex2sympy2_extended 1.10.2 takes LaTeX apart into. What it reads alike has one type here; the rest of
 * what it knows, of which no sense is made here, is "OTHER".
 */

const raw = String.raw;
const command = (names: string): string => raw`\\(?:${names.split(' ').join('|')})`;

const SPACE = raw`[ \t\r\n]`;
const NUMBER = raw`(?:[0-9]+|[0-9]*\.[0-9]+)`;
const PERCENT = raw`(?:\\%|%)`;

const GREEK_COMMANDS =
  'alpha beta gamma Gamma delta Delta epsilon varepsilon zeta eta theta Theta vartheta iota kappa lambda Lambda mu nu xi ' +
  'Xi omicron pi Pi varpi rho varrho sigma Sigma varsigma tau upsilon Upsilon phi Phi varphi chi psi Psi omega Omega';
const GREEK_LETTERS = 'αβγΓδΔεϵζηθΘϑικλΛμνξΞοπΠϖρϱσΣςτυΥφΦϕχψΨωΩ';
/** By the number of a character, as some programs write capitals. */
const GREEK_NUMBERS =
  '000391 000392 000190 000396 000397 000399 00039A 00039C 00039D 00039F 0003A1 0003A4 0003A7'
    .split(' ')
    .join('|');

const OTHER_SYMBOLS =
  'Bbbk wp nabla bigstar angle nexists diagdown measuredangle eth diagup sphericalangle clubsuit varnothing Diamond ' +
  'complement diamondsuit imath Finv triangledown heartsuit jmath Game triangle spadesuit ell hbar vartriangle hslash ' +
  'blacklozenge lozenge blacksquare mho blacktriangle sharp prime Im flat square backprime Re natural surd circledS';

const ACCENTS =
  'acute bar overline breve check widecheck dot ddot grave hat tilde widetilde vec overrightarrow bm boldsymbol text textit ' +
  'textbf textnormal mathbb mathbin mathbf mathcal mathclap mathclose mathellipsis mathfrak mathinner mathit mathnormal ' +
  'mathop mathopen mathord mathpunct mathrel mathring mathrlap mathrm mathscr mathsf mathsterling mathtt mbox';

const FUNCTIONS =
  'log ln exp sin cos tan csc sec cot arcsin arccos arctan arccsc arcsec arccot sinh cosh tanh arsinh arcosh artanh ' +
  'arcsinh arccosh arctanh floor ceil det';

/** Names that are read as a whole, though they are letters, and mean something after `\operatorname` only. */
const WORDS =
  'arsinh arcsinh arcosh arccosh artanh arctanh gcd lcm floor ceil eye zeros ones cols rows diag norm rank trace tr rref ' +
  'hstack vstack orth ortho orthogonal orthogonalize nullspace eig eigen diagonalize eigenvals eigenvalues eigenvects ' +
  'eigenvectors svd SVD matrix pmatrix bmatrix vmatrix';

const MATRICES = '(?:matrix|pmatrix|bmatrix)';

/** Types with their patterns, in order; '' is left out. */
export const TOKEN_TYPES: readonly (readonly [type: string, pattern: string])[] = [
  ['TRANSPOSE', raw`\^T|\^\{T\}|\^\{\\\top\}|'`],
  ['DEGREE', raw`\^(?:\\circ|\\degree|\\circle|°|\{(?:\\circ|\\degree|\\circle|°)\})`],
  ['', `${SPACE}+`],
  ['', raw`\\[,:;!$]`],
  ['', command('thinspace medspace thickspace quad qquad negthinspace negmedspace negthickspace')],
  ['', command('vrule vcenter vbox vskip vspace hfil')],
  ['ADD', '[+∔⊕⊞]'],
  ['SUB', '[-−∸]'],
  ['MUL', '[*×∗-∙⊗⊠-⊡⋄-⋆⋈-⋊]'],
  ['DIV', raw`[/÷∕]|\\over`],
  ['L_PAREN', raw`\(`],
  ['R_PAREN', raw`\)`],
  ['L_PAREN_VISUAL', raw`\\\(`],
  ['R_PAREN_VISUAL', raw`\\\)`],
  ['L_GROUP', command('lgroup')],
  ['R_GROUP', command('rgroup')],
  ['L_BRACE', raw`\{`],
  ['R_BRACE', raw`\}`],
  ['L_BRACE_VISUAL', raw`\\\{`],
  ['R_BRACE_VISUAL', raw`\\\}`],
  ['L_BRACE_CMD', command('lbrace')],
  ['R_BRACE_CMD', command('rbrace')],
  ['L_BRACKET', raw`\[`],
  ['R_BRACKET', raw`\]`],
  ['L_BRACK', command('lbrack')],
  ['R_BRACK', command('rbrack')],
  ['PHANTOM_CMD', command('phantom')],
  ['BOXED_CMD', command('boxed')],
  ['BAR', raw`\|`],
  ['L_VERT', command('lvert')],
  ['R_VERT', command('rvert')],
  ['VERT', command('vert')],
  ['NORM', raw`\\\|`],
  ['L_ANGLE', command('langle')],
  ['R_ANGLE', command('rangle')],
  ['L_FLOOR', command('lfloor')],
  ['R_FLOOR', command('rfloor')],
  ['LL_CORNER', command('llcorner')],
  ['LR_CORNER', command('lrcorner')],
  ['L_CEIL', command('lceil')],
  ['R_CEIL', command('rceil')],
  ['UL_CORNER', command('ulcorner')],
  ['UR_CORNER', command('urcorner')],
  ['FUNC_LIM', command('lim')],
  ['LIM_APPROACH_SYM', command('to rightarrow Rightarrow longrightarrow Longrightarrow')],
  ['FUNC_INT', command('int')],
  ['FUNC_SUM', command('sum')],
  ['FUNC_PROD', command('prod')],
  ['FUNC_NAME', `(?:${longestFirst(FUNCTIONS)})`],
  ['OTHER', WORDS.split(' ').sort(byLength).join('|')],
  ['FUNC_SQRT', command('sqrt')],
  ['MULTI_FUNC_NAME', command('gcd lcm max min')],
  ['CMD_TIMES', command('times')],
  ['CMD_CDOT', command('cdot')],
  ['CMD_DIV', command('div')],
  ['CMD_FRAC', command('frac dfrac tfrac cfrac')],
  ['CMD_BINOM', command('binom tbinom dbinom')],
  ['CMD_CHOOSE', command('choose')],
  ['CMD_MOD', command('mod')],
  ['OTHER', command('mathit operatorname')],
  ['CMD_MATRIX_START', raw`\\begin\{${MATRICES}\}`],
  ['CMD_MATRIX_END', raw`\\end\{${MATRICES}\}`],
  ['CMD_ARRAY_START', raw`\\begin\{array\}\{[clr]*\}`],
  ['CMD_ARRAY_END', raw`\\end\{array\}`],
  ['CMD_DET_START', raw`\\begin\{vmatrix\}`],
  ['CMD_DET_END', raw`\\end\{vmatrix\}`],
  ['MATRIX_DEL_COL', '&'],
  ['MATRIX_DEL_ROW', raw`\\\\`],
  ['UNDERSCORE', '_'],
  ['CARET', raw`\^`],
  ['COLON', ':'],
  ['SEMICOLON', ';'],
  ['COMMA', ','],
  ['OTHER', raw`\.`],
  ['DIFFERENTIAL', raw`d${SPACE}*?(?:[A-Za-z]|\\[A-Za-z]+)`],
  ['EXP_E', raw`e|\\exponentialE`],
  ['E_NOTATION_E', 'E'],
  ['LETTER_NO_E', '[A-DF-Za-df-z]'],
  ['OTHER', command('xrightarrow xRightarrow')],
  ['OTHER', raw`<->|<=>|\\leftrightarrow|\\Leftrightarrow`],
  ['NUMBER', raw`[0-9]*\.[0-9]+|[0-9]+`],
  ['E_NOTATION', raw`${NUMBER}E[-−∸+∔⊕⊞]?[0-9]+|[0-9]*\.[0-9]+E[-−∸+∔⊕⊞]?[0-9]+`],
  ['IN', command('in')],
  ['ASSIGNMENT', '[=≎-≗≟≡≣]'],
  ['EQUAL', raw`==|\\equiv`],
  ['APPROX', raw`~=|[≃≅≈≊-≋]|\\approx`],
  ['LT', raw`[<≪≺⋖]|\\lt`],
  ['LTE', raw`\\leqslant|\\leq|\\le|[≤≦≲≾]|<=`],
  ['GT', raw`[>≫≻⋗]|\\gt`],
  ['GTE', raw`\\geqslant|\\geq|\\ge|[≥≧≳≿]|>=`],
  ['UNEQUAL', raw`!==|!=|\\neq|\\ne|\\not\\equiv|[≁≄≇≉≠≢]`],
  ['BANG', '!'],
  ['PERCENT_NUMBER', raw`(?:[0-9]*\.[0-9]+|[0-9]+)${SPACE}?${PERCENT}`],
  ['GREEK_CMD', raw`(?:${longestFirst(GREEK_COMMANDS)}|[${GREEK_LETTERS}]|\\char"?(?:${GREEK_NUMBERS})) ?`],
  ['OTHER_SYMBOL_CMD', raw`(?:${longestFirst(OTHER_SYMBOLS)}|[ℵ-ℸ]) ?`],
  ['SYMBOL', raw`\\partial|\\\$\\infty|\\infty${PERCENT}?`],
  ['OTHER', raw`\\variable\{[^{}]*(?:\{[^{}]*\})?\}${PERCENT}?`],
  ['SET_NATURALS', raw`\\mathbb\{N\}|ℕ`],
  ['SET_INTEGERS', raw`\\mathbb\{Z\}|ℤ`],
  ['SET_RATIONALS', raw`\\mathbb\{Q\}|ℚ`],
  ['SET_REALS', raw`\\mathbb\{R\}|ℝ`],
  ['SET_COMPLEX', raw`\\mathbb\{C\}|ℂ`],
  ['SET_PRIMES', raw`\\mathbb\{P\}|ℙ`],
  ['ACCENT', raw`(?:${longestFirst(ACCENTS)})${SPACE}?\{(?:\\\}|[^}])*?\}`],
  ['UNION', raw`\\cup|∪`],
  ['INTERSECTION', raw`\\cap|∩`],
  ['SET_MINUS', raw`\\setminus|∖`],
  ['PLUS_MINUS', raw`\\pm|[±∓]|\\mp`],
  ['SET_EMPTY', raw`\\emptyset|∅|\\\{\\\}|\\lbrace\\rbrace`],
  ['SUPSET', raw`\\supseteq|⊇`],
  ['SUBSET', raw`\\subseteq|⊆`],
  ['NOTIN', raw`\\notin|∉`],
];

function byLength(a: string, b: string): number {
  return b.length - a.length;
}

/** Commands, of which one may begin with another. */
function longestFirst(names: string): string {
  return command(names.split(' ').sort(byLength).join(' '));
}
