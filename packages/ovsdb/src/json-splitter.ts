/**
 * Cuts a byte stream into JSON texts. ovsdb-server writes one object after the other without any delimiter, so
 * the end of a text is where its outermost bracket closes. Only brackets and strings are looked at: no byte of a
 * multi-byte UTF-8 character is ASCII, so a character cut in two by a chunk does not matter. `JSON.parse` judges
 * the rest.
 */
import { protocolViolation } from './error.ts';

/** A first snapshot of a switch with thousands of ports is a few MB; 64 MB is a broken or hostile peer. */
export const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
/** The deepest legal message, a schema or a table update, has about 12 levels. */
export const DEPTH_MAX = 64;

export interface SplitterLimits {
  readonly messageBytesMax?: number;
  readonly depthMax?: number;
}

export class JsonSplitter {
  readonly #bytesMax: number;
  readonly #depthMax: number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** The text under way, in the pieces in which it came. */
  #pieces: Uint8Array[] = [];
  #size = 0;
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
    let start = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] ?? 0;
      if (this.#depth === 0) {
        if (isSpace(byte)) continue;
        if (!isOpening(byte)) throw protocolViolation(`byte 0x${byte.toString(16)} between two JSON texts`);
        start = index;
        this.#depth = 1;
      } else if (this.#scan(byte)) {
        this.#keep(chunk.subarray(start, index + 1));
        texts.push(this.#take());
      }
    }
    if (this.#depth > 0) this.#keep(chunk.slice(start));
    return texts;
  }

  /** Whether a text has begun and not ended. */
  get isInsideText(): boolean {
    return this.#depth > 0;
  }

  /** Whether this byte closes the outermost bracket. */
  #scan(byte: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return false;
    }
    if (byte === QUOTE) this.#inString = true;
    else if (isOpening(byte)) {
      this.#depth += 1;
      if (this.#depth > this.#depthMax) throw protocolViolation(`JSON nested deeper than ${this.#depthMax}`);
    } else if (isClosing(byte)) this.#depth -= 1;
    return this.#depth === 0;
  }

  #keep(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size > this.#bytesMax)
      throw protocolViolation(`a JSON text of more than ${this.#bytesMax} bytes`);
    this.#pieces.push(piece);
  }

  #take(): string {
    const [first, ...rest] = this.#pieces;
    const whole = first && rest.length === 0 ? first : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#size = 0;
    try {
      return this.#decoder.decode(whole);
    } catch (cause) {
      throw protocolViolation('a JSON text that is not UTF-8', { cause });
    }
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const isOpening = (byte: number): boolean => byte === 0x7b || byte === 0x5b;
const isClosing = (byte: number): boolean => byte === 0x7d || byte === 0x5d;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
