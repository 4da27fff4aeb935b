/**
 * The codec against a floor written by hand for one shape of message: what the generality costs. Both run in
 * turns in the same process; the median of the rounds counts. Run alone: `npm run bench -w @oflib/openflow`.
 */
import {
  action,
  decodeMessage,
  encodeMessage,
  type FlowMod,
  flowMod,
  instruction,
  OFPFC,
  packetIn,
} from '@oflib/openflow';

export interface BenchResult {
  readonly name: string;
  /** Time of ours over time of the floor. */
  readonly ratio: number;
  readonly unit: string;
  readonly lines: string[];
}

const ROUNDS = 15;
const ROUND_MESSAGES = 20_000;
const RING = 1024;

const message = (cookie: bigint): FlowMod =>
  flowMod({
    command: OFPFC.ADD,
    cookie,
    priority: 100,
    match: { in_port: 1, eth_dst: '02:00:00:00:00:02', eth_src: '02:00:00:00:00:01' },
    instructions: [instruction.applyActions([action.output({ port: 2 })])],
  });

/** The same flow mod, every byte at a literal place; only cookie and xid vary. */
function floorEncode({ cookie }: { readonly cookie: bigint }, xid: number): Uint8Array {
  const bytes = new Uint8Array(112);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x040e0070);
  view.setUint32(4, xid);
  view.setBigUint64(8, cookie);
  view.setUint16(30, 100);
  view.setUint32(32, 0xffffffff);
  view.setUint32(36, 0xffffffff);
  view.setUint32(40, 0xffffffff);
  view.setUint32(48, 0x00010020);
  view.setUint32(52, 0x80000004);
  view.setUint32(56, 1);
  view.setUint32(60, 0x80000606);
  view.setUint32(64, 0x02000000);
  view.setUint16(68, 2);
  view.setUint32(70, 0x80000806);
  view.setUint32(74, 0x02000000);
  view.setUint16(78, 1);
  view.setUint32(80, 0x00040018);
  view.setUint32(88, 0x00000010);
  view.setUint32(92, 2);
  view.setUint16(96, 0xffff);
  return bytes.subarray(0, 112);
}

/** The same packet-in, with in_port alone in its match. */
function floorDecode(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    xid: view.getUint32(4),
    type: 'packet_in',
    bufferId: view.getUint32(8),
    totalLen: view.getUint16(12),
    reason: view.getUint8(14),
    tableId: view.getUint8(15),
    cookie: view.getBigUint64(16),
    match: { in_port: view.getUint32(32) },
    data: new Uint8Array(bytes.buffer, bytes.byteOffset + 42, bytes.byteLength - 42),
  };
}

/** Median microseconds a message of each contestant, in turns. */
function compare(contestants: readonly ((index: number) => unknown)[]): readonly number[] {
  const ring: unknown[] = new Array(RING).fill(undefined);
  const times = contestants.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    contestants.forEach((run, which) => {
      const start = performance.now();
      for (let i = 0; i < ROUND_MESSAGES; i++) ring[i % RING] = run(i);
      times[which]?.push(((performance.now() - start) * 1000) / ROUND_MESSAGES);
    });
  }
  return times.map((list) => list.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN);
}

export async function run(): Promise<BenchResult> {
  const mods = Array.from({ length: RING }, (_, index) => message(BigInt(index)));
  const data = new Uint8Array(60);
  const packets = Array.from({ length: RING }, (_, index) =>
    encodeMessage(packetIn({ totalLen: 60, match: { in_port: index + 1 }, data }), index),
  );
  const mod = (index: number): FlowMod => mods[index % RING] as FlowMod;
  const packet = (index: number): Uint8Array => packets[index % RING] as Uint8Array;
  const [ours = 0, floor = 0] = compare([
    (index) => encodeMessage(mod(index), index),
    (index) => floorEncode(mod(index), index),
  ]);
  const [oursIn = 0, floorIn = 0] = compare([
    (index) => decodeMessage(packet(index)),
    (index) => floorDecode(packet(index)),
  ]);
  const line = (what: string, mine: number, theirs: number): string =>
    `${what}: ${mine.toFixed(3)} us a message, floor ${theirs.toFixed(3)} us, ratio ${(mine / theirs).toFixed(2)}`;
  return {
    name: 'openflow codec against hand-written bytes',
    ratio: Math.max(ours / floor, oursIn / floorIn),
    unit: 'times the floor',
    lines: [line('flow_mod encode', ours, floor), line('packet_in decode', oursIn, floorIn)],
  };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { lines } = await run();
  for (const text of lines) console.log(text);
}
