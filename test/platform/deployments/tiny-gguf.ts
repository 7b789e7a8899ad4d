import { writeFileSync } from 'node:fs';

const WIDTH = 32;
const ALIGNMENT = 32;

/** Types of values in the file (GGUF specification, version 3). */
const [UINT32, INT32, FLOAT32, STRING, ARRAY] = [4, 5, 6, 8, 9];

/** A model of one layer with weights that mean nothing, in llama.cpp's file format: enough to be loaded and to answer. */
export function writeTinyModel(file: string): void {
  const tokens = vocabulary();
  const fields = [
    field('general.architecture', STRING, text('llama')),
    field('general.name', STRING, text('tiny')),
    ...Object.entries({
      'llama.block_count': 1,
      'llama.context_length': 512,
      'llama.embedding_length': WIDTH,
      'llama.feed_forward_length': WIDTH,
      'llama.attention.head_count': 2,
      'llama.attention.head_count_kv': 2,
      'llama.rope.dimension_count': WIDTH / 2,
      'llama.vocab_size': tokens.length,
      'tokenizer.ggml.bos_token_id': 1,
      'tokenizer.ggml.eos_token_id': 2,
      'tokenizer.ggml.unknown_token_id': 0,
    }).map(([key, value]) => field(key, UINT32, uint32(value))),
    field('llama.attention.layer_norm_rms_epsilon', FLOAT32, float32(1e-5)),
    field('tokenizer.ggml.model', STRING, text('llama')),
    field(
      'tokenizer.ggml.tokens',
      ARRAY,
      list(
        STRING,
        tokens.map(({ token }) => text(token)),
      ),
    ),
    field(
      'tokenizer.ggml.scores',
      ARRAY,
      list(
        FLOAT32,
        tokens.map(() => float32(0)),
      ),
    ),
    field(
      'tokenizer.ggml.token_type',
      ARRAY,
      list(
        INT32,
        tokens.map(({ type }) => uint32(type)),
      ),
    ),
    field('tokenizer.chat_template', STRING, text('{% for m in messages %}{{ m.content }}{% endfor %}')),
  ];
  const tensors = tensorsOf(tokens.length);
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    uint32(3),
    uint64(tensors.length),
    uint64(fields.length),
    ...fields,
  ]);
  let offset = 0;
  const infos = tensors.map(({ name, shape }) => {
    const info = Buffer.concat([
      text(name),
      uint32(shape.length),
      ...shape.map(uint64),
      uint32(0),
      uint64(offset),
    ]);
    offset += padded(sizeOf(shape) * 4);
    return info;
  });
  const front = Buffer.concat([head, ...infos]);
  const gap = Buffer.alloc(padded(front.length) - front.length);
  writeFileSync(
    file,
    Buffer.concat([front, gap, ...tensors.map(({ name, shape }) => weights(name, sizeOf(shape)))]),
  );
}

function vocabulary(): { token: string; type: number }[] {
  const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');
  return [
    { token: '<unk>', type: 2 },
    { token: '<s>', type: 3 },
    { token: '</s>', type: 3 },
    ...Array.from({ length: 256 }, (_, byte) => ({ token: `<0x${hex(byte)}>`, type: 6 })),
    ...'▁ a b c d e f g h i j k l m n o p q r s t u v w x y z'
      .split(' ')
      .map((token) => ({ token, type: 1 })),
  ];
}

function tensorsOf(tokens: number): { name: string; shape: number[] }[] {
  const square = [WIDTH, WIDTH];
  const layer = ['attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down'];
  return [
    { name: 'token_embd.weight', shape: [WIDTH, tokens] },
    { name: 'output_norm.weight', shape: [WIDTH] },
    { name: 'output.weight', shape: [WIDTH, tokens] },
    { name: 'blk.0.attn_norm.weight', shape: [WIDTH] },
    { name: 'blk.0.ffn_norm.weight', shape: [WIDTH] },
    ...layer.map((part) => ({ name: `blk.0.${part}.weight`, shape: square })),
  ];
}

/** Always the same numbers: ones for norms, small ones for all others. */
function weights(name: string, count: number): Buffer {
  const bytes = Buffer.alloc(padded(count * 4));
  let state = name.length;
  for (let at = 0; at < count; at += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    bytes.writeFloatLE(name.includes('norm') ? 1 : state / 2_147_483_648 - 0.5, at * 4);
  }
  return bytes;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, each) => size * each, 1);
const padded = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

function field(key: string, type: number, value: Buffer): Buffer {
  return Buffer.concat([text(key), uint32(type), value]);
}

function list(type: number, items: readonly Buffer[]): Buffer {
  return Buffer.concat([uint32(type), uint64(items.length), ...items]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}
