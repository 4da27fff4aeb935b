/**
 * A switch without a data plane: real tables, real OpenFlow over a real connection, and an answer to where a
 * packet would go. It refuses what Open vSwitch 3.1 refuses, with the same errors.
 */
import type { Message } from '../codec.ts';
import { OpenflowError } from '../errors.ts';
import {
  OFP_NO_BUFFER,
  OFPC,
  OFPET,
  OFPFF,
  OFPG,
  OFPM,
  OFPPMFC,
  OFPPR,
  OFPR,
  OFPRR,
  OFPTT,
} from '../generated/of13/constants.ts';
import {
  type PacketOut,
  type PortMod,
  type PortStats,
  packetIn,
  portStatus,
  type QueueStats,
} from '../generated/of13/index.ts';
import { BundleRefusal } from '../session/bundle-refusal.ts';
import type { ConnectionOptions } from '../session/connection.ts';
import { type Address, createSwitch, type Device, type Origin } from '../session/device.ts';
import { systemTimers, type Timers } from '../session/timers.ts';
import { type Version, versionOf } from '../versions.ts';
import { flowRemovedOf, multipartReply, type Tables, tableDescOf } from './answers.ts';
import { type BundledMessage, Bundles } from './bundles.ts';
import { ANY_PACKET, checkActions, checkFlowMod, checkPacketOut } from './checks.ts';
import { ENTRIES_MAX, type FlowEntry, FlowTables } from './flow-table.ts';
import { answerIn, fromNeutral, portsIn } from './from-neutral.ts';
import type { PacketFields } from './match-logic.ts';
import { type Group, Groups, type Meter, Meters } from './meters-and-groups.ts';
import { type Amount, type Forwarding, forward } from './pipeline.ts';
import { type FakePort, Ports } from './ports.ts';
import { toNeutral } from './to-neutral.ts';

export interface FakeSwitchOptions extends ConnectionOptions<Version> {
  /** 16 lower-case hexadecimal digits. */
  readonly dpid: string;
  readonly ports: readonly FakePort[];
  /** Default 254, as Open vSwitch. */
  readonly nTables?: number;
  /** Default 262,144 meters of 8 bands, as Open vSwitch. */
  readonly metersMax?: number;
  readonly bandsMax?: number;
  /** Entries of one table; one more is refused as OFPFMFC_TABLE_FULL. Default 200,000. */
  readonly entriesMax?: number;
}

const CAPABILITIES =
  OFPC.FLOW_STATS | OFPC.TABLE_STATS | OFPC.PORT_STATS | OFPC.GROUP_STATS | OFPC.QUEUE_STATS;
const ANY_GROUP = { nTables: 255, hasMeter: () => true, hasGroup: () => true };
/** How many messages `received` keeps; the oldest go first. */
const RECEIVED_MAX = 100_000;
/** How often timeouts of entries are looked at, ms. */
const EXPIRY_INTERVAL_MS = 250;

export class FakeSwitch {
  /** Messages that came, oldest first, without hello and echo. */
  readonly received: Message[] = [];
  /** Packets that the controller sent out. */
  readonly packetOuts: PacketOut[] = [];
  private readonly device: Device<Version>;
  private readonly tables: Tables;
  private readonly timers: Timers;
  private readonly startedAt: number;
  private readonly bundles = new Bundles((messages) => this.commit(messages));
  /** What is told only when a bundle is through. */
  private later: Message[] | undefined;
  private readonly planned: { type: Message['type']; failure: OpenflowError | 'silence' }[] = [];
  private expiry: unknown;

  constructor(readonly options: FakeSwitchOptions) {
    this.timers = options.timers ?? systemTimers;
    const now = () => this.timers.now();
    this.startedAt = now();
    const limits = { metersMax: options.metersMax ?? 262_144, bandsMax: options.bandsMax ?? 8 };
    this.tables = {
      flows: new FlowTables(
        now,
        (entry, reason) => this.entryRemoved(entry, reason),
        options.entriesMax ?? ENTRIES_MAX,
      ),
      meters: new Meters(limits, now),
      groups: new Groups(now),
      ports: new Ports(options.ports, () => (now() - this.startedAt) / 1000),
      limits,
      nTables: options.nTables ?? 254,
      now,
    };
    const handler = {
      answer: (message: Message<Version>, xid: number, origin: Origin<Version>) =>
        this.answerAny(message, xid, origin),
      intercept: (message: Message<Version>, { version }: Origin<Version>) =>
        this.intercept(toNeutral(message, version)),
      ports: (version: Version) => portsIn(version, this.tables.ports.all),
    };
    this.device = createSwitch<Version>({
      ...options,
      nTables: this.tables.nTables,
      capabilities: CAPABILITIES,
      handler,
    });
  }

