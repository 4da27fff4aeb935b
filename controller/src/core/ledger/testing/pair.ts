/**
 * A ledger and a naive one, to which the same happens and which must always answer the same. Streams of everything that
 * can happen to holds, and of time passing; what would break a promise is left out, after both have said so.
 */
import type { HostId, Link, LinkId } from '@sluice/topology';
import { bitsPerSec, instant } from '@sluice/units';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { ReservationId } from '../../ids.ts';
import {
  account,
  advance,
  checkLedger,
  fitsOver,
  freeOver,
  guaranteedOn,
  heldOn,
  holdOf,
  holdsOn,
  type Ledger,
  place,
  queueTargets,
  release,
  reroute,
  residual,
  resize,
  setGuarantee,
  setRate,
  settle,
  tenantUse,
  type Way,
  type Window,
} from '../index.ts';
import { sumsOf } from '../ledger.ts';
import {
  covers,
  type NaiveHold,
  NaiveLedger,
  reservationOf,
  smallBooks,
  wayBetween,
  windowOf,
} from './naive.ts';

export const KINDS = [
  'place',
  'place',
  'resize',
  'settle',
  'reroute',
  'guarantee',
  'release',
  'time',
] as const;
export const act = fc.tuple(fc.constantFrom(...KINDS), fc.nat(9999), fc.nat(9999), fc.nat(9999));
type Act = readonly [(typeof KINDS)[number], number, number, number];

const EMPTY = smallBooks();
export const LINKS: readonly Link[] = EMPTY.topology.linkList;
const HOSTS = [...EMPTY.topology.hosts.keys()];
/** Every way that a hold can take. */
export const WAYS: readonly Way[] = HOSTS.flatMap((from) =>
  HOSTS.filter((to) => to !== from).flatMap((to) =>
    (['s3', 's4'] as const).map((avoid) => wayBetween(EMPTY, from as HostId, to as HostId, avoid)),
  ),
);

/** Both ledgers, to which the same happens. */
export class Pair {
  books = EMPTY;
  naive = new NaiveLedger(EMPTY.config);
  now = 0;
  private nextId = 1;
  private checked: Ledger = EMPTY.ledger;

  get ledger(): Ledger {
    return this.books.ledger;
  }

  pickHold(pick: number): NaiveHold | undefined {
    return this.naive.holds[pick % Math.max(1, this.naive.holds.length)];
  }

  /** Whether something has happened. */
  play([kind, pick, a, b]: Act): boolean {
    if (kind === 'place') return this.place(pick, a, b);
    if (kind === 'time') {
      this.now += pick % 3 === 0 ? (a % 1000) / 7 : a % 100;
      this.books = { ...this.books, ledger: advance(this.ledger, instant(this.now)) };
      return true;
    }
    const hold = this.pickHold(pick);
    if (hold === undefined) return false;
    const id = hold.id as ReservationId;
    const { reservation } = holdOf(this.ledger, id);
    switch (kind) {
      case 'resize': {
        const rate = a % 5 === 0 ? 0 : b % 500;
        const reverse = this.naive.back(rate);
        const asked = { ...reservation, rate: bitsPerSec(rate), reverseRate: bitsPerSec(reverse) };
        const alone = { rate, forward: rate, reverse, ways: hold.ways.slice(-1) };
        if (b % 3 === 0) return this.change(hold, alone, (ledger) => setRate(ledger, asked));
        const larger = {
          rate,
          forward: Math.max(hold.forward, rate),
          reverse: Math.max(hold.reverse, reverse),
        };
        return this.change(hold, larger, (ledger) => resize(ledger, asked));
      }
      case 'settle':
        return this.change(
          hold,
          { forward: hold.rate, reverse: this.naive.back(hold.rate), ways: hold.ways.slice(-1) },
          (ledger) => settle(ledger, id),
        );
      case 'reroute': {
        const way = this.otherWay(hold, a);
        return this.change(hold, { ways: [...hold.ways, way] }, (ledger) => reroute(ledger, id, way));
      }
      case 'guarantee': {
        const window = a % 2 === 0 ? this.windowOf(a, b) : hold.window;
        const guarantee = b % 400;
        return this.change(hold, { guarantee, window }, (ledger) =>
          setGuarantee(ledger, id, bitsPerSec(guarantee), a % 2 === 0 ? window : undefined),
        );
      }
      default:
        this.naive.holds.splice(this.naive.holds.indexOf(hold), 1);
        this.books = { ...this.books, ledger: release(this.ledger, id) };
        return true;
    }
  }

