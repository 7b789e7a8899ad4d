import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** AES-256-GCM. Unit: bytes. */
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A master key with the name by which envelopes refer to it. */
export interface MasterKey {
  /** First digits of the key's digest; says nothing about the key. */
  readonly id: string;
  readonly key: Buffer;
}

/** A secret at rest: the value under a key of its own, and that key under a master key. All base64. */
export interface Envelope {
  readonly v: 1;
  /** The master key that was used. */
  readonly master: string;
  readonly key: string;
  readonly value: string;
}

export function masterKey(key: Buffer): MasterKey {
  if (key.length !== KEY_BYTES) throw new Error('a master key has 32 bytes');
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 12), key };
}

/** Seals a value. `place` (`workspace/name`) is bound to it: moved elsewhere, it cannot be opened. */
export function seal(value: string, place: string, master: MasterKey): Envelope {
  const key = randomBytes(KEY_BYTES);
  return {
    v: 1,
    master: master.id,
    key: encrypt(key, master.key, place),
    value: encrypt(Buffer.from(value, 'utf8'), key, place),
  };
}

/** Opens an envelope. Throws when it was changed, moved, or sealed by a key that is not among `masters`. */
export function open(envelope: Envelope, place: string, masters: readonly MasterKey[]): string {
  return decrypt(envelope.value, openKey(envelope, place, masters), place).toString('utf8');
}

/** Puts the key of an envelope under another master key; the value is not touched. */
export function rewrap(
  envelope: Envelope,
  place: string,
  masters: readonly MasterKey[],
  to: MasterKey,
): Envelope {
  return { ...envelope, master: to.id, key: encrypt(openKey(envelope, place, masters), to.key, place) };
}

function openKey(envelope: Envelope, place: string, masters: readonly MasterKey[]): Buffer {
  const master = masters.find(({ id }) => id === envelope.master);
  if (master === undefined) throw new Error('sealed by a master key that is not known');
  return decrypt(envelope.key, master.key, place);
}

function encrypt(plain: Buffer, key: Buffer, place: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function decrypt(sealed: string, key: Buffer, place: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(place, 'utf8')).setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
