/**
 * Frames on the control socket of a VM process and on the migration connection: a small JSON message and, where
 * pages travel, a binary body. Layout: u32 length of message and body, u32 length of the message (both big-endian),
 * message, body.
 */

/** A bitmap of the largest VM (16 GiB) is 512 KiB; page frames are far smaller. */
export const FRAME_BYTES_MAX = 4 * 1024 * 1024;
/** Device state with a hundred phases stays below 16 KiB. */
export const MESSAGE_BYTES_MAX = 64 * 1024;
const HEADER_BYTES = 8;

export interface Frame {
  /** Parsed JSON, not checked yet: each door has its own schema. */
  readonly message: unknown;
  readonly body: Buffer;
}

/** The other side does not speak this protocol, or bytes were damaged on the way. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

const NO_BODY = Buffer.alloc(0);

export function encodeFrame(message: object, body: Buffer = NO_BODY): Buffer {
  const text = Buffer.from(JSON.stringify(message));
  const head = Buffer.allocUnsafe(HEADER_BYTES);
  head.writeUInt32BE(text.length + body.length, 0);
  head.writeUInt32BE(text.length, 4);
  return Buffer.concat([head, text, body]);
}

/** Cuts a byte stream into frames; keeps what is incomplete until the next chunk. */
export class FrameParser {
  #chunks: Buffer[] = [];
  #buffered = 0;

  /** @throws FrameError on lengths beyond the limits or a message that is not JSON. */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    if (this.#buffered < HEADER_BYTES) return undefined;
    const head = this.#peek(HEADER_BYTES);
    const length = head.readUInt32BE(0);
    const messageLength = head.readUInt32BE(4);
    if (length > FRAME_BYTES_MAX || messageLength > MESSAGE_BYTES_MAX || messageLength > length)
      throw new FrameError(`a frame of ${length} bytes with a message of ${messageLength} bytes`);
    if (this.#buffered < HEADER_BYTES + length) return undefined;
    const whole = this.#peek(HEADER_BYTES + length);
    this.#drop(HEADER_BYTES + length);
    const bodyAt = HEADER_BYTES + messageLength;
    return {
      message: parseJson(whole.toString('utf8', HEADER_BYTES, bodyAt)),
      body: whole.subarray(bodyAt, HEADER_BYTES + length),
    };
  }

  /** The first bytes in one piece; joins chunks only when the first is too short. */
  #peek(length: number): Buffer {
    const first = this.#chunks[0] ?? NO_BODY;
    if (first.length >= length) return first;
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }

  #drop(length: number): void {
    const first = this.#chunks[0] ?? NO_BODY;
    this.#buffered -= length;
    if (first.length === length) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(length);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FrameError('a message that is not JSON', { cause });
  }
}