  /** The same hosts by either transit switch. */
  private otherWay(hold: NaiveHold, pick: number): Way {
    const now = hold.ways.at(-1)?.path ?? [];
    const same = WAYS.filter(({ path }) => path[0] === now[0] && path.at(-1) === now.at(-1));
    return same[pick % same.length] as Way;
  }

  private windowOf(a: number, b: number): Window {
    const from = this.now + (a % 3 === 0 ? 0 : (a % 700) - 20);
    const begin = Math.max(0, from);
    return windowOf(begin, b % 6 === 0 ? null : Math.max(begin, this.now) + (b % 300));
  }

  /** What fits by the naive count fits by the ledger's answers, and the other way round. */
  private place(pick: number, a: number, b: number): boolean {
    const way = WAYS[pick % WAYS.length] as Way;
    const rate = a % 3 === 0 ? 0 : a % 400;
    const hold: NaiveHold = {
      id: this.nextId,
      rate,
      forward: rate,
      reverse: this.naive.back(rate),
      ways: [way],
      guarantee: b % 300,
      window: this.windowOf(b, a),
      floor: pick % 4 === 0 ? a % 200 : 0,
      tenant: pick % 3 === 0 ? null : `t${pick % 3}`,
    };
    const reverse = this.naive.back(hold.guarantee);
    const extraFloor = hold.floor === 0 ? null : bitsPerSec(hold.floor);
    const fits =
      uses(way, hold.guarantee, reverse).every(([link, amount]) =>
        fitsOver(this.books, link, bitsPerSec(amount), hold.window, { own: null, extraFloor }),
      ) &&
      uses(way, rate, hold.reverse).every(([link, amount]) => {
        const { floor, ...rest } = account(this.books, link);
        const raised = bitsPerSec(Math.max(floor, rate > 0 ? hold.floor : 0));
        return residual({ ...rest, floor: raised }) >= amount;
      });
    this.naive.holds.push(hold);
    expect(this.naive.isKept(LINKS, this.now)).toBe(fits);
    if (!fits) {
      this.naive.holds.pop();
      return false;
    }
    this.nextId += 1;
    const ledger = place(this.ledger, {
      reservation: reservationOf(hold.id, way, rate, hold.reverse),
      guarantee: bitsPerSec(hold.guarantee),
      window: hold.window,
      applicationFloor: extraFloor,
      tenant: hold.tenant,
      priority: pick % 10,
    });
    this.books = { ...this.books, ledger };
    return true;
  }

  /** Does it if every promise is kept afterwards. */
  private change(hold: NaiveHold, values: Partial<NaiveHold>, by: (ledger: Ledger) => Ledger): boolean {
    const before = { ...hold };
    Object.assign(hold, values);
    if (!this.naive.isKept(LINKS, this.now)) {
      Object.assign(hold, before);
      return false;
    }
    this.books = { ...this.books, ledger: by(this.ledger) };
    return true;
  }

  /** Every third link, one window and one instant for each, other ones each time. */
  compare(turn: number): void {
    const { naive, books } = this;
    for (const [number, link] of LINKS.entries()) {
      if ((number + turn) % 3 !== 0) continue;
      const pick = turn * 31 + number * 17;
      const at = instant(this.now + (pick % 800));
      const [asked, window] = this.asked(pick, at, pick % 3 === 0 ? null : at + (pick % 200));
      const own = (pick % 2 === 0 ? (this.pickHold(pick)?.id ?? null) : null) as ReservationId | null;
      const extraFloor = pick % 5 === 0 ? bitsPerSec(pick % 300) : null;
      const told = account(books, link.id, own);
      equal([
        [heldOn(books.ledger, link.id), naive.held(link.id)],
        [account(books, link.id).floor, naive.floorNow(link)],
        [told.held, naive.held(link.id, own)],
        [told.floor, naive.floorNow(link, own)],
        [guaranteedOn(books, link.id, at), naive.guaranteed(link.id, at)],
        [
          freeOver(books, link.id, asked, { own, extraFloor }),
          naive.free(link, window, own, extraFloor ?? 0),
        ],
        [holdsOn(books.ledger, link.id).length, naive.holds.filter((hold) => isOn(hold, link.id)).length],
      ]);
    }
    this.compareTenants(turn);
    this.compareQueues(turn);
    if (turn % 10 === 0) checkLedger(books, instant(this.now));
    // All was well after the last turn.
    else checkLedger(books, instant(this.now), this.checked);
    this.checked = books.ledger;
  }

