/** Streams put together from captures, against what was sent. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CapturedPacket,
  encodePacket,
  type LayerInput,
  LINK_TYPE,
  TCP_FLAG,
  type TcpEvent,
  tcpStreams,
  WAITING_BYTES_MAX,
  writePcap,
} from './index.ts';

const [a, b] = ['10.0.0.1', '10.0.0.2'];
const flow = { src: a, srcPort: 40_000, dst: b, dstPort: 6653 };

interface Sent {
  readonly seq: number;
  readonly data?: string | Uint8Array;
  readonly flags?: number;
  /** Bytes of the frame that the capture keeps. */
  readonly kept?: number;
}

const ethernet: LayerInput = { type: 'ethernet', dst: '02:00:00:00:00:02', src: '02:00:00:00:00:01' };
const bytesOf = (data: string | Uint8Array): Uint8Array =>
  typeof data === 'string' ? new TextEncoder().encode(data) : data;

function captured(
  { seq, data = '', flags = TCP_FLAG.ACK, kept }: Sent,
  link: readonly LayerInput[] = [ethernet],
): CapturedPacket {
  const frame = encodePacket([
    ...link,
    { type: 'ipv4', src: a, dst: b },
    { type: 'tcp', srcPort: 40_000, dstPort: 6653, seq: seq >>> 0, flags },
    { type: 'payload', data: bytesOf(data) },
  ]);
  return {
    timestampNs: 1n,
    linkType: LINK_TYPE.ETHERNET,
    data: frame.subarray(0, kept),
    originalLength: frame.length,
  };
}

/** Events without the flow and the time, data as text. */
const short = (events: Iterable<TcpEvent>): readonly unknown[] =>
  [...events].map((event) =>
    event.type === 'data'
      ? new TextDecoder().decode(event.data)
      : event.type === 'gap'
        ? event.bytes
        : event.reason,
  );
const told = (...sent: readonly Sent[]): readonly unknown[] =>
  short(tcpStreams(sent.map((one) => captured(one))));
const SYN = { seq: 99, flags: TCP_FLAG.SYN };

