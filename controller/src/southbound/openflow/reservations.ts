/**
 * Reservations in the data plane: queues over OVSDB, meter and entries over OpenFlow, in an order in which nothing
 * is ever promised that is not there. Install: queues, proof of classification, meter, barrier, entries, barrier.
 * Remove: the other way round. What fails is undone on every switch before the failure is told.
 */
import { meterStatsRequest, queueStatsRequest } from '@oflib/openflow';
import {
  type Dpid,
  type Link,
  type LinkId,
  linkById,
  type SwitchHop,
  type SwitchPort,
  switchHops,
  type Topology,
} from '@sluice/topology';
import { type BitsPerSec, type Bytes, bytes, ZERO } from '@sluice/units';
import type { QueueTarget, Reservation, ReservationId } from '../../core/index.ts';
import { type Counters, NetworkFailure } from '../interfaces.ts';
import { KeyedQueue } from '../keyed-queue.ts';
import { messageOf, type TakeNote } from '../note.ts';
import { MIGRATION_QUEUE, type PortKey, portKey } from '../ovsdb/ports.ts';
import type { QueueControl } from '../ovsdb/queues.ts';
import type { ClassificationProver } from './classification.ts';
import type { FlowEntry } from './flow-entry.ts';
import { reservationEntries } from './flows.ts';
import type { ManagedSwitch } from './managed-switch.ts';
import type { MeterCounts } from './meter-counts.ts';
import { type Meter, type MeterRange, meterFor } from './meters.ts';
import { rerouting } from './rerouting.ts';
import { contentsOf, NOTHING } from './switch-contents.ts';

export interface ReservationsOptions {
  readonly topology: Topology;
  readonly epoch: number;
  readonly meterRange: MeterRange;
  readonly meterCounts: MeterCounts;
  readonly switchOf: (dpid: Dpid) => ManagedSwitch;
  readonly queues: QueueControl;
  readonly prover: ClassificationProver;
  readonly isUp: (link: LinkId) => boolean;
  readonly note: TakeNote;
}

interface Installed {
  readonly reservation: Reservation;
  readonly meterId: number | null;
}

export class Reservations {
  readonly #options: ReservationsOptions;
  readonly #installed = new Map<ReservationId, Installed>();
  /** Totals of queue 1 in force. */
  readonly #totals = new Map<PortKey, QueueTarget>();
  readonly #order = new KeyedQueue();

  constructor(options: ReservationsOptions) {
    this.#options = options;
  }

  isInUse(key: PortKey): boolean {
    return (this.#totals.get(key)?.rate ?? 0) > 0;
  }

  /** Meters whose traffic enters the network by this link. */
  metersEnteringBy(link: Link): readonly number[] {
    return [...this.#installed.values()].flatMap(({ reservation, meterId }) =>
      meterId !== null && reservation.path[0] === link.id ? [meterId] : [],
    );
  }

  install(reservation: Reservation, queues: readonly QueueTarget[]): Promise<void> {
    return this.#order.run(this.#keysOf(reservation), () => this.#install(reservation, queues));
  }

  resize(reservation: Reservation, queues: readonly QueueTarget[]): Promise<void> {
    return this.#order.run(this.#keysOf(reservation), () => this.#resize(reservation, queues));
  }

  /** From the way on which it is installed to that of `to`, which must be whole. */
  reroute(to: Reservation, queues: readonly QueueTarget[]): Promise<void> {
    const from = this.#installed.get(to.id)?.reservation ?? to;
    return this.#order.run([...new Set([...this.#keysOf(from), ...this.#keysOf(to)])], () =>
      this.#reroute(to, queues),
    );
  }

  remove(reservation: Reservation, queues: readonly QueueTarget[]): Promise<void> {
    return this.#order.run(this.#keysOf(reservation), () => this.#remove(reservation, queues));
  }

