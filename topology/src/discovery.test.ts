import { bitsPerSec, instant, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  confirmedLinks,
  type DiscoveryEvent,
  type DiscoveryState,
  type DiscoveryStep,
  expire,
  type LinkDownReason,
  LLDP_PERIOD,
  LLDP_PERIODS_MISSED_MAX,
  linkStatus,
  lldpPorts,
  observe,
  observePort,
  startDiscovery,
} from './discovery.ts';
import { buildTopology, type Dpid, type LinkId, type PortNo, type SwitchPort } from './graph.ts';
import { line } from './shapes.ts';

// h1 at s1:1, h2 at s2:1, h3 at s3:1; cables s1:2 – s2:2 and s2:3 – s3:2.
const topology = buildTopology(line({ length: 3, nic: bitsPerSec(1), capacity: bitsPerSec(1) }));
const port = (dpid: number, portNo: number): SwitchPort => ({
  dpid: dpid.toString(16).padStart(16, '0') as Dpid,
  portNo: portNo as PortNo,
});
const [there, back] = ['s1:2>s2:2' as LinkId, 's2:2>s1:2' as LinkId];
const [s1, s2] = [port(1, 2), port(2, 2)];

type Move = (state: DiscoveryState) => DiscoveryStep;
const lldp =
  (from: SwitchPort, to: SwitchPort, at: number): Move =>
  (state) =>
    observe(state, { from, to, now: instant(at) });
const time =
  (at: number): Move =>
  (state) =>
    expire(state, instant(at));
const portIs =
  (which: SwitchPort, isUp: boolean): Move =>
  (state) =>
    observePort(state, { port: which, isUp });
/** Runs the moves and collects what they tell. */
function run(moves: readonly Move[], state = startDiscovery(topology)): DiscoveryStep {
  return moves.reduce<DiscoveryStep>(
    (before, move) => {
      const step = move(before.state);
      return { state: step.state, events: [...before.events, ...step.events] };
    },
    { state, events: [] },
  );
}
const up: DiscoveryEvent[] = [
  { kind: 'link_up', link: there },
  { kind: 'link_up', link: back },
];
const down = (reason: LinkDownReason): DiscoveryEvent[] => [
  { kind: 'link_down', link: there, reason },
  { kind: 'link_down', link: back, reason },
];

/** How long a direction may be silent at the default period. */
const SILENCE_MS = LLDP_PERIOD * LLDP_PERIODS_MISSED_MAX;

