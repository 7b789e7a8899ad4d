import { crc32 } from 'node:zlib';

/** `:W&B`, the magic number 0xBEE1 and version 0. */
const FILE_HEADER = Buffer.from([0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0x00]);
const BLOCK = 32_768;
const CHUNK_HEADER = 7;

/** Which part of a record a chunk is, as LevelDB numbers them. */
const FULL = 1;
const FIRST = 2;
const MIDDLE = 3;
const LAST = 4;

function chunk(type: number, data: Uint8Array): Buffer {
  const whole = Buffer.concat([Buffer.alloc(CHUNK_HEADER), data]);
  whole.writeUInt16LE(data.length, 4);
  whole.writeUInt8(type, 6);
  // Over type and data. W&B sums with plain CRC-32, where LevelDB has a masked CRC-32C.
  whole.writeUInt32LE(crc32(whole.subarray(6)), 0);
  return whole;
}

/**
 * The content of a `.wandb` file: records in LevelDB's log format
 * (https://github.com/google/leveldb/blob/main/doc/log_format.md) behind W&B's own header, which is part of the first
 * block.
 */
export function logFile(records: readonly Uint8Array[]): Buffer {
  const pieces: Buffer[] = [FILE_HEADER];
  let position = FILE_HEADER.length;
  const put = (piece: Buffer): void => {
    pieces.push(piece);
    position += piece.length;
  };
  const room = (): number => BLOCK - (position % BLOCK);
  for (const record of records) {
    let start = 0;
    // Not the same as start 0: a first chunk at the very end of a block is empty.
    let first = true;
    do {
      if (room() < CHUNK_HEADER) put(Buffer.alloc(room()));
      const data = record.subarray(start, start + room() - CHUNK_HEADER);
      start += data.length;
      const last = start === record.length;
      put(chunk(last ? (first ? FULL : LAST) : first ? FIRST : MIDDLE, data));
      first = false;
    } while (start < record.length);
  }
  return Buffer.concat(pieces);
}