  get dpid(): string {
    return this.options.dpid;
  }
  /** Entries in order of table, then falling priority. */
  get flows(): readonly FlowEntry[] {
    return this.tables.flows.all;
  }
  get meters(): ReadonlyMap<number, Meter> {
    return this.tables.meters.byId;
  }
  get groups(): ReadonlyMap<number, Group> {
    return this.tables.groups.byId;
  }

  /** Connects to one more controller; with `auxiliaryId`, once more to one that is connected. */
  async connect(address: Address): Promise<void> {
    await this.device.connect(address);
    this.expiry ??= this.timers.setTimeout(() => this.expire(), EXPIRY_INTERVAL_MS);
  }

  /** Ends all connections. The tables stay. */
  async close(): Promise<void> {
    this.timers.clearTimeout(this.expiry);
    this.expiry = undefined;
    await this.device.close();
  }

  /** Where would this packet go? Counters count `amount`, by default one packet of 64 bytes. */
  forward(packet: PacketFields, amount: Amount = { packets: 1n, bytes: 64n }): Forwarding {
    const { flows, meters, groups, ports, now } = this.tables;
    const parts = { flows, meters: meters.byId, groups: groups.byId, now, livePorts: () => ports.live };
    return forward(parts, packet, amount);
  }

  setPortCounters(portNo: number, counters: Partial<Omit<PortStats, 'portNo'>>): void {
    this.tables.ports.setCounters(portNo, counters);
  }

  /** Adds the queue when the port does not have it. */
  setQueueCounters(
    portNo: number,
    queueId: number,
    counters: Partial<Omit<QueueStats, 'portNo' | 'queueId'>>,
  ): void {
    this.tables.ports.setQueueCounters(portNo, queueId, counters);
  }

  removeQueue(portNo: number, queueId: number): void {
    this.tables.ports.removeQueue(portNo, queueId);
  }

  /** Changes the link state and says so. */
  setPortUp(portNo: number, isUp: boolean): void {
    this.tell(portStatus({ reason: OFPPR.MODIFY, port: this.tables.ports.setUp(portNo, isUp) }));
  }

  addPort(port: FakePort): void {
    this.tell(portStatus({ reason: OFPPR.ADD, port: this.tables.ports.add(port) }));
  }

  removePort(portNo: number): void {
    this.tell(portStatus({ reason: OFPPR.DELETE, port: this.tables.ports.remove(portNo) }));
  }

  /** Sends a packet to the controllers, whole. */
  packetIn(packet: {
    readonly inPort: number;
    readonly data: Uint8Array;
    readonly reason?: number;
    readonly tableId?: number;
    readonly cookie?: bigint;
  }): void {
    const { inPort, data, reason = OFPR.ACTION, tableId = 0, cookie = 0n } = packet;
    const fixed = { bufferId: OFP_NO_BUFFER, totalLen: data.length, reason, tableId, cookie, data };
    this.tell(packetIn({ ...fixed, match: { in_port: inPort } }));
  }

  /** Sends any message to the controllers with xid 0. */
  send(message: Message): void {
    this.tell(message);
  }

  /** The next message of this type is refused with this error. Calls add up. */
  failNext(type: Message['type'], ofType: number, ofCode: number): void {
    this.planned.push({ type, failure: new OpenflowError(ofType, ofCode) });
  }

  /** The next message of this type is not answered and has no effect. Calls add up. */
  ignoreNext(type: Message['type']): void {
    this.planned.push({ type, failure: 'silence' });
  }

  /** Forgets all entries, meters and groups, as a restart does. Nobody is told. */
  reset(): void {
    const { flows, meters, groups } = this.tables;
    flows.forget();
    meters.byId.clear();
    groups.byId.clear();
    this.bundles.clear();
  }

  /** Keeps the message and carries out what a test has planned for it. */
  private intercept(message: Message): boolean {
    this.received.push(message);
    if (this.received.length > RECEIVED_MAX) this.received.shift();
    const index = this.planned.findIndex(({ type }) => type === message.type);
    const plan = index < 0 ? undefined : this.planned.splice(index, 1)[0];
    if (plan === undefined) return false;
    if (plan.failure === 'silence') return true;
    throw plan.failure;
  }

  private answerAny(
    message: Message<Version>,
    xid: number,
    { version, controller }: Origin<Version>,
  ): readonly Message<Version>[] | undefined {
    if (message.type === 'table_desc_request') return [tableDescOf(this.tables)];
    const replies = this.answer(toNeutral(message, version), xid, controller);
    return replies?.map((reply) => answerIn(version, message, reply));
  }

