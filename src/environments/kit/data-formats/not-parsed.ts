/** The reply is not in the format that it should be in; the message as the original's parser has it, where known. */
export class NotParsed extends Error {}
