/**
 * Cuts a byte stream into JSON values. QMP promises no delimiter, so the end of a value is found by its brackets,
 * strings taken into account; bytes of a multibyte character are never mistaken for any of these in UTF-8.
 */

/** query-qmp-schema, the longest answer, has about 250 kB in today's QEMU. */
export const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
/** QEMU's own parser stops at 1024; what it says is less than ten deep. */
export const MESSAGE_DEPTH_MAX = 128;

/** The stream is no sequence of JSON objects or goes beyond a limit; it cannot be read any further. */
export class JsonStreamError extends Error {
  override readonly name = 'JsonStreamError';
  constructor(
    readonly code: 'not_an_object' | 'not_json' | 'too_long' | 'too_deep',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface JsonStream {
  /** Takes the next bytes and returns the values they complete. @throws JsonStreamError */
  push(chunk: Uint8Array): readonly unknown[];
  /** Whether a value has begun and not ended. */
  readonly isMidway: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

export function jsonStream(
  limits: { readonly bytesMax?: number; readonly depthMax?: number } = {},
): JsonStream {
  const { bytesMax = MESSAGE_BYTES_MAX, depthMax = MESSAGE_DEPTH_MAX } = limits;
  let parts: Uint8Array[] = [];
  let length = 0;
  let depth = 0;
  let inString = false;
  let isEscaped = false;

  /** Whether the value that this byte belongs to ends with it. */
  function ends(byte: number): boolean {
    if (inString) {
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) inString = false;
      return false;
    }
    if (byte === QUOTE) inString = true;
    else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) depth -= 1;
    if (depth > depthMax) throw new JsonStreamError('too_deep', `a value nests deeper than ${depthMax}`);
    return depth === 0;
  }

  function keep(part: Uint8Array): void {
    length += part.length;
    if (length > bytesMax) throw new JsonStreamError('too_long', `a value is longer than ${bytesMax} bytes`);
    parts.push(part);
  }

  function take(): unknown {
    const whole = Buffer.concat(parts);
    parts = [];
    length = 0;
    return parse(whole);
  }

  return {
    get isMidway() {
      return depth > 0;
    },
    push(chunk) {
      const values: unknown[] = [];
      let begin = 0;
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at] ?? 0;
        if (depth === 0) {
          begin = at;
          if (SPACE.has(byte)) {
            begin = at + 1;
            continue;
          }
          if (!OPENING.has(byte))
            throw new JsonStreamError('not_an_object', `byte 0x${byte.toString(16)} begins no JSON object`);
        }
        if (!ends(byte)) continue;
        keep(chunk.subarray(begin, at + 1));
        values.push(take());
        begin = at + 1;
      }
      // A copy: the chunk may be reused by whoever read it.
      if (begin < chunk.length) keep(Uint8Array.from(chunk.subarray(begin)));
      return values;
    },
  };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new JsonStreamError('not_json', `a value is not JSON in UTF-8: ${String(cause)}`, { cause });
  }
}
