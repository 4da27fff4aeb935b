/** Ports and queues of the fake switch, with counters that tests set. */
import { OpenflowError } from '../errors.ts';
import { OFPBRC, OFPET, OFPP, OFPPC, OFPPS, OFPQ, OFPQOFC } from '../generated/of13/constants.ts';
import type { Port, PortStats, QueueStats } from '../generated/of13/index.ts';
import { port, portStats, queueStats } from '../generated/of13/structs.ts';
import { restoring } from './meters-and-groups.ts';

export interface FakePort {
  readonly portNo: number;
  readonly name: string;
  /** Default 02:00:00:00:00:NN. */
  readonly hwAddr?: string;
  /** Queue numbers; default only 0. */
  readonly queues?: readonly number[];
  /** kb/s; default 10,000,000. */
  readonly currSpeed?: number;
}

export class Ports {
  private readonly byNumber = new Map<number, Port>();
  private readonly counters = new Map<number, PortStats>();
  private readonly queues = new Map<string, QueueStats>();

  constructor(
    ports: readonly FakePort[],
    private readonly ageSec: () => number,
  ) {
    for (const one of ports) this.add(one);
  }

  /** Remembers the ports; what is returned brings them back. */
  saved(): () => void {
    return restoring(this.byNumber);
  }

  add(given: FakePort): Port {
    const { portNo, name, currSpeed = 10_000_000 } = given;
    const hwAddr = given.hwAddr ?? `02:00:00:00:00:${(portNo & 255).toString(16).padStart(2, '0')}`;
    const made = port({ portNo, name, hwAddr, state: OFPPS.LIVE, currSpeed, maxSpeed: currSpeed });
    this.byNumber.set(portNo, made);
    this.counters.set(portNo, portStats({ portNo }));
    for (const queueId of given.queues ?? [0])
      this.queues.set(`${portNo}/${queueId}`, queueStats({ portNo, queueId }));
    return made;
  }

  remove(portNo: number): Port {
    const gone = this.get(portNo);
    this.byNumber.delete(portNo);
    this.counters.delete(portNo);
    for (const [key, queue] of this.queues) if (queue.portNo === portNo) this.queues.delete(key);
    return gone;
  }

  get all(): readonly Port[] {
    return [...this.byNumber.values()];
  }

  get(portNo: number): Port {
    const found = this.byNumber.get(portNo);
    if (found === undefined) throw new OpenflowError(OFPET.BAD_REQUEST, OFPBRC.BAD_PORT);
    return found;
  }

  has(portNo: number): boolean {
    return this.byNumber.has(portNo);
  }

  get live(): readonly number[] {
    return this.all
      .filter(({ config, state }) => (config & OFPPC.PORT_DOWN) === 0 && (state & OFPPS.LINK_DOWN) === 0)
      .map(({ portNo }) => portNo);
  }

  /** Returns the port as it is then. */
  setUp(portNo: number, isUp: boolean): Port {
    const changed = { ...this.get(portNo), state: isUp ? OFPPS.LIVE : OFPPS.LINK_DOWN };
    this.byNumber.set(portNo, changed);
    return changed;
  }

  setConfig(portNo: number, config: number, mask: number): Port {
    const before = this.get(portNo);
    const changed = { ...before, config: (before.config & ~mask) | (config & mask) };
    this.byNumber.set(portNo, changed);
    return changed;
  }

  setCounters(portNo: number, counters: Partial<Omit<PortStats, 'portNo'>>): void {
    this.counters.set(portNo, { ...(this.counters.get(portNo) ?? portStats({ portNo })), ...counters });
  }

  setQueueCounters(
    portNo: number,
    queueId: number,
    counters: Partial<Omit<QueueStats, 'portNo' | 'queueId'>>,
  ): void {
    const key = `${portNo}/${queueId}`;
    this.queues.set(key, { ...(this.queues.get(key) ?? queueStats({ portNo, queueId })), ...counters });
  }

  removeQueue(portNo: number, queueId: number): void {
    this.queues.delete(`${portNo}/${queueId}`);
  }

  /** Open vSwitch answers with an empty list for a port that it does not have. */
  stats(portNo: number): readonly PortStats[] {
    const durationSec = Math.floor(this.ageSec());
    return [...this.counters.values()]
      .filter((one) => portNo === OFPP.ANY || one.portNo === portNo)
      .map((one) => ({ ...one, durationSec }));
  }

  /** Open vSwitch refuses a port it does not have, and a queue that none of the ports has. */
  queueStats(portNo: number, queueId: number): readonly QueueStats[] {
    if (portNo !== OFPP.ANY && !this.has(portNo))
      throw new OpenflowError(OFPET.QUEUE_OP_FAILED, OFPQOFC.BAD_PORT);
    const found = [...this.queues.values()].filter(
      (one) =>
        (portNo === OFPP.ANY || one.portNo === portNo) && (queueId === OFPQ.ALL || one.queueId === queueId),
    );
    if (found.length === 0 && queueId !== OFPQ.ALL) {
      throw new OpenflowError(OFPET.QUEUE_OP_FAILED, OFPQOFC.BAD_QUEUE);
    }
    const durationSec = Math.floor(this.ageSec());
    return found.map((one) => ({ ...one, durationSec }));
  }
}
