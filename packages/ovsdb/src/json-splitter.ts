/**
 * Cuts a byte stream into JSON texts. ovsdb-server writes one object after the other without any delimiter, so
 * the end of a text is where its outermost bracket closes. Only brackets and strings are looked at: no byte of a
 * multi-byte UTF-8 character is ASCII, so a character cut in two by a chunk does not matter. `parseJson` judges
 * the rest.
 */
import { isUtf8 } from 'node:buffer';
import { protocolViolation } from './error.ts';

/** A first snapshot of a switch with thousands of ports is a few MB; 64 MB is a broken or hostile peer. */
export const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
/** The deepest legal message, a schema or a table update, has about 12 levels. */
export const DEPTH_MAX = 64;
/** First size of the memory for a text that comes in pieces; it doubles. */
const HELD_BYTES_MIN = 64 * 1024;

export interface SplitterLimits {
  readonly messageBytesMax?: number;
  readonly depthMax?: number;
}

export class JsonSplitter {
  readonly #bytesMax: number;
  readonly #depthMax: number;
  /** The beginning of the text under way. One block, so that a peer that sends byte by byte costs no more. */
  #held = Buffer.alloc(0);
  #heldBytes = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor(limits: SplitterLimits = {}) {
    this.#bytesMax = limits.messageBytesMax ?? MESSAGE_BYTES_MAX;
    this.#depthMax = limits.depthMax ?? DEPTH_MAX;
  }

  /** The texts that this chunk completes. Throws `protocol_violation`; the splitter is of no use afterwards. */
  push(chunk: Uint8Array): string[] {
    const texts: string[] = [];
    const depthMax = this.#depthMax;
    let [depth, inString, escaped, start] = [this.#depth, this.#inString, this.#escaped, 0];
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] ?? 0;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
        continue;
      }
      const kind = KINDS[byte];
      if (kind === ORDINARY && depth > 0) continue;
      if (kind === OPENING) {
        if (depth === 0) start = index;
        depth += 1;
        if (depth > depthMax) throw protocolViolation(`JSON nested deeper than ${depthMax}`);
      } else if (depth === 0) {
        if (kind !== SPACE) throw protocolViolation(`byte 0x${byte.toString(16)} between two JSON texts`);
      } else if (kind === QUOTING) inString = true;
      else if (kind === CLOSING) {
        depth -= 1;
        if (depth === 0) texts.push(this.#finish(chunk.subarray(start, index + 1)));
      }
    }
    if (depth > 0) this.#hold(chunk.subarray(start));
    this.#depth = depth;
    this.#inString = inString;
    this.#escaped = escaped;
    return texts;
  }

  /** Whether a text has begun and not ended. */
  get isInsideText(): boolean {
    return this.#depth > 0;
  }

  #hold(piece: Uint8Array): void {
    const needed = this.#heldBytes + piece.length;
    this.#checkSize(needed);
    if (needed > this.#held.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(HELD_BYTES_MIN, needed, this.#held.length * 2));
      this.#held.copy(larger, 0, 0, this.#heldBytes);
      this.#held = larger;
    }
    this.#held.set(piece, this.#heldBytes);
    this.#heldBytes = needed;
  }

  #finish(piece: Uint8Array): string {
    if (this.#heldBytes === 0) {
      this.#checkSize(piece.length);
      return decode(piece);
    }
    this.#hold(piece);
    const text = decode(this.#held.subarray(0, this.#heldBytes));
    this.#held = Buffer.alloc(0);
    this.#heldBytes = 0;
    return text;
  }

  #checkSize(bytes: number): void {
    if (bytes > this.#bytesMax) throw protocolViolation(`a JSON text of more than ${this.#bytesMax} bytes`);
  }
}

function decode(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw protocolViolation('a JSON text that is not UTF-8');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [ORDINARY, OPENING, CLOSING, QUOTING, SPACE] = [0, 1, 2, 3, 4];
/** What each byte means outside a string. */
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if ('[{'.includes(character)) return OPENING;
  if (']}'.includes(character)) return CLOSING;
  if (character === '"') return QUOTING;
  return ' \t\n\r'.includes(character) ? SPACE : ORDINARY;
});
