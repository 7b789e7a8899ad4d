import { randomBytes } from 'node:crypto';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const LENGTH = 22;

/** `model-` and 22 base58 characters, some 128 bits of chance. */
export function newId(prefix: string, random: (size: number) => Uint8Array = randomBytes): string {
  let rest = BigInt(`0x${Buffer.from(random(16)).toString('hex')}`);
  let text = '';
  while (text.length < LENGTH) {
    text = ALPHABET[Number(rest % 58n)]! + text;
    rest /= 58n;
  }
  return `${prefix}-${text}`;
}
