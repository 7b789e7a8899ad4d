/** `round(value, digits)`: the nearest number with so many digits behind the point; of two, the even one. */
export function roundDigits(value: number, digits: number): number {
  const scaled = value * 10 ** digits;
  // What a double holds exactly half-way between two ends in a half of some power of two.
  const isTie = Math.abs(scaled % 1) === 0.5 && Number.isInteger(value * 2 ** (digits + 1));
  if (!isTie) return Number(value.toFixed(digits));
  return (2 * Math.round(scaled / 2)) / 10 ** digits;
}
