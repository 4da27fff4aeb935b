/** Plays one side of a recording against the other: a controller without its switch, or a switch without its controller. */
import type { Duplex } from 'node:stream';
import { Framer } from '../session/framer.ts';
import { systemTimers, type Timers } from '../session/timers.ts';
import type { Direction, RecordedMessage } from './recorder.ts';

export interface ReplayOptions {
  /** Which side is played: what the recorder had read, or what it had written. Default `read`. */
  readonly play?: Direction;
  /** How long one message of the other side may take. Default 5,000. */
  readonly timeoutMs?: number;
  readonly timers?: Timers;
}

/** How a message of the other side compares with what was recorded. */
export interface Replayed {
  readonly expected: Uint8Array;
  readonly actual: Uint8Array;
  /** The same bytes but for the xid, which is free. */
  readonly isSame: boolean;
}

const XID = { from: 4, to: 8 } as const;
const TYPE = 1;
const HELLO = 0;
const ECHO_REQUEST = 2;
const ECHO_REPLY = 3;
const REPLAY_TIMEOUT_MS = 5_000;

/**
 * Says what the recorded side said, in its order, and waits for the other side where the recording has its messages. A
 * reply carries the xid of the request that now stands in the place of the recorded one. Echoes are left out. Rejects when the
 * other side leaves or says too little in time. The stream stays open.
 */
export async function replay(
  stream: Duplex,
  recording: readonly RecordedMessage[],
  options: ReplayOptions = {},
): Promise<readonly Replayed[]> {
  const { play = 'read', timeoutMs = REPLAY_TIMEOUT_MS, timers = systemTimers } = options;
  const inbox = new Inbox(stream, timers, timeoutMs);
  const xids = new Map<number, number>();
  const replayed: Replayed[] = [];
  try {
    for (const { direction, bytes } of recording) {
      if (isEcho(bytes)) continue;
      if (direction === play) {
        const xid = xids.get(xidOf(bytes));
        stream.write(xid === undefined ? bytes : withXid(bytes, xid));
      } else {
        const actual = await inbox.next();
        xids.set(xidOf(bytes), xidOf(actual));
        replayed.push({ expected: bytes, actual, isSame: isSame(bytes, actual) });
      }
    }
  } finally {
    inbox.stop();
  }
  return replayed;
}

const isEcho = (bytes: Uint8Array): boolean => bytes[TYPE] === ECHO_REQUEST || bytes[TYPE] === ECHO_REPLY;

const xidOf = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(XID.from);

function withXid(bytes: Uint8Array, xid: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(XID.from, xid);
  return copy;
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  // Bundles repeat their xid inside; a hello may name other versions.
  a[TYPE] === HELLO
    ? b[TYPE] === HELLO
    : a.length === b.length && a.every((byte, at) => (at >= XID.from && at < XID.to) || byte === b[at]);

class Inbox {
  private readonly framer = new Framer();
  private readonly waiting: Uint8Array[] = [];
  private wake: (() => void) | undefined;
  private failure: Error | undefined;
  private readonly onData = (chunk: Uint8Array): void => {
    try {
      this.framer.push(chunk, (view, off, end) => {
        const bytes = new Uint8Array(view.buffer, view.byteOffset + off, end - off).slice();
        if (!isEcho(bytes)) this.waiting.push(bytes);
      });
    } catch (error) {
      this.failure = error as Error;
    }
    this.wake?.();
  };
  private readonly onClose = (): void => {
    this.failure ??= new Error('the other side left before the recording was over');
    this.wake?.();
  };

  constructor(
    private readonly stream: Duplex,
    private readonly timers: Timers,
    private readonly timeoutMs: number,
  ) {
    stream.on('data', this.onData);
    stream.on('close', this.onClose);
    stream.on('end', this.onClose);
  }

  async next(): Promise<Uint8Array> {
    const deadline = this.timers.setTimeout(() => {
      this.failure ??= new Error(`the other side said nothing for ${this.timeoutMs} ms`);
      this.wake?.();
    }, this.timeoutMs);
    try {
      for (;;) {
        const first = this.waiting.shift();
        if (first !== undefined) return first;
        if (this.failure !== undefined) throw this.failure;
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    } finally {
      this.timers.clearTimeout(deadline);
    }
  }

  stop(): void {
    this.stream.off('data', this.onData);
    this.stream.off('close', this.onClose);
    this.stream.off('end', this.onClose);
  }
}
