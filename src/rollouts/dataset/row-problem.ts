/** Why a line of the dataset cannot be used. */
export class RowProblem extends Error {
  override readonly name = 'RowProblem';

  constructor(
    message: string,
    /** How to put it right, where the general words do not say. */
    readonly hint = '',
  ) {
    super(message);
  }
}
