/**
 * Recordings of sessions: both directions of a stream as lines of text, `MILLISECONDS > HEX` for what was written and
 * `MILLISECONDS < HEX` for what was read, one message a line. Lines that begin with `#` are comments.
 */
import { Duplex } from 'node:stream';
import { Framer } from '../session/framer.ts';
import { systemTimers, type Timers } from '../session/timers.ts';

export type Direction = 'written' | 'read';

export interface RecordedMessage {
  /** Milliseconds since the recording began. */
  readonly atMs: number;
  readonly direction: Direction;
  /** One whole message. */
  readonly bytes: Uint8Array;
}

/** Lines that one recording may have. */
export const LINES_MAX = 1_000_000;
const SIGNS = { written: '>', read: '<' } as const;
const LINE = /^(\d+) ([<>]) ((?:[0-9a-f]{2})+)$/i;

export const formatRecorded = ({ atMs, direction, bytes }: RecordedMessage): string =>
  `${Math.round(atMs)} ${SIGNS[direction]} ${Buffer.from(bytes).toString('hex')}`;

/** Throws an error that names the line when one cannot be read. */
export function parseRecording(text: string): readonly RecordedMessage[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [, at, sign, hex] = LINE.exec(line.trim()) ?? [];
    if (at === undefined || hex === undefined) throw new Error(`line ${index + 1} is no recorded message`);
    const direction = sign === SIGNS.written ? 'written' : 'read';
    return [{ atMs: Number(at), direction, bytes: Uint8Array.from(Buffer.from(hex, 'hex')) }];
  });
}

/**
 * The same stream with an ear at it: `onLine` gets every message of both directions. Hand the result to
 * `controller.adopt` or `device.adopt`; it ends when the stream ends.
 */
export function record(
  stream: Duplex,
  onLine: (line: string) => void,
  timers: Timers = systemTimers,
): Duplex {
  const began = timers.now();
  const ears = { written: new Framer(), read: new Framer() };
  let lines = 0;
  const hear = (direction: Direction, chunk: Uint8Array): void => {
    // What is no OpenFlow passes unheard; the peer will say what it thinks of it.
    try {
      ears[direction].push(chunk, (view, off, end) => {
        if (lines >= LINES_MAX) return;
        lines += 1;
        const bytes = new Uint8Array(view.buffer, view.byteOffset + off, end - off);
        onLine(formatRecorded({ atMs: timers.now() - began, direction, bytes }));
      });
    } catch {
      lines = LINES_MAX;
    }
  };
  return new Tap(stream, hear);
}

class Tap extends Duplex {
  constructor(
    private readonly inner: Duplex,
    private readonly hear: (direction: Direction, chunk: Uint8Array) => void,
  ) {
    super();
    inner.on('data', (chunk: Uint8Array) => {
      this.hear('read', chunk);
      if (!this.push(chunk)) inner.pause();
    });
    inner.on('end', () => this.push(null));
    inner.on('error', (error) => this.destroy(error));
    inner.on('close', () => this.destroy());
  }

  override _read(): void {
    this.inner.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.hear('written', chunk);
    this.inner.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.inner.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.inner.destroy();
    done(error);
  }
}
