/**
 * The codec: decoding a packet-in of a 60-byte frame, building and encoding a flow mod of three fields and one output.
 * Beside it os-ken (Python), and a floor of bytes written by hand for just these two.
 */
import { action, decodeMessage, encodeMessage, flowMod, instruction, OFPFC, packetIn } from '@oflib/openflow';
import { install, start } from './processes.ts';

const ROUNDS = 15;
const ROUND_MESSAGES = 50_000;
const RING = 1024;

/** Hand-written: the same flow mod, every byte at a literal place; only cookie and xid vary. */
function floorEncode(cookie: bigint, xid: number): Uint8Array {
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

/** Hand-written: the same packet-in, with in_port alone in its match. */
function floorDecode(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    version: view.getUint8(0),
    xid: view.getUint32(4),
    message: {
      type: 'packet_in',
      bufferId: view.getUint32(8),
      totalLen: view.getUint16(12),
      reason: view.getUint8(14),
      tableId: view.getUint8(15),
      cookie: view.getBigUint64(16),
      match: { in_port: view.getUint32(32) },
      data: new Uint8Array(bytes.buffer, bytes.byteOffset + 42, bytes.byteLength - 42),
    },
  };
}

const build = (index: number) =>
  encodeMessage(
    flowMod({
      command: OFPFC.ADD,
      cookie: BigInt(index & 1023),
      priority: 100,
      match: { in_port: 1, eth_dst: '02:00:00:00:00:02', eth_src: '02:00:00:00:00:01' },
      instructions: [instruction.applyActions([action.output({ port: 2 })])],
    }),
    index,
  );

/** Messages a second of each contestant in its best round; they take turns, so a busy moment hits all of them. */
function compare(contestants: readonly ((index: number) => unknown)[]): readonly number[] {
  const ring: unknown[] = new Array(RING).fill(undefined);
  const rates = contestants.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    contestants.forEach((run, which) => {
      const start = performance.now();
      for (let i = 0; i < ROUND_MESSAGES; i++) ring[i % RING] = run(i);
      rates[which]?.push((ROUND_MESSAGES * 1000) / (performance.now() - start));
    });
  }
  return rates.map((list) => Math.max(...list));
}

export async function codec(): Promise<readonly string[]> {
  const data = new Uint8Array(60);
  const packets = Array.from({ length: RING }, (_, index) =>
    encodeMessage(packetIn({ totalLen: 60, match: { in_port: index + 1 }, data }), index),
  );
  const packet = (index: number): Uint8Array => packets[index % RING] as Uint8Array;
  const [decode = 0, floorIn = 0] = compare([
    (index) => decodeMessage(packet(index)),
    (index) => floorDecode(packet(index)),
  ]);
  const [encode = 0, floorOut = 0] = compare([build, (index) => floorEncode(BigInt(index & 1023), index)]);
  const peer = await oskenRates(Buffer.from(packet(0)).toString('hex'));
  return [
    line('decode packet_in (60 B frame)', decode, 5e6, floorIn, peer?.packetIn, 30),
    line('build + encode flow_mod (3 OXM, 1 output)', encode, 2e6, floorOut, peer?.flowMod, 100),
  ];
}

function line(
  what: string,
  rate: number,
  goal: number,
  floor: number,
  osken: number | undefined,
  oskenGoal: number,
): string {
  const millions = (value: number): string => `${(value / 1e6).toFixed(2)} M/s`;
  const peer =
    osken === undefined
      ? 'os-ken cannot be installed here'
      : `${(rate / osken).toFixed(0)} x os-ken's ${Math.round(osken).toLocaleString('en')}/s (goal ${oskenGoal} x)`;
  return `${what}: ${millions(rate)} (goal ${millions(goal)}), ${peer}, ${(rate / floor).toFixed(2)} of bytes by hand`;
}

async function oskenRates(packet: string): Promise<{ packetIn: number; flowMod: number } | undefined> {
  if (install(['python3-os-ken']).length > 0) return undefined;
  const running = start(['/usr/bin/python3', `${import.meta.dirname}/osken_codec.py`, packet], 0);
  try {
    return JSON.parse(await running.line());
  } finally {
    await running.stop();
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const text of await codec()) console.log(text);
}
