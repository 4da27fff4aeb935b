/**
 * Frames as packet-ins carry them. A layer is decoded when it is first asked for, and only as far in as needed; it is
 * undefined when the frame does not have it, and asking throws PacketError when the headers up to it lie.
 */
import type { Arp } from './arp.ts';
import { Cursor } from './cursor.ts';
import { decodeLayer } from './decode.ts';
import type { Dhcp } from './dhcp.ts';
import type { Ethernet } from './ethernet.ts';
import { fieldsOf, type PacketFields } from './fields.ts';
import type { Icmp } from './icmp.ts';
import type { Icmpv6 } from './icmpv6.ts';
import type { Igmp } from './igmp.ts';
import type { Ipv4 } from './ipv4.ts';
import type { Ipv6 } from './ipv6.ts';
import {
  DEPTH,
  type Layer,
  type LayerOf,
  type LayerType,
  type PacketStart,
  startsInnerPacket,
} from './layer.ts';
import type { Lldp } from './lldp.ts';
import type { Mpls } from './mpls.ts';
import { PacketError } from './packet-error.ts';
import type { Sctp } from './sctp.ts';
import type { Tcp } from './tcp.ts';
import type { Udp } from './udp.ts';
import type { Vlan } from './vlan.ts';
import type { Vxlan } from './vxlan.ts';

/** A tunnel takes about five layers; deeper nesting than a few of them is made up. */
export const LAYERS_MAX = 48;
const IPV6_HEADER_BYTES = 40;

interface InnerPlace {
  readonly index: number;
  readonly at: number;
  readonly end: number;
  readonly next: LayerType;
}

export class Packet {
  private readonly decoded: Layer[] = [];
  private cursor: Cursor | undefined;
  /** Where the first inner packet begins, once something of it is decoded. */
  private innerPlace: InnerPlace | undefined;
  private cut = 0;

  constructor(
    readonly bytes: Uint8Array,
    /** What the bytes begin with. */
    readonly begins: LayerType,
  ) {}

  /** Throws PacketError when fewer than 14 bytes are there. */
  get ethernet(): Ethernet {
    const first = this.decoded[0] ?? this.step();
    if (first?.type !== 'ethernet')
      throw new PacketError('ethernet', `the packet begins with ${this.begins}`);
    return first;
  }
  /** All tags, the outermost first. */
  get vlans(): readonly Vlan[] {
    this.layer('llc');
    return this.outerLayers().filter((layer) => layer.type === 'vlan');
  }
  get arp(): Arp | undefined {
    return this.layer('arp');
  }
  /** The announcement of a guest that has moved. */
  get rarp(): Arp | undefined {
    return this.layer('rarp');
  }
  get lldp(): Lldp | undefined {
    return this.layer('lldp');
  }
  get mpls(): Mpls | undefined {
    return this.layer('mpls');
  }
  get ipv4(): Ipv4 | undefined {
    return this.layer('ipv4');
  }
  get ipv6(): Ipv6 | undefined {
    return this.layer('ipv6');
  }
  get icmp(): Icmp | undefined {
    return this.layer('icmp');
  }
  get icmpv6(): Icmpv6 | undefined {
    return this.layer('icmpv6');
  }
  get igmp(): Igmp | undefined {
    return this.layer('igmp');
  }
  get tcp(): Tcp | undefined {
    return this.layer('tcp');
  }
  get udp(): Udp | undefined {
    return this.layer('udp');
  }
  get sctp(): Sctp | undefined {
    return this.layer('sctp');
  }
  get dhcp(): Dhcp | undefined {
    return this.layer('dhcp');
  }
  get vxlan(): Vxlan | undefined {
    return this.layer('vxlan');
  }

  /** The first layer of this type before any tunnel. Decodes no further in than it can stand. */
  layer<T extends LayerType>(type: T): LayerOf<T> | undefined {
    for (let i = 0; ; i++) {
      const layer = this.decoded[i] ?? this.stepToward(type);
      if (layer === undefined || this.innerPlace?.index === i) return undefined;
      if (layer.type === type) return layer as LayerOf<T>;
    }
  }

  /** All layers, those of inner packets too: what `encodePacket` takes. Bytes without a name come last. */
  get layers(): readonly Layer[] {
    while (this.step() !== undefined);
    return this.decoded;
  }

  /** The packet in a tunnel (VXLAN, GRE, MPLS, IP in IP); undefined when there is none. */
  get inner(): Packet | undefined {
    while (!this.innerIsNext && this.innerPlace === undefined && this.step() !== undefined);
    const { at, end, next } = this.innerPlace ?? this.place;
    if (this.innerPlace === undefined && !this.innerIsNext) return undefined;
    return new Packet(this.bytes.subarray(at, end), next);
  }

  /** Bytes that the IP header promises and the frame does not have: it was cut when it was captured or sent up. */
  get cutBytes(): number {
    return this.ipv4 === undefined && this.ipv6 === undefined ? 0 : this.cut;
  }

  /** The fields that a flow table would see. */
  fields(inPort: number): PacketFields {
    return fieldsOf(this, inPort);
  }

  /** What is decoded so far of the packet before any tunnel. */
  outerLayers(): readonly Layer[] {
    return this.innerPlace === undefined ? this.decoded : this.decoded.slice(0, this.innerPlace.index);
  }

  private get place(): Cursor {
    this.cursor ??= new Cursor(this.bytes, this.begins);
    return this.cursor;
  }

  private get innerIsNext(): boolean {
    const last = this.decoded.at(-1);
    return (
      last !== undefined && this.place.at < this.place.end && startsInnerPacket(last.type, this.place.next)
    );
  }

  /** Decodes one layer more, unless `type` cannot stand there any more. */
  private stepToward(type: LayerType): Layer | undefined {
    const { next } = this.place;
    if (this.innerIsNext) return undefined;
    const [wanted, found] = [DEPTH[type], DEPTH[next]];
    if (found > wanted || (found === wanted && next !== type && startsInnerPacket(type, next)))
      return undefined;
    return this.step();
  }

  /** Decodes one layer more, undefined at the end. */
  private step(): Layer | undefined {
    const cursor = this.place;
    const { at, end, next } = cursor;
    if (next === 'payload' && at === end) return undefined;
    if (this.decoded.length >= LAYERS_MAX) throw new PacketError(next, `more than ${LAYERS_MAX} layers`, at);
    if (this.innerPlace === undefined && this.innerIsNext) {
      this.innerPlace = { index: this.decoded.length, at, end, next };
    }
    const layer = decodeLayer(cursor);
    if (this.innerPlace === undefined) this.cut += promised(layer, end - at);
    this.decoded.push(layer);
    return layer;
  }
}

/** How much more than `available` bytes an IP header says there are. */
function promised(layer: Layer, available: number): number {
  if (layer.type === 'ipv4') return Math.max(0, layer.totalLength - available);
  return layer.type === 'ipv6' ? Math.max(0, layer.payloadLength + IPV6_HEADER_BYTES - available) : 0;
}

/** A frame to look into. Nothing is decoded yet. `begins` names what the bytes begin with. */
export const decodePacket = (bytes: Uint8Array, begins: PacketStart = 'ethernet'): Packet =>
  new Packet(bytes, begins);