  private answer(message: Message, xid: number, controller: number): readonly Message[] | undefined {
    switch (message.type) {
      case 'onf_bundle_control':
        this.bundles.control(controller, message);
        return [{ ...message, controlType: message.controlType + 1 }];
      case 'onf_bundle_add_message':
        this.bundles.add(controller, xid, message);
        return [];
      default:
        return this.changed(message) ?? this.replied(message);
    }
  }

  /** All messages of a bundle, or none of them. */
  private commit(messages: readonly BundledMessage[]): void {
    const { flows, meters, groups, ports } = this.tables;
    const restore = [flows, meters, groups, ports].map((table) => table.saved());
    const sentOut = this.packetOuts.length;
    const told: Message[] = [];
    this.later = told;
    try {
      for (const one of messages) this.changeInBundle(one);
    } catch (error) {
      for (const undo of restore) undo();
      this.packetOuts.length = sentOut;
      told.length = 0;
      throw error;
    } finally {
      this.later = undefined;
      for (const message of told) this.tell(message);
    }
  }

  private changeInBundle({ version, xid, message }: BundledMessage): void {
    try {
      this.changed(toNeutral(message, versionOf(version) ?? '1.3'));
    } catch (error) {
      if (!(error instanceof OpenflowError)) throw error;
      throw new BundleRefusal({ xid, message, error });
    }
  }

  /** Sends an asynchronous message, when no bundle is under way. */
  private tell(message: Message): void {
    if (this.later === undefined) this.device.send((version) => fromNeutral(message, version));
    else this.later.push(message);
  }

  private replied(message: Message): readonly Message[] | undefined {
    const reply = multipartReply(message, this.tables);
    return reply === undefined ? undefined : [reply];
  }

  /** Applies a message that changes something; undefined when it is not one. */
  private changed(message: Message): readonly Message[] | undefined {
    const { flows, meters, groups } = this.tables;
    switch (message.type) {
      case 'flow_mod':
        checkFlowMod(message, this.known());
        flows.apply(message);
        return [];
      case 'meter_mod':
        // OpenFlow 1.3 has no OFPRR_* for this, and Open vSwitch says nothing.
        for (const meterId of meters.apply(message)) flows.remove(flows.usingMeter(meterId));
        return [];
      case 'group_mod':
        // Groups may name groups that are not there yet, and each other.
        for (const { actions } of message.buckets) checkActions(actions, ANY_PACKET, ANY_GROUP);
        for (const groupId of groups.apply(message)) {
          flows.remove(flows.usingGroup(groupId), OFPRR.GROUP_DELETE);
        }
        return [];
      case 'port_mod':
        return this.portMod(message);
      case 'packet_out':
        checkPacketOut(message, this.known());
        this.packetOuts.push(message);
        return [];
      case 'table_mod': {
        const { tableId } = message;
        if (tableId !== OFPTT.ALL && tableId >= this.tables.nTables)
          throw OpenflowError.named('OFPTMFC_EPERM');
        flows.configure(tableId, message.config);
        return [];
      }
      default:
        return undefined;
    }
  }

  private known() {
    return {
      nTables: this.tables.nTables,
      hasMeter: (meterId: number) => this.meters.has(meterId) || meterId > OFPM.MAX,
      hasGroup: (groupId: number) => this.groups.has(groupId) && groupId <= OFPG.MAX,
    };
  }

  private portMod(mod: PortMod): readonly Message[] {
    const { ports } = this.tables;
    if (!ports.has(mod.portNo)) throw new OpenflowError(OFPET.PORT_MOD_FAILED, OFPPMFC.BAD_PORT);
    if (ports.get(mod.portNo).hwAddr !== mod.hwAddr) {
      throw new OpenflowError(OFPET.PORT_MOD_FAILED, OFPPMFC.BAD_HW_ADDR);
    }
    const port = ports.setConfig(mod.portNo, mod.config, mod.mask);
    this.tell(portStatus({ reason: OFPPR.MODIFY, port }));
    return [];
  }

  private entryRemoved(entry: FlowEntry, reason: number): void {
    if ((entry.flags & OFPFF.SEND_FLOW_REM) === 0) return;
    this.tell(flowRemovedOf(entry, reason, this.timers.now()));
  }

  private expire(): void {
    this.tables.flows.expire();
    this.expiry = this.timers.setTimeout(() => this.expire(), EXPIRY_INTERVAL_MS);
  }
}

/** A fake switch that is not connected yet. */
export function createFakeSwitch(options: FakeSwitchOptions): FakeSwitch {
  return new FakeSwitch(options);
}