  /** What cannot be read is null. */
  async readCounters(reservation: Reservation): Promise<Counters> {
    const [first] = switchHops(this.#options.topology, reservation.path);
    if (!first) return { queueBytes: null, meterBytes: null };
    const target = this.#options.switchOf(first.out.dpid);
    const meterId = this.#installed.get(reservation.id)?.meterId ?? null;
    const [queueBytes, meterBytes] = await Promise.all([
      orNull(() => queueBytesOf(target, first.out)),
      meterId === null ? null : orNull(() => meterBytesOf(target, meterId)),
    ]);
    const total =
      meterId === null || meterBytes === null
        ? null
        : bytes(Number(this.#options.meterCounts.total(first.out.dpid, meterId, meterBytes)));
    return { queueBytes, meterBytes: total };
  }

  async #install(reservation: Reservation, queues: readonly QueueTarget[]): Promise<void> {
    const { prover, switchOf } = this.#options;
    const undo = new UndoStack(this.#options.note);
    try {
      this.#requireUsable(reservation);
      const meter = this.#meterOf(reservation, queues);
      undo.push('queues', this.#restoringQueues(queues));
      await this.#setQueues(queues);
      await prover.prove(queues.filter(({ rate }) => rate > 0).map(({ port }) => port));
      undo.push('entries and meters', () => this.#clear(reservation));
      const { first } = this.#endsOf(reservation);
      if (meter) await switchOf(first.in.dpid).wantNow(partOf(reservation), contentsOf([], [meter]));
      await this.#lay(reservation, meter);
      this.#installed.set(reservation.id, { reservation, meterId: meter?.meterId ?? null });
    } catch (error) {
      await undo.run();
      throw error;
    }
  }

  async #resize(reservation: Reservation, queues: readonly QueueTarget[]): Promise<void> {
    const before = this.#installed.get(reservation.id);
    if (!before) throw new NetworkFailure('rejected', `reservation ${reservation.id} is not installed`);
    const undo = new UndoStack(this.#options.note);
    const setMeter = async () => {
      if (before.meterId === null) return;
      undo.push('meter', () => this.#setMeter(before.reservation));
      await this.#setMeter(reservation);
    };
    const setQueues = async () => {
      undo.push('queues', this.#restoringQueues(queues));
      await this.#setQueues(queues);
    };
    const isRaised = reservation.rate > before.reservation.rate;
    try {
      this.#requireSwitches(reservation);
      // Room is made before a ceiling goes up, and the ceiling comes down before the room goes.
      for (const change of isRaised ? [setQueues, setMeter] : [setMeter, setQueues]) await change();
      this.#installed.set(reservation.id, { ...before, reservation });
    } catch (error) {
      await undo.run();
      throw error;
    }
  }

  async #reroute(to: Reservation, queues: readonly QueueTarget[]): Promise<void> {
    const before = this.#installed.get(to.id);
    if (!before) throw new NetworkFailure('rejected', `reservation ${to.id} is not installed`);
    const { reservation: from, meterId } = before;
    const { topology, epoch, prover, switchOf } = this.#options;
    const undo = new UndoStack(this.#options.note);
    const [more, less] = this.#split(queues);
    try {
      this.#requireUsable(to);
      undo.push('queues', this.#restoringQueues(queues));
      await this.#setQueues(more);
      await prover.prove(more.filter(({ rate }) => rate > 0).map(({ port }) => port));
      undo.push('entries', () =>
        this.#change(to, reservationEntries({ topology, reservation: from, meterId, epoch })),
      );
      if (meterId !== null && to.rate < from.rate) await this.#setMeter(to);
      const plan = rerouting(topology, { from, to, meterId, epoch });
      for (const { dpid, entries } of plan.steps) {
        const target = switchOf(dpid);
        const meters = [...target.wanted(partOf(to)).meters.values()];
        await target.wantNow(partOf(to), contentsOf(entries, meters));
      }
      await this.#change(to, plan.after);
      if (meterId !== null && to.rate > from.rate) await this.#setMeter(to);
      await this.#setQueues(less);
      this.#installed.set(to.id, { ...before, reservation: to });
    } catch (error) {
      await undo.run();
      throw error;
    }
  }

  /** Each switch that has any holds these entries; meters stay where they are. */
  async #change(of: Reservation, entries: ReadonlyMap<Dpid, readonly FlowEntry[]>): Promise<void> {
    const part = partOf(of);
    const installed = this.#installed.get(of.id)?.reservation ?? of;
    const dpids = new Set([...this.#switchesOf(installed), ...this.#switchesOf(of)]);
    await allSettled(
      [...dpids].map(async (dpid) => {
        const target = this.#options.switchOf(dpid);
        const wanted = contentsOf(entries.get(dpid) ?? [], [...target.wanted(part).meters.values()]);
        // A switch behind the broken link may be away: what it holds is made right when it is back.
        if (entries.has(dpid)) await target.wantNow(part, wanted);
        else await target.want(part, wanted).catch(() => {});
      }),
    );
  }

  /** Ports that get at least what they have now, and those that get less. */
  #split(queues: readonly QueueTarget[]): readonly [readonly QueueTarget[], readonly QueueTarget[]] {
    const isMore = ({ port, rate }: QueueTarget) => rate >= (this.#totals.get(portKey(port))?.rate ?? 0);
    return [queues.filter(isMore), queues.filter((queue) => !isMore(queue))];
  }

  async #remove(reservation: Reservation, queues: readonly QueueTarget[]): Promise<void> {
    const installed = this.#installed.get(reservation.id);
    const meterId = installed?.meterId ?? null;
    this.#installed.delete(reservation.id);
    await this.#attempt('entries and meters', () => this.#clear(reservation));
    // It ended while it changed its way: the old one is cleared as well.
    if (installed) await this.#attempt('entries of the former way', () => this.#clear(installed.reservation));
    if (meterId !== null) this.#options.meterCounts.forget(this.#endsOf(reservation).first.in.dpid, meterId);
    await this.#attempt('queues', () => this.#setQueues(queues));
  }

  /** Entries go, barrier, then the meter: deleting it first would take the entries with it unseen. */
  async #clear(reservation: Reservation): Promise<void> {
    const { switchOf } = this.#options;
    const part = partOf(reservation);
    const { first } = this.#endsOf(reservation);
    const wishes = [...this.#switchesOf(reservation)].map(async (dpid) => {
      const target = switchOf(dpid);
      const meter = dpid === first.in.dpid ? this.#meterOfPart(target, part) : null;
      if (meter) await target.want(part, contentsOf([], [meter])).catch(() => {});
      await target.want(part, NOTHING);
    });
    await allSettled(wishes);
  }

  async #lay(reservation: Reservation, meter: Meter | null): Promise<void> {
    const { topology, epoch, switchOf } = this.#options;
    const meterId = meter?.meterId ?? null;
    const entries = reservationEntries({ topology, reservation, meterId, epoch });
    const { first } = this.#endsOf(reservation);
    await allSettled(
      [...entries].map(([dpid, ofSwitch]) => {
        const meters = meter && dpid === first.in.dpid ? [meter] : [];
        return switchOf(dpid).wantNow(partOf(reservation), contentsOf(ofSwitch, meters));
      }),
    );
  }

  async #setMeter(reservation: Reservation): Promise<void> {
    const { meterRange, meterCounts, switchOf } = this.#options;
    const { dpid } = this.#endsOf(reservation).first.in;
    const target = switchOf(dpid);
    const part = partOf(reservation);
    const { entries } = target.wanted(part);
    const meter = meterFor(reservation.id, reservation.rate, meterRange);
    const counted = await orNull(() => meterBytesOf(target, meter.meterId));
    await target.wantNow(part, contentsOf(entries.values(), [meter]));
    if (counted !== null) meterCounts.carry(dpid, meter.meterId, counted);
  }

  #meterOfPart(target: ManagedSwitch, part: string): Meter | null {
    return [...target.wanted(part).meters.values()][0] ?? null;
  }

  /** Without meters two migrations in one queue could take each other's rate, so the second is refused. */
  #meterOf(reservation: Reservation, queues: readonly QueueTarget[]): Meter | null {
    const { meterRange, switchOf } = this.#options;
    const { first } = this.#endsOf(reservation);
    if (switchOf(first.in.dpid).hasMeters) return meterFor(reservation.id, reservation.rate, meterRange);
    const shared = queues.find(({ port }) => this.isInUse(portKey(port)));
    if (!shared) return null;
    throw new NetworkFailure(
      'meters_unsupported',
      `switch ${switchOf(first.in.dpid).name} has no meters, and queue ${MIGRATION_QUEUE} of port ${shared.port.portNo} on ${switchOf(shared.port.dpid).name} is taken by another migration`,
    );
  }

  async #setQueues(targets: readonly QueueTarget[]): Promise<void> {
    for (const target of targets) this.#totals.set(portKey(target.port), target);
    await this.#options.queues.apply(targets);
  }

  #restoringQueues(targets: readonly QueueTarget[]): () => Promise<void> {
    const before = targets.map(
      ({ port }): QueueTarget => this.#totals.get(portKey(port)) ?? { port, rate: ZERO.rate as BitsPerSec },
    );
    return () => this.#setQueues(before);
  }

