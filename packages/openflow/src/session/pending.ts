/** Requests that wait for their replies, by xid: pairing, reassembly of multiparts, deadlines. */
import type { Message } from '../codec.ts';
import { OFPMPF } from '../generated/of13/constants.ts';
import { type AnyCodec, type Version, versionOf } from '../versions.ts';
import { RequestError, type RequestFailure, rejected } from './failures.ts';
import type { Timers } from './timers.ts';

/** Open vSwitch sends 50,000 entries in 74 fragments. Small ones, or empty ones, end here. */
export const FRAGMENTS_MAX = 4096;
/** Bytes of one reassembled reply, headers included: more than a million entries. */
export const REPLY_BYTES_MAX = 128 * 1024 * 1024;
/** Requests that may wait at once on one connection. */
export const REQUESTS_MAX = 65_536;

type AnyMessage = Message<Version>;

/** Takes each fragment, which then is not kept; false when it cannot take any more. */
export type OnPart = (part: AnyMessage) => boolean;

interface Waiting {
  readonly request: AnyMessage['type'];
  readonly replyType: string;
  readonly resolve: (reply: AnyMessage) => void;
  readonly reject: (error: RequestError) => void;
  readonly onPart: OnPart | undefined;
  readonly timeoutMs: number;
  timer: unknown;
  parts: AnyMessage[];
  count: number;
  bytes: number;
}

export class Pending {
  private readonly waiting = new Map<number, Waiting>();

  constructor(
    private readonly timers: Timers,
    private readonly codec: () => AnyCodec,
  ) {}

  /** Resolves with the whole reply, or after the last fragment when `onPart` takes them one by one. */
  add(request: AnyMessage, xid: number, timeoutMs: number, onPart?: OnPart): Promise<AnyMessage> {
    return new Promise((resolve, reject) => {
      const replyType = replyTypeOf(request, this.codec());
      const timer = this.deadline(xid, timeoutMs);
      const entry = { request: request.type, replyType, resolve, reject, onPart, timeoutMs, timer };
      this.waiting.set(xid, { ...entry, parts: [], count: 0, bytes: 0 });
    });
  }

  get isFull(): boolean {
    return this.waiting.size >= REQUESTS_MAX;
  }

  has(xid: number): boolean {
    return this.waiting.has(xid);
  }

  private deadline(xid: number, timeoutMs: number): unknown {
    return this.timers.setTimeout(() => this.fail(xid, { code: 'timed_out', afterMs: timeoutMs }), timeoutMs);
  }

  /** True when the message, of that many bytes, belongs to a request. */
  take(message: AnyMessage, xid: number, bytes: number): boolean {
    const entry = this.waiting.get(xid);
    if (entry === undefined) return false;
    if (message.type === 'error') {
      this.fail(xid, rejected(message, versionOf(this.codec().version) ?? '1.3'));
      return true;
    }
    if (message.type !== entry.replyType) return false;
    const codec = this.codec();
    const more =
      'flags' in message && isMultipart(message.type, codec) && (message.flags & OFPMPF.MORE) !== 0;
    entry.count += 1;
    entry.bytes += bytes;
    if (entry.onPart === undefined) this.keep(message, xid, entry, codec, more);
    else this.handOn(message, xid, entry, entry.onPart, more);
    return true;
  }

  private keep(part: AnyMessage, xid: number, entry: Waiting, codec: AnyCodec, more: boolean): void {
    entry.parts.push(part);
    if (!more) this.finish(xid, entry, joined(entry.parts, codec));
    else if (entry.count >= FRAGMENTS_MAX || entry.bytes > REPLY_BYTES_MAX) {
      this.fail(xid, { code: 'malformed_reply', reason: 'the reply does not end' });
    }
  }

  private handOn(part: AnyMessage, xid: number, entry: Waiting, onPart: OnPart, more: boolean): void {
    if (!onPart(part)) {
      this.fail(xid, { code: 'overrun', reason: 'the fragments come faster than they are read' });
    } else if (!more) this.finish(xid, entry, part);
    else {
      this.timers.clearTimeout(entry.timer);
      entry.timer = this.deadline(xid, entry.timeoutMs);
    }
  }

  /** A malformed message of that OFPT_* number came: the end of the request whose reply it was to be. */
  failMalformed(xid: number, code: number, reason: string): void {
    const { codes } = this.codec();
    const expected = codes[this.waiting.get(xid)?.replyType ?? ''];
    if (expected === undefined || expected === code || code === codes.error) {
      this.fail(xid, { code: 'malformed_reply', reason });
    }
  }

  fail(xid: number, detail: RequestFailure): boolean {
    const entry = this.waiting.get(xid);
    if (entry === undefined) return false;
    this.remove(xid, entry);
    entry.reject(new RequestError(entry.request, detail));
    return true;
  }

  failAll(detail: RequestFailure): void {
    for (const xid of [...this.waiting.keys()]) this.fail(xid, detail);
  }

  private finish(xid: number, entry: Waiting, reply: AnyMessage): void {
    this.remove(xid, entry);
    entry.resolve(reply);
  }

  private remove(xid: number, entry: Waiting): void {
    this.waiting.delete(xid);
    this.timers.clearTimeout(entry.timer);
  }
}

function replyTypeOf(request: AnyMessage, { replyTypes }: AnyCodec): string {
  if (request.type === 'unknown_multipart_request') return 'unknown_multipart_reply';
  return replyTypes[request.type] ?? request.type;
}

const isMultipart = (type: string, codec: AnyCodec): boolean =>
  type === 'unknown_multipart_reply' || codec.codes[type] === codec.multipartReply;

/** A codec's fragmentLists name, per type, the member that is a list; the compiler cannot follow a table, hence the casts. */
function joined(parts: readonly AnyMessage[], { fragmentLists }: AnyCodec): AnyMessage {
  const last = parts[parts.length - 1] as AnyMessage;
  if (parts.length === 1) return last;
  const list = fragmentLists[last.type];
  if (list !== undefined) {
    // The codec's table names the list, and the compiler cannot follow a table.
    const fragments = parts as unknown as Record<string, readonly unknown[]>[];
    return { ...last, [list]: fragments.flatMap((part) => part[list] ?? []) };
  }
  const field = last.type === 'unknown_multipart_reply' ? 'body' : 'data';
  // Which member holds the bytes is known by name alone; what is no bytes is filtered out.
  const pieces = (parts as unknown as Record<string, Uint8Array | undefined>[]).map((part) => part[field]);
  const bytes = pieces.filter((piece): piece is Uint8Array => piece instanceof Uint8Array);
  return bytes.length === parts.length ? { ...last, [field]: concatenated(bytes) } : last;
}

function concatenated(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