describe('discovery', () => {
  it('takes a link as up only when both directions were seen', () => {
    const once = run([lldp(s1, s2, 0), lldp(s1, s2, 500)]);
    expect([once.events, linkStatus(once.state, there)]).toEqual([[], 'unverified']);
    const both = run([lldp(s2, s1, 600)], once.state);
    expect(both.events).toEqual(up);
    expect([linkStatus(both.state, there), linkStatus(both.state, back)]).toEqual(['up', 'up']);
  });
  it('does not add up two directions that were never there together', () => {
    const { state, events } = run([lldp(s1, s2, 0), time(SILENCE_MS + 1), lldp(s2, s1, SILENCE_MS + 100)]);
    expect([events, linkStatus(state, there)]).toEqual([[], 'unverified']);
  });
  it('takes a link down when one direction has been silent for longer than the periods allowed', () => {
    const { state } = run([lldp(s1, s2, 0), lldp(s2, s1, 0), lldp(s1, s2, 1000)]);
    expect(run([time(SILENCE_MS)], state).events).toEqual([]);
    const late = run([time(SILENCE_MS + 1)], state);
    expect(late.events).toEqual(down('lldp_missing'));
    expect(run([time(SILENCE_MS + 4000)], late.state).events).toEqual([]);
    expect(run([lldp(s1, s2, SILENCE_MS + 50), lldp(s2, s1, SILENCE_MS + 100)], late.state).events).toEqual(
      up,
    );
  });
  it('counts periods of the length that it was given', () => {
    const slow = startDiscovery(topology, { period: millis(2000) });
    const { state } = run([lldp(s1, s2, 0), lldp(s2, s1, 0)], slow);
    expect([
      run([time(4 * SILENCE_MS)], state).events,
      run([time(4 * SILENCE_MS + 1)], state).events,
    ]).toEqual([[], down('lldp_missing')]);
  });
  it('takes a link down at once with a port of it, and up again only after both directions', () => {
    const { state } = run([lldp(s1, s2, 0), lldp(s2, s1, 0)]);
    const lost = run([portIs(s2, false), portIs(s1, false)], state);
    expect(lost.events).toEqual(down('port_down'));
    const returned = run([portIs(s2, true), portIs(s1, true), lldp(s1, s2, 10)], lost.state);
    expect([returned.events, linkStatus(returned.state, there)]).toEqual([[], 'down']);
    expect(run([lldp(s2, s1, 20)], returned.state).events).toEqual(up);
  });
  it('does not count LLDP that was still on its way when the port went down', () => {
    const { state } = run([lldp(s1, s2, 0), lldp(s2, s1, 0), portIs(s2, false)]);
    const late = run([lldp(s1, s2, 5), lldp(s2, s1, 5)], state);
    expect([late.events, linkStatus(late.state, there)]).toEqual([[], 'down']);
  });
  it('lets the link of a host follow its port', () => {
    const link = 'h1>s1:1' as LinkId;
    const { state, events } = run([portIs(port(1, 1), true), portIs(port(1, 1), true)]);
    expect(events).toEqual([
      { kind: 'link_up', link },
      { kind: 'link_up', link: 's1:1>h1' },
    ]);
    expect(run([time(1e6)], state).events).toEqual([]);
    expect(run([portIs(port(1, 1), false)], state).events).toEqual([
      { kind: 'link_down', link, reason: 'port_down' },
      { kind: 'link_down', link: 's1:1>h1', reason: 'port_down' },
    ]);
  });
  it('reports a cable between ports that the inventory does not cable, and adds no link', () => {
    const { state, events } = run([lldp(port(7, 1), port(3, 9), 0), lldp(port(1, 8), port(1, 9), 0)]);
    expect(events).toEqual([
      { kind: 'unknown_link', from: port(7, 1), to: port(3, 9) },
      { kind: 'unknown_link', from: port(1, 8), to: port(1, 9) },
    ]);
    expect(state.links).toEqual(startDiscovery(topology).links);
  });
  it('tells which links of the inventory are cabled otherwise, at whichever end that shows', () => {
    const { events } = run([
      lldp(s1, port(3, 2), 0),
      lldp(port(7, 1), s2, 0),
      lldp(s2, port(1, 9), 0),
      lldp(s1, s1, 0),
    ]);
    expect(events).toEqual([
      { kind: 'miscabled', from: s1, to: port(3, 2), expected: [there, 's3:2>s2:3'] },
      { kind: 'miscabled', from: port(7, 1), to: s2, expected: [back] },
      { kind: 'miscabled', from: s2, to: port(1, 9), expected: [back] },
      { kind: 'miscabled', from: s1, to: s1, expected: [there, there] },
    ]);
  });
  it('takes a link down at once when its cable shows up elsewhere, with the link that should end there', () => {
    const far = ['s2:3>s3:2', 's3:2>s2:3'] as LinkId[];
    const { state } = run([
      ...[s1, s2].flatMap((from) => [lldp(from, from === s1 ? s2 : s1, 0)]),
      lldp(port(2, 3), port(3, 2), 0),
      lldp(port(3, 2), port(2, 3), 0),
    ]);
    const swapped = run([lldp(s1, port(3, 2), 100)], state);
    expect(swapped.events).toEqual([
      { kind: 'miscabled', from: s1, to: port(3, 2), expected: [there, far[1]] },
      ...down('miscabled'),
      ...far.map((link) => ({ kind: 'link_down', link, reason: 'miscabled' })),
    ]);
    expect(topology.linkList.filter(confirmedLinks(swapped.state))).toEqual([]);
  });
  it('keeps a miscabled link out until it has not shown up elsewhere for as long as a link may be silent', () => {
    const seen = (at: number) => [lldp(s1, s2, at), lldp(s2, s1, at)];
    const { state } = run([...seen(0), lldp(s1, port(3, 2), 100)]);
    const split = run([...seen(200), lldp(s1, port(3, 2), 600), ...seen(700)], state);
    expect([split.events, linkStatus(split.state, there)]).toEqual([[], 'down']);
    const early = run([...seen(4000), time(600 + SILENCE_MS), ...seen(600 + SILENCE_MS)], split.state);
    expect(early.events).toEqual([]);
    const late = 601 + SILENCE_MS;
    expect(run([time(late), ...seen(late)], early.state).events).toEqual(up);
  });
  it('believes a cable that was plugged in anew', () => {
    const { state } = run([lldp(s1, port(3, 2), 100), portIs(s1, false), lldp(s1, port(3, 2), 101)]);
    const anew = run([portIs(s1, true), lldp(s1, s2, 200), lldp(s2, s1, 200)], state);
    expect(anew.events).toEqual(up);
  });
  it('reports LLDP that comes from a host, or was sent to one and comes back elsewhere', () => {
    const forged = run([lldp(s2, port(1, 1), 0), lldp(port(2, 1), s1, 0)]);
    expect(forged.events).toEqual([
      { kind: 'lldp_on_host_port', from: s2, to: port(1, 1) },
      { kind: 'lldp_on_host_port', from: port(2, 1), to: s1 },
    ]);
  });
  it('gives one alert for a flood, and another when it starts again', () => {
    const flood = Array.from({ length: 100 }, (_, index) =>
      lldp(port(9, index + 1), port(1, 1), index * 1000),
    );
    const { state, events } = run(flood);
    expect([events.length, state.alertedAt.size]).toEqual([1, 1]);
    const quiet = run([time(99_000 + SILENCE_MS + 1)], state);
    expect([quiet.events, quiet.state.alertedAt.size]).toEqual([[], 0]);
    expect(run([lldp(port(9, 1), port(1, 1), 200_000)], quiet.state).events).toHaveLength(1);
  });
  it('asks for LLDP on the ports between switches only', () => {
    expect([...lldpPorts(topology).values()]).toEqual([[2], [2, 3], [2]]);
  });
  it('tells every change of status as an event, and nothing else, and keeps both directions alike', () => {
    const ports = [port(1, 1), s1, s2, port(2, 3), port(3, 2), port(9, 9)];
    const anyPort = fc.constantFrom(...ports);
    const cable = fc.constantFrom(
      [s1, s2],
      [s2, s1],
      [port(2, 3), port(3, 2)],
      [port(3, 2), port(2, 3)],
      [s1, ports[4]],
    );
    const move = fc.oneof(
      {
        weight: 5,
        arbitrary: cable.map(
          ([from, to]) =>
            (at: number) =>
              lldp(from ?? s1, to ?? s1, at),
        ),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(anyPort, fc.boolean()).map(
          ([which, isUp]) =>
            () =>
              portIs(which, isUp),
        ),
      },
      { weight: 2, arbitrary: fc.constant(time) },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(move, fc.nat({ max: 900 })), { maxLength: 40 }), (script) => {
        const told = new Map<LinkId, string>([...topology.links.keys()].map((id) => [id, 'unverified']));
        let [state, now] = [startDiscovery(topology), 0];
        for (const [make, pause] of script) {
          now += pause;
          const step = make(now)(state);
          state = step.state;
          for (const event of step.events)
            if ('link' in event) told.set(event.link, event.kind.slice('link_'.length));
          for (const link of topology.links.values()) {
            expect(linkStatus(state, link.id)).toBe(told.get(link.id));
            expect(linkStatus(state, link.reverse)).toBe(linkStatus(state, link.id));
            expect(confirmedLinks(state)(link)).toBe(told.get(link.id) === 'up');
          }
        }
      }),
    );
  });
});
