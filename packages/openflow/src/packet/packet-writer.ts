/**
 * Encodes a packet from the inside out: each layer puts its header before what is already there, so it finds its
 * payload in place and can sum over it. One arena serves all packets, because encoding is synchronous.
 */
import { EncodeError } from '../runtime/protocol-error.ts';
import { viewOf } from './packet-error.ts';

const INITIAL_BYTES = 4096;
/** A larger arena is given back. */
const KEPT_BYTES_MAX = 1024 * 1024;
/** The longest IPv4 datagram, a few tunnels around it, and padding. */
export const PACKET_BYTES_MAX = 70_000;

export class PacketWriter {
  bytes = new Uint8Array(INITIAL_BYTES);
  view = viewOf(this.bytes);
  start = INITIAL_BYTES / 2;
  end = this.start;

  get length(): number {
    return this.end - this.start;
  }

  reset(): void {
    if (this.bytes.length > KEPT_BYTES_MAX) {
      this.bytes = new Uint8Array(INITIAL_BYTES);
      this.view = viewOf(this.bytes);
    }
    this.start = this.bytes.length / 2;
    this.end = this.start;
  }

  /** Room for a header of zeros; returns where it begins. */
  prepend(size: number): number {
    if (size > this.start) this.grow(size, 0);
    this.start -= size;
    this.bytes.fill(0, this.start, this.start + size);
    return this.start;
  }

  prependBytes(data: Uint8Array): void {
    // First the room: making it may replace the arena.
    const at = this.prepend(data.length);
    this.bytes.set(data, at);
  }

  prependU32(value: number): void {
    const at = this.prepend(4);
    this.view.setUint32(at, value);
  }

  /** Bytes behind everything: what Ethernet pads with. */
  append(data: Uint8Array | undefined): void {
    if (data === undefined) return;
    if (this.end + data.length > this.bytes.length) this.grow(0, data.length);
    this.bytes.set(data, this.end);
    this.end += data.length;
  }

  /** Throws EncodeError when the packet is longer than PACKET_BYTES_MAX. */
  take(): Uint8Array {
    if (this.length > PACKET_BYTES_MAX) {
      throw new EncodeError(`a packet of ${this.length} bytes is longer than ${PACKET_BYTES_MAX}`);
    }
    return this.bytes.slice(this.start, this.end);
  }

  private grow(front: number, back: number): void {
    const needed = this.length + front + back;
    const bytes = new Uint8Array(4 * Math.max(needed, INITIAL_BYTES));
    const start = bytes.length / 2;
    bytes.set(this.bytes.subarray(this.start, this.end), start);
    this.bytes = bytes;
    this.view = viewOf(bytes);
    this.end = start + this.length;
    this.start = start;
  }
}