  #requireUsable(reservation: Reservation): void {
    this.#requireSwitches(reservation);
    for (const id of [...reservation.path, ...reservation.reversePath])
      if (!this.#options.isUp(id)) throw new NetworkFailure('link_unavailable', `link ${id} is not up`);
  }

  #requireSwitches(reservation: Reservation): void {
    for (const dpid of this.#switchesOf(reservation)) this.#options.switchOf(dpid).requireReady();
  }

  #endsOf(reservation: Reservation): { readonly first: SwitchHop } {
    const [first] = switchHops(this.#options.topology, reservation.path);
    if (!first) throw new RangeError(`the path of reservation ${reservation.id} crosses no switch`);
    return { first };
  }

  #switchesOf(reservation: Reservation): ReadonlySet<Dpid> {
    const links = [...reservation.path, ...reservation.reversePath].map((id) =>
      linkById(this.#options.topology, id),
    );
    return new Set(links.flatMap(({ from }) => (from.kind === 'switch' ? [from.dpid] : [])));
  }

  #keysOf(reservation: Reservation): Iterable<string> {
    return this.#switchesOf(reservation);
  }

  async #attempt(what: string, job: () => Promise<void>): Promise<void> {
    await job().catch((error) =>
      this.#options.note({
        level: 'warn',
        event: 'removal_incomplete',
        detail: { what, reason: messageOf(error) },
      }),
    );
  }
}

