/**
 * One direction of a TCP connection while it is put together (RFC 9293 3.4: sequence numbers are modulo 2^32, so
 * they are compared by the sign of their difference).
 */
import type { TcpEvent, TcpFlow, TcpSegment } from './tcp-streams.ts';

/** Bytes that wait for earlier ones. A hole that more than this has come after is a gap. */
export const WAITING_BYTES_MAX = 1024 * 1024;
/** Segments that wait, as many of the smallest as that leave the sum bearable. */
export const WAITING_SEGMENTS_MAX = 4096;

interface Waiting {
  readonly seq: number;
  readonly data: Uint8Array;
  readonly cutBytes: number;
  readonly isFin: boolean;
}

/** Distance from `from` to `to`, -2^31 to 2^31 - 1. */
const distance = (from: number, to: number): number => (to - from) | 0;

export class TcpDirection {
  /** The sequence number of the next byte, undefined before the first segment. */
  private next: number | undefined;
  /** What `next` was after the SYN, undefined when the capture began later. */
  private started: number | undefined;
  private isOver = false;
  /** In the order of their sequence numbers. */
  private waiting: Waiting[] = [];
  private waitingBytes = 0;

  constructor(private readonly flow: TcpFlow) {}

  /** Nothing but acknowledgements so far: not worth remembering. */
  get isUnused(): boolean {
    return this.next === undefined;
  }

  *take(segment: TcpSegment, timestampNs: bigint): Generator<TcpEvent, void, undefined> {
    if (segment.isReset) return yield* this.close('reset', timestampNs);
    if (segment.isSyn) yield* this.begin((segment.seq + 1) >>> 0, timestampNs);
    const seq = segment.isSyn ? (segment.seq + 1) >>> 0 : segment.seq;
    if (this.isOver || (segment.data.length + segment.cutBytes === 0 && !segment.isFin)) return;
    this.next ??= seq;
    this.wait({ seq, data: segment.data, cutBytes: segment.cutBytes, isFin: segment.isFin });
    yield* this.deliver(timestampNs);
    while (this.waitingBytes > WAITING_BYTES_MAX || this.waiting.length > WAITING_SEGMENTS_MAX) {
      yield* this.skipGap(timestampNs);
      yield* this.deliver(timestampNs);
    }
  }

  /** Tells what waits, with the gaps before it, and the end. */
  *close(
    reason: Extract<TcpEvent, { type: 'end' }>['reason'],
    timestampNs: bigint,
  ): Generator<TcpEvent, void, undefined> {
    if (this.isUnused || this.isOver) return;
    while (this.waiting.length > 0 && !this.isOver) {
      yield* this.skipGap(timestampNs);
      yield* this.deliver(timestampNs);
    }
    if (!this.isOver) yield { type: 'end', flow: this.flow, timestampNs, reason };
    this.isOver = true;
  }

  /** A SYN begins a connection, unless it is the one that began this. */
  private *begin(next: number, timestampNs: bigint): Generator<TcpEvent, void, undefined> {
    if (this.started === next && !this.isOver) return;
    yield* this.close('replaced', timestampNs);
    this.started = next;
    this.next = next;
    this.isOver = false;
    this.waiting = [];
    this.waitingBytes = 0;
  }

  private wait(segment: Waiting): void {
    let place = this.waiting.length;
    while (place > 0 && distance((this.waiting[place - 1] as Waiting).seq, segment.seq) < 0) place -= 1;
    this.waiting.splice(place, 0, segment);
    this.waitingBytes += segment.data.length;
  }

  /** Tells everything that follows without a hole. */
  private *deliver(timestampNs: bigint): Generator<TcpEvent, void, undefined> {
    for (;;) {
      const [first] = this.waiting;
      const next = this.next;
      if (first === undefined || next === undefined || distance(next, first.seq) > 0) return;
      this.waiting.shift();
      this.waitingBytes -= first.data.length;
      yield* this.tell(first, -distance(next, first.seq), timestampNs);
    }
  }

  /** `known` bytes of it were told before. */
  private *tell(segment: Waiting, known: number, timestampNs: bigint): Generator<TcpEvent, void, undefined> {
    const { flow } = this;
    const { data, cutBytes, isFin } = segment;
    const end = (segment.seq + data.length + cutBytes) >>> 0;
    if (known < data.length) yield { type: 'data', flow, timestampNs, data: data.subarray(known) };
    const lost = data.length + cutBytes - Math.max(known, data.length);
    if (lost > 0) yield { type: 'gap', flow, timestampNs, bytes: lost };
    if (known < data.length + cutBytes) this.next = end;
    if (isFin && this.next === end) {
      yield { type: 'end', flow, timestampNs, reason: 'fin' };
      this.isOver = true;
      this.waiting = [];
      this.waitingBytes = 0;
    }
  }

  private *skipGap(timestampNs: bigint): Generator<TcpEvent, void, undefined> {
    const [first] = this.waiting;
    if (first === undefined || this.next === undefined) return;
    const bytes = distance(this.next, first.seq);
    if (bytes > 0) yield { type: 'gap', flow: this.flow, timestampNs, bytes };
    this.next = first.seq;
  }
}