  /** A window that may have begun in the past, of which nothing counts any more, and what is left of it. */
  private asked(pick: number, from: number, until: number | null): readonly [asked: Window, left: Window] {
    const begin = pick % 4 === 0 ? Math.max(0, this.now - (pick % 90)) : from;
    return [windowOf(begin, until), windowOf(Math.max(begin, this.now), until)];
  }

  private compareTenants(turn: number): void {
    const from = this.now + (turn % 90);
    const [asked, window] = this.asked(turn, from, turn % 4 === 0 ? null : from + 50);
    for (const tenant of ['t1', 't2', 't3']) {
      const own = this.naive.holds.filter((hold) => hold.tenant === tenant);
      const at = this.naive.instants(window).map((time) => own.filter((hold) => covers(hold.window, time)));
      expect(tenantUse(this.ledger, tenant, asked)).toEqual({
        migrations: Math.max(...at.map((holds) => holds.length)),
        rate: Math.max(...at.map((holds) => holds.reduce((sum, hold) => sum + hold.guarantee, 0))),
      });
    }
  }

  private compareQueues(turn: number): void {
    const hold = this.pickHold(turn);
    if (hold === undefined) return;
    const { reservation } = holdOf(this.ledger, hold.id as ReservationId);
    const told = queueTargets(EMPTY.topology, this.ledger, reservation);
    const links = new Set(hold.ways.flatMap((way) => [...way.path, ...way.reversePath]));
    const ports = LINKS.filter((link) => links.has(link.id) && link.from.kind === 'switch');
    const key = (target: (typeof told)[number]) => `${target.port.dpid}:${target.port.portNo} ${target.rate}`;
    expect(told.map(key).toSorted()).toEqual(
      ports
        .map((link) => ({ port: { ...link.from, portNo: link.fromPort }, rate: this.naive.wanted(link.id) }))
        .map((target) => key(target as never))
        .toSorted(),
    );
  }

  /** Everything ends, in another order than it began. */
  end(): void {
    checkLedger(this.books, instant(this.now));
    for (const hold of this.naive.holds.toSorted((a, b) => (a.id % 7) - (b.id % 7)))
      this.books = { ...this.books, ledger: release(this.ledger, hold.id as ReservationId) };
    checkLedger(this.books, instant(this.now));
    expect(this.ledger.holds.size).toBe(0);
    const sums = sumsOf(this.ledger);
    expect([...sums.tenants]).toEqual([]);
    for (const link of LINKS)
      expect(freeOver(this.books, link.id, windowOf(this.now, null))).toBe(
        freeOver(EMPTY, link.id, windowOf(0, null)),
      );
    for (const number of LINKS.keys()) {
      const { held, wanted, live, raisedFloor, ids, asks } = sums.link(number);
      expect([held, wanted, live, raisedFloor, ids.length, asks.length]).toEqual([0, 0, 0, 0, 0, 0]);
    }
  }
}

/** Quicker than so many expectations. Headrooms are fractions, all else is whole. */
function equal(pairs: readonly (readonly [actual: number, wanted: number])[]): void {
  if (pairs.some(([actual, wanted]) => Math.abs(actual - wanted) > 1e-6))
    expect(pairs.map(([actual]) => actual)).toEqual(pairs.map(([, wanted]) => wanted));
}

export const linkOf = (id: LinkId): Link => LINKS.find((link) => link.id === id) as Link;
const isOn = (hold: NaiveHold, link: LinkId): boolean =>
  hold.ways.some((way) => way.path.includes(link) || way.reversePath.includes(link));

export const uses = (way: Way, forward: number, reverse: number): readonly (readonly [LinkId, number])[] => [
  ...way.path.map((link) => [link, forward] as const),
  ...way.reversePath.map((link) => [link, reverse] as const),
];