/** What must be taken back, last first. Its own failures are noted: what cannot be reached is made right on reconnect. */
class UndoStack {
  readonly #jobs: { readonly what: string; readonly job: () => Promise<void> }[] = [];
  readonly #note: TakeNote;

  constructor(note: TakeNote) {
    this.#note = note;
  }

  push(what: string, job: () => Promise<void>): void {
    this.#jobs.push({ what, job });
  }

  async run(): Promise<void> {
    for (const { what, job } of this.#jobs.reverse())
      await job().catch((error) =>
        this.#note({ level: 'warn', event: 'undo_incomplete', detail: { what, reason: messageOf(error) } }),
      );
  }
}

const partOf = (reservation: Reservation): string => `reservation ${reservation.id}`;

/** Waits for all, so that nothing is on its way any more; then throws the first failure. */
async function allSettled(jobs: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(jobs))
    if (outcome.status === 'rejected') throw outcome.reason;
}

async function queueBytesOf(target: ManagedSwitch, port: SwitchPort): Promise<Bytes | null> {
  const { queues } = await target.request(
    queueStatsRequest({ portNo: port.portNo, queueId: MIGRATION_QUEUE }),
  );
  const own = queues.find((queue) => queue.portNo === port.portNo && queue.queueId === MIGRATION_QUEUE);
  return own ? bytes(Number(own.txBytes)) : null;
}

async function meterBytesOf(target: ManagedSwitch, meterId: number): Promise<bigint | null> {
  const { meters } = await target.request(meterStatsRequest({ meterId }));
  const own = meters.find((meter) => meter.meterId === meterId);
  return own?.byteInCount ?? null;
}

const orNull = async <T>(read: () => Promise<T>): Promise<T | null> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NetworkFailure) return null;
    throw error;
  }
};
