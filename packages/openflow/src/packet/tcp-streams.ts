/**
 * The byte streams of the TCP connections in a capture, each direction for itself: in order, without what was sent
 * twice, with gaps told. Bytes that came first win over bytes that overlap them. Made to take messages of a protocol
 * out of a capture, not to be a firewall: checksums and windows are not looked at.
 */
import { packetOf } from './captured-frames.ts';
import type { Packet } from './packet.ts';
import { PacketError } from './packet-error.ts';
import type { CapturedPacket } from './pcap.ts';
import { TCP_FLAG, type Tcp } from './tcp.ts';
import { TcpDirection } from './tcp-direction.ts';

/** One direction of a connection. */
export interface TcpFlow {
  readonly src: string;
  readonly srcPort: number;
  readonly dst: string;
  readonly dstPort: number;
}

export type TcpEvent = { readonly flow: TcpFlow; readonly timestampNs: bigint } & (
  | { readonly type: 'data'; readonly data: Uint8Array }
  /** So many bytes of the stream are not in the capture; what follows comes after them. */
  | { readonly type: 'gap'; readonly bytes: number }
  /** `forgotten`: it was idle while more than FLOWS_MAX others were not. `replaced`: its ports were used again. */
  | { readonly type: 'end'; readonly reason: 'fin' | 'reset' | 'replaced' | 'forgotten' | 'capture_ended' }
);

/** Directions remembered at the same time; the one that was silent longest is forgotten first. */
export const FLOWS_MAX = 8192;
/** Tunnels in tunnels that are searched for a connection. */
export const TUNNELS_MAX = 4;

export interface TcpStreamOptions {
  readonly flowsMax?: number;
  /** Is told of packets that could not be read. Default: they are passed over. */
  readonly onUnreadable?: (packet: CapturedPacket, error: PacketError) => void;
}

/** Events of all connections in the order in which the capture brings them. */
export function* tcpStreams(
  packets: Iterable<CapturedPacket>,
  { flowsMax = FLOWS_MAX, onUnreadable }: TcpStreamOptions = {},
): Generator<TcpEvent, void, undefined> {
  // The order of insertion is the order of the last packet.
  const directions = new Map<string, TcpDirection>();
  let last = 0n;
  for (const captured of packets) {
    last = captured.timestampNs;
    const segment = readSegment(captured, onUnreadable);
    if (segment === undefined) continue;
    const { flow } = segment;
    const key = `${flow.src} ${flow.srcPort} ${flow.dst} ${flow.dstPort}`;
    const known = directions.get(key);
    directions.delete(key);
    const direction = known ?? new TcpDirection(flow);
    yield* direction.take(segment, captured.timestampNs);
    if (!direction.isUnused) directions.set(key, direction);
    for (const [oldest, forgotten] of directions) {
      if (directions.size <= flowsMax) break;
      directions.delete(oldest);
      yield* forgotten.close('forgotten', last);
    }
  }
  for (const direction of directions.values()) yield* direction.close('capture_ended', last);
}

/** What a direction needs to know of a segment. */
export interface TcpSegment {
  readonly flow: TcpFlow;
  readonly seq: number;
  readonly isSyn: boolean;
  readonly isFin: boolean;
  readonly isReset: boolean;
  readonly data: Uint8Array;
  /** Bytes of the segment that the capture has cut off. */
  readonly cutBytes: number;
}

function readSegment(
  captured: CapturedPacket,
  onUnreadable: TcpStreamOptions['onUnreadable'],
): TcpSegment | undefined {
  try {
    let packet = packetOf(captured);
    for (let depth = 0; packet !== undefined && depth <= TUNNELS_MAX; depth++) {
      const { tcp } = packet;
      if (tcp !== undefined) return segmentOf(packet, tcp);
      packet = packet.inner;
    }
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
    onUnreadable?.(captured, error);
  }
  return undefined;
}

function segmentOf(packet: Packet, tcp: Tcp): TcpSegment | undefined {
  const ip = packet.ipv4 ?? packet.ipv6;
  if (ip === undefined) return undefined;
  const has = (flag: number): boolean => (tcp.flags & flag) !== 0;
  return {
    flow: { src: ip.src, srcPort: tcp.srcPort, dst: ip.dst, dstPort: tcp.dstPort },
    seq: tcp.seq,
    isSyn: has(TCP_FLAG.SYN),
    isFin: has(TCP_FLAG.FIN),
    isReset: has(TCP_FLAG.RST),
    data: packet.layer('payload')?.data ?? new Uint8Array(0),
    cutBytes: packet.cutBytes,
  };
}
