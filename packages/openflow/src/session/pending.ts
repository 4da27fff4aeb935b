/** Requests that wait for their replies, by xid: pairing, reassembly of multiparts, deadlines. */
import type { Message } from '../codec.ts';
import { OFPMPF } from '../generated/constants.ts';
import { FRAGMENT_LISTS, MESSAGE_CODES, REPLY_TYPES } from '../generated/messages.ts';
import { RequestError, type RequestFailure, rejected } from './failures.ts';
import type { Timers } from './timers.ts';

/** Open vSwitch sends 50,000 entries in 74 fragments; this is room for two million. */
export const FRAGMENTS_MAX = 4096;
/** Elements of one reassembled reply. */
export const REPLY_ELEMENTS_MAX = 4_000_000;
const MULTIPART_REPLY = 19;
/** Requests that may wait at once on one connection. */
export const REQUESTS_MAX = 65_536;

interface Waiting {
  readonly request: Message['type'];
  readonly replyType: string;
  readonly resolve: (reply: Message) => void;
  readonly reject: (error: RequestError) => void;
  readonly timer: unknown;
  parts: Message[];
  elements: number;
}

export class Pending {
  private readonly waiting = new Map<number, Waiting>();

  constructor(private readonly timers: Timers) {}

  add(request: Message, xid: number, timeoutMs: number): Promise<Message> {
    return new Promise((resolve, reject) => {
      if (this.waiting.size >= REQUESTS_MAX) {
        const reason = `${REQUESTS_MAX} requests already wait`;
        reject(new RequestError(request.type, { code: 'disconnected', reason }));
        return;
      }
      const timer = this.timers.setTimeout(
        () => this.fail(xid, { code: 'timed_out', afterMs: timeoutMs }),
        timeoutMs,
      );
      const replyType = replyTypeOf(request);
      this.waiting.set(xid, {
        request: request.type,
        replyType,
        resolve,
        reject,
        timer,
        parts: [],
        elements: 0,
      });
    });
  }

  /** True when the message belongs to a request. */
  take(message: Message, xid: number): boolean {
    const entry = this.waiting.get(xid);
    if (entry === undefined) return false;
    if (message.type === 'error') {
      this.fail(xid, rejected(message.ofType, message.ofCode));
      return true;
    }
    if (message.type !== entry.replyType) return false;
    entry.parts.push(message);
    entry.elements += elementsOf(message);
    const more = 'flags' in message && isMultipart(message.type) && (message.flags & OFPMPF.MORE) !== 0;
    if (!more) this.finish(xid, entry);
    else if (entry.parts.length >= FRAGMENTS_MAX || entry.elements > REPLY_ELEMENTS_MAX) {
      this.fail(xid, { code: 'malformed_reply', reason: 'the reply does not end' });
    }
    return true;
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

  private finish(xid: number, entry: Waiting): void {
    this.remove(xid, entry);
    entry.resolve(joined(entry.parts));
  }

  private remove(xid: number, entry: Waiting): void {
    this.waiting.delete(xid);
    this.timers.clearTimeout(entry.timer);
  }
}

function replyTypeOf(request: Message): string {
  if (request.type === 'unknown_multipart_request') return 'unknown_multipart_reply';
  const known: Readonly<Record<string, string>> = REPLY_TYPES;
  return known[request.type] ?? request.type;
}

const isMultipart = (type: string): boolean =>
  type === 'unknown_multipart_reply' ||
  (MESSAGE_CODES as Readonly<Record<string, number>>)[type] === MULTIPART_REPLY;

/** FRAGMENT_LISTS names, per type, the member that is a list; the compiler cannot follow a table, hence the casts. */
function elementsOf(message: Message): number {
  const list = FRAGMENT_LISTS[message.type];
  return list === undefined
    ? 0
    : ((message as unknown as Record<string, readonly unknown[]>)[list]?.length ?? 0);
}

/** One message from the fragments of a reply. */
function joined(parts: readonly Message[]): Message {
  const last = parts[parts.length - 1] as Message;
  if (parts.length === 1) return last;
  const list = FRAGMENT_LISTS[last.type];
  if (list !== undefined) {
    const fragments = parts as unknown as Record<string, readonly unknown[]>[];
    return { ...last, [list]: fragments.flatMap((part) => part[list] ?? []) };
  }
  const field = last.type === 'unknown_multipart_reply' ? 'body' : 'data';
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
