/** A data plane of memory: records what it was asked, fails when told to, keeps the order of calls. */
import type { LinkId } from '@sluice/topology';
import { bytes } from '@sluice/units';
import type { Heard, QueueTarget, Reservation, ReservationId } from '../core/index.ts';
import type { Counters, Move, Network, NetworkFailure, NetworkStatus, Place } from './interfaces.ts';

export type NetworkCall =
  | {
      readonly kind: 'install' | 'resize' | 'reroute' | 'remove';
      readonly reservation: Reservation;
      readonly queues: readonly QueueTarget[];
    }
  | { readonly kind: 'read_counters'; readonly reservation: Reservation }
  | {
      readonly kind: 'set_forwarding';
      readonly places: readonly Place[];
      readonly moves: readonly Move[];
      readonly linksDown: readonly LinkId[];
    };

export interface FakeNetwork extends Network {
  readonly calls: readonly NetworkCall[];
  /** What is installed now. */
  readonly installed: ReadonlyMap<ReservationId, Reservation>;
  /** What readCounters answers; zeroes for a reservation not in it. */
  readonly counters: Map<ReservationId, Counters>;
  /** The n-th call from now (1 = the next) rejects; `remove` never does, so it is not counted. */
  failAt(n: number, failure: NetworkFailure): void;
  /** Calls wait from now on until the returned function is called. */
  hold(): () => void;
  emit(heard: Heard): void;
  setStatus(status: Partial<NetworkStatus>): void;
}

export function createFakeNetwork(): FakeNetwork {
  const calls: NetworkCall[] = [];
  const installed = new Map<ReservationId, Reservation>();
  const counters = new Map<ReservationId, Counters>();
  const failures = new Map<number, NetworkFailure>();
  let countdownBase = 0;
  let listener: (heard: Heard) => void = () => {};
  let gate: Promise<void> = Promise.resolve();
  let status: NetworkStatus = { ready: false, switches: [], links: [], alerts: [] };

  const enter = async (call: NetworkCall): Promise<void> => {
    calls.push(call);
    const failure = call.kind === 'remove' ? undefined : failures.get(++countdownBase);
    await gate;
    if (failure) throw failure;
  };
  return {
    calls,
    installed,
    counters,
    failAt: (n, failure) => {
      failures.set(countdownBase + n, failure);
    },
    hold: () => {
      let release = () => {};
      gate = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    emit: (heard) => listener(heard),
    setStatus: (change) => {
      status = { ...status, ...change };
    },
    start: async (emit) => {
      listener = emit;
      status = { ...status, ready: true };
    },
    install: async (reservation, queues) => {
      await enter({ kind: 'install', reservation, queues });
      installed.set(reservation.id, reservation);
    },
    resize: async (reservation, queues) => {
      await enter({ kind: 'resize', reservation, queues });
      installed.set(reservation.id, reservation);
    },
    reroute: async (_from, reservation, queues) => {
      await enter({ kind: 'reroute', reservation, queues });
      installed.set(reservation.id, reservation);
    },
    remove: async (reservation, queues) => {
      await enter({ kind: 'remove', reservation, queues });
      installed.delete(reservation.id);
    },
    readCounters: async (reservation) => {
      await enter({ kind: 'read_counters', reservation });
      return counters.get(reservation.id) ?? { queueBytes: bytes(0), meterBytes: bytes(0) };
    },
    setForwarding: async (places, linksDown, moves = []) => {
      await enter({ kind: 'set_forwarding', places, moves, linksDown });
    },
    status: () => status,
    close: async () => {
      listener = () => {};
      status = { ...status, ready: false };
    },
  };
}