describe('a stream', () => {
  it('comes in order, whatever the order of its segments, and ends with FIN', () => {
    const fin = { seq: 109, flags: TCP_FLAG.FIN | TCP_FLAG.ACK };
    expect(
      told(SYN, { seq: 103, data: 'def' }, { seq: 100, data: 'abc' }, fin, { seq: 106, data: 'ghi' }),
    ).toEqual(['abc', 'def', 'ghi', 'fin']);
  });

  it('says every byte once when segments are repeated or overlap', () => {
    const sent = [
      { seq: 100, data: 'abc' },
      { seq: 100, data: 'XXX' },
      { seq: 101, data: 'XXdef' },
      { seq: 99, data: '?' },
    ];
    expect(told(SYN, ...sent)).toEqual(['abc', 'def', 'capture_ended']);
  });

  it('goes on over the end of the sequence numbers', () => {
    const from = 2 ** 32 - 2;
    expect(
      told({ seq: from - 1, flags: TCP_FLAG.SYN }, { seq: from, data: 'abcd' }, { seq: 2, data: 'ef' }),
    ).toEqual(['abcd', 'ef', 'capture_ended']);
  });

  it('tells of bytes that never came before those that came after them', () => {
    expect(told(SYN, { seq: 100, data: 'abc' }, { seq: 110, data: 'xyz' })).toEqual([
      'abc',
      7,
      'xyz',
      'capture_ended',
    ]);
  });

  it('tells at once of bytes that the capture cut off', () => {
    const sent = [
      { seq: 100, data: 'abcdefgh', kept: 14 + 20 + 20 + 3 },
      { seq: 108, data: 'ij' },
    ];
    expect(told(SYN, ...sent)).toEqual(['abc', 5, 'ij', 'capture_ended']);
  });

  it('gives up waiting when too much waits', () => {
    const part = new Uint8Array(60_000);
    const parts = Array.from({ length: 20 }, (_, i) => ({ seq: 200 + i * part.length, data: part }));
    const events = [...tcpStreams([SYN, ...parts].map((one) => captured(one)))];
    expect(events[0]).toMatchObject({ type: 'gap', bytes: 100 });
    expect(20 * part.length).toBeGreaterThan(WAITING_BYTES_MAX);
    expect(events.filter(({ type }) => type === 'data').length).toBe(20);
  });

  it('begins anew when its ports are used again', () => {
    const again = { seq: 4999, flags: TCP_FLAG.SYN };
    expect(told(SYN, { seq: 100, data: 'one' }, again, { seq: 5000, data: 'two' })).toEqual([
      'one',
      'replaced',
      'two',
      'capture_ended',
    ]);
    expect(told(SYN, SYN, { seq: 100, data: 'one' })).toEqual(['one', 'capture_ended']);
  });

  it('is forgotten when too many others came after it', () => {
    const other = captured({ seq: 5, data: 'x' }, [{ ...ethernet }, { type: 'vlan', vid: 1 }]);
    const second = encodePacket([
      ethernet,
      { type: 'ipv4', src: b, dst: a },
      { type: 'tcp', srcPort: 1, dstPort: 2, seq: 5, flags: 0 },
      { type: 'payload', data: bytesOf('y') },
    ]);
    const packets = [other, { ...other, data: second }];
    expect(short(tcpStreams(packets, { flowsMax: 1 }))).toEqual(['x', 'y', 'forgotten', 'capture_ended']);
  });

  it('is found in VXLAN, in cooked captures and on a loopback', () => {
    const tunnel: readonly LayerInput[] = [
      ethernet,
      { type: 'ipv4', src: '192.0.2.1', dst: '192.0.2.2' },
      { type: 'udp', srcPort: 50_000, dstPort: 4789 },
      { type: 'vxlan', vni: 7 },
      ethernet,
    ];
    const inTunnel = captured({ seq: 1, data: 'hi' }, tunnel);
    const { data } = captured({ seq: 1, data: 'hi' }, []);
    const cooked = Uint8Array.from([0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, ...data]);
    const cooked2 = Uint8Array.from([8, 0, ...new Uint8Array(18), ...data]);
    const loop = Uint8Array.from([2, 0, 0, 0, ...data]);
    const all: readonly CapturedPacket[] = [
      inTunnel,
      { ...inTunnel, linkType: LINK_TYPE.LINUX_COOKED, data: cooked },
      { ...inTunnel, linkType: LINK_TYPE.LINUX_COOKED_2, data: cooked2 },
      { ...inTunnel, linkType: LINK_TYPE.NULL, data: loop },
      { ...inTunnel, linkType: LINK_TYPE.RAW, data },
    ];
    for (const packet of all) {
      const events = [...tcpStreams([packet])];
      expect(short(events)).toEqual(['hi', 'capture_ended']);
      expect(events[0]?.flow).toEqual(flow);
    }
  });

  it('is what was sent, for any cutting, order and repetition', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        fc.array(fc.tuple(fc.nat(399), fc.integer({ min: 1, max: 90 })), { maxLength: 30 }),
        fc.nat(2 ** 32 - 1),
        fc.infiniteStream(fc.nat()),
        (stream, extra, base, order) => {
          const pieces: Sent[] = [];
          for (let at = 0; at < stream.length; at += 37)
            pieces.push({ seq: base + 1 + at, data: stream.slice(at, at + 37) });
          for (const [at, size] of extra) {
            const data = stream.slice(at, at + size);
            if (data.length > 0) pieces.push({ seq: base + 1 + at, data });
          }
          const keyed = pieces.map((piece) => [order.next().value as number, piece] as const);
          const shuffled = keyed.sort(([x], [y]) => x - y).map(([, piece]) => piece);
          const packets = [{ seq: base, flags: TCP_FLAG.SYN }, ...shuffled].map((one) => captured(one));
          const data = [...tcpStreams(packets)].flatMap((event) =>
            event.type === 'data' ? [...event.data] : [],
          );
          expect(Uint8Array.from(data)).toEqual(stream);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('survives any bytes in any capture', () => {
    const types = fc.constantFrom(...Object.values(LINK_TYPE), 77);
    fc.assert(
      fc.property(fc.array(fc.tuple(types, fc.uint8Array({ maxLength: 90 }))), (list) => {
        const packets = list.map(([linkType, data]) => ({
          linkType,
          data,
          timestampNs: 0n,
          originalLength: data.length,
        }));
        expect([...tcpStreams(packets)].every(({ timestampNs }) => timestampNs === 0n)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

const hasOvs = spawnSync('ovs-ofctl', ['--version']).status === 0;
if (!hasOvs) console.warn('written captures are not given to Open vSwitch: ovs-ofctl is not installed');

it.skipIf(!hasOvs)('ovs-ofctl finds the messages in a capture that we wrote, as we do', () => {
  // A hello and an echo request, cut in the middle. ovs-ofctl passes over what comes out of order.
  const stream = Uint8Array.from([4, 0, 0, 8, 0, 0, 0, 1, 4, 2, 0, 12, 0, 0, 0, 2, 1, 2, 3, 4]);
  const cuts = [0, 5, 12, 20];
  const sent = cuts.slice(1).map((to, i) => ({ seq: 100 + (cuts[i] ?? 0), data: stream.slice(cuts[i], to) }));
  const packets = [SYN, ...sent].map((one) => captured(one));
  const folder = mkdtempSync(join(tmpdir(), 'oflib-streams-'));
  try {
    const file = join(folder, 'streams.pcap');
    writeFileSync(file, writePcap(packets));
    const { stdout } = spawnSync('ovs-ofctl', ['ofp-parse-pcap', file], { encoding: 'utf8' });
    expect(stdout).toMatch(/OFPT_HELLO.*xid=0x1[\s\S]*OFPT_ECHO_REQUEST.*xid=0x2/);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const data = [...tcpStreams(packets)].flatMap((event) => (event.type === 'data' ? [...event.data] : []));
  expect(Uint8Array.from(data)).toEqual(stream);
});
