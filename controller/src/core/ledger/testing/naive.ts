/**
 * The ledger as one would write it on a napkin: a list of holds, every answer by adding up all of them at every instant
 * at which anything begins or ends. Knows nothing of calendars, rows and chunks; the tests hold the ledger against it.
 */
import {
  buildTopology,
  edgeNfv,
  type HostId,
  type Link,
  type LinkId,
  reversePath,
  shortestPath,
} from '@sluice/topology';
import { bitsPerSec, instant, ZERO } from '@sluice/units';
import type { MigrationId, ReservationId } from '../../ids.ts';
import { DEFAULT_CORE_CONFIG } from '../../index.ts';
import type { CoreConfig, Reservation } from '../../state.ts';
import { type Books, emptyLedger, type Way, type Window } from '../index.ts';

export interface NaiveHold {
  readonly id: number;
  /** Wanted, and as they count. */
  rate: number;
  forward: number;
  reverse: number;
  /** The last is the one that is wanted. */
  ways: readonly Way[];
  guarantee: number;
  window: Window;
  readonly floor: number;
  readonly tenant: string | null;
}

export class NaiveLedger {
  readonly holds: NaiveHold[] = [];
  readonly config: CoreConfig;

  constructor(config: CoreConfig) {
    this.config = config;
  }

  /** Whole bit/s on the way back. */
  back(rate: number): number {
    return Math.ceil(rate * this.config.reverseFraction);
  }

  held(link: LinkId, without: number | null = null): number {
    return this.sum((hold) => (hold.id === without ? 0 : share(hold, link, hold.forward, hold.reverse)));
  }

  /** Only on the last way: nothing is wanted of those that are left. */
  wanted(link: LinkId): number {
    return this.sum((hold) =>
      share({ ...hold, ways: hold.ways.slice(-1) }, link, hold.rate, this.back(hold.rate)),
    );
  }

  /** The one who asks counts its own floor wherever it asks, for it may be about to go there. */
  floorNow(link: Link, own: number | null = null): number {
    const asking = this.holds.filter((hold) => hold.id === own || (hold.forward > 0 && uses(hold, link.id)));
    return Math.max(link.floor, ...asking.map((hold) => hold.floor));
  }

  guaranteed(link: LinkId, at: number, without: number | null = null): number {
    return this.sum((hold) =>
      hold.id !== without && covers(hold.window, at)
        ? share(hold, link, hold.guarantee, this.back(hold.guarantee))
        : 0,
    );
  }

  /** Below zero when the link is overfull. */
  margin(link: Link, at: number, without: number | null, extraFloor: number): number {
    const own = this.holds.find((hold) => hold.id === without);
    const asking = this.holds.filter(
      (hold) => hold.id !== without && covers(hold.window, at) && uses(hold, link.id),
    );
    const floor = Math.max(link.floor, extraFloor, own?.floor ?? 0, ...asking.map((hold) => hold.floor));
    return this.usable(link) - floor - this.guaranteed(link.id, at, without);
  }

  free(link: Link, window: Window, without: number | null = null, extraFloor = 0): number {
    const margins = this.instants(window).map((at) => this.margin(link, at, without, extraFloor));
    return Math.max(0, Math.min(...margins));
  }

  usable(link: Link): number {
    return link.capacity - link.capacity * this.config.headroomFraction;
  }

  /** Everything at which a promise begins or ends in the window, and its own begin. */
  instants({ from, until }: Window): readonly number[] {
    const end = until ?? Number.POSITIVE_INFINITY;
    const edges = this.holds.flatMap(({ window }) => [window.from, window.until ?? Number.POSITIVE_INFINITY]);
    return [from, ...edges.filter((time) => time > from && time < end)];
  }

  /** Both promises, on every link and at every instant from now on. */
  isKept(links: readonly Link[], now: number): boolean {
    return links.every((link) => {
      const alone = new NaiveLedger(this.config);
      alone.holds.push(...this.holds.filter((hold) => uses(hold, link.id)));
      if (this.usable(link) - alone.floorNow(link) - alone.held(link.id) < 0) return false;
      const always = { from: instant(now), until: null };
      return (
        alone.holds.length === 0 || alone.instants(always).every((at) => alone.margin(link, at, null, 0) >= 0)
      );
    });
  }

  private sum(of: (hold: NaiveHold) => number): number {
    return this.holds.reduce((total, hold) => total + of(hold), 0);
  }
}

export const covers = ({ from, until }: Window, at: number): boolean =>
  from <= at && (until === null || at < until);

const uses = (hold: NaiveHold, link: LinkId): boolean => share(hold, link, 1, 1) > 0;

function share({ ways }: NaiveHold, link: LinkId, forward: number, reverse: number): number {
  let total = 0;
  if (ways.some(({ path }) => path.includes(link))) total += forward;
  if (ways.some(({ reversePath }) => reversePath.includes(link))) total += reverse;
  return total;
}

/** Two sites with two ways between them; small capacities, so that links are full soon. */
export function smallBooks(config: Partial<CoreConfig> = {}): Books {
  const topology = buildTopology(
    edgeNfv({
      nic: bitsPerSec(1000),
      capacity: bitsPerSec(1500),
      secondCapacity: bitsPerSec(700),
      floor: bitsPerSec(50),
    }),
  );
  const whole = { ...DEFAULT_CORE_CONFIG, ...config };
  return {
    topology,
    config: whole,
    ledger: emptyLedger({ topology, reverseFraction: whole.reverseFraction, firstReservationId: 1 }),
  };
}

/** From one host to another, not over one of the two transit switches; hosts of one site meet at their switch. */
export function wayBetween({ topology }: Books, from: HostId, to: HostId, avoid: 's3' | 's4'): Way {
  const path = shortestPath(topology, {
    from,
    to,
    residual: (link) => link.capacity,
    rateMin: ZERO.rate,
    isUp: (link) => !link.id.includes(`${avoid}:`),
  });
  if (path === null) throw new RangeError(`no way from ${from} to ${to}`);
  return { path, reversePath: reversePath(topology, path) };
}

export const reservationOf = (id: number, way: Way, rate: number, reverseRate: number): Reservation => ({
  id: id as ReservationId,
  migrationId: `m${id}` as MigrationId,
  path: way.path,
  reversePath: way.reversePath,
  rate: bitsPerSec(rate),
  reverseRate: bitsPerSec(reverseRate),
  match: { sourceIp: '10.0.0.1', destinationIp: '10.0.0.2', destinationPort: 0 },
});

export const windowOf = (from: number, until: number | null): Window => ({
  from: instant(from),
  until: until === null ? null : instant(until),
});
