/**
 * Units that math-verify drops at the end of an answer (patterns; those with a blank or a point are what its list comes
 * to). The order means nothing: what is dropped ends with the text.
 */
export const UNITS: readonly string[] = [
  'integerpoint feet sue digit pound meal edge student multiple east degree mph kmph ft deg mile monkey prime ratio',
  'rd o gm lb tile per dm lt gain ab way west t h men soldier pie bc excess st inches noon cent by gal kmh c acre rise',
  'th sq mark l toy coin gallon profit minw yr women am pm hr square are rupee rounds cubic cc mtr s ohm number day',
  'hour minute min second man woman sec cube mt mp hectare more unit rs kg g month km m cm mm apple liter loss yard',
  'pure year increase decrease d less Surface litre metre meter inch',
]
  .flatMap((words) => words.split(' '))
  .concat(
    'children ticket,m square, m east,sq m,q .,profit of rs,p . m,a .,b .,c .,d .,e .,f .,g .,h .,no change'.split(
      ',',
    ),
    'a . m,π r 2,sq . m,° f,cu cm,v â € ™,sq inch,∏ cm ³,cu . m,cm 2,rs .,pi sq m,s .'.split(','),
  );
