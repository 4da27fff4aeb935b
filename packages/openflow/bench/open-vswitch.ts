/** What Open vSwitch takes from the library, and what a long reply costs beside reading its bytes alone. */
import { connect, type Socket } from 'node:net';
import {
  action,
  createController,
  encodeMessage,
  flowMod,
  flowStatsRequest,
  instruction,
  type Message,
  meterMod,
  OFPFC,
  OFPMC,
  type Switch,
} from '@oflib/openflow';
import { hasOpenVswitch, OpenVswitch } from '../src/testing/open-vswitch.ts';

const FLOWS = 50_000;
const METERS = 20_000;
const ROUNDS = 3;

export async function openVswitch(): Promise<readonly string[]> {
  if (!hasOpenVswitch()) return ['Open vSwitch is not installed'];
  const vswitch = new OpenVswitch();
  await vswitch.start();
  try {
    const sw = await switchOf(vswitch);
    const lines = [await flows(sw, vswitch), await meters(sw, vswitch), await dump(sw, vswitch)];
    sw.close();
    return lines;
  } finally {
    await vswitch.stop();
  }
}

/** The bridge's own listening socket: we connect, and are its controller all the same. */
function switchOf(vswitch: OpenVswitch): Promise<Switch> {
  const controller = createController();
  return new Promise((resolve) => {
    controller.once('switch', resolve);
    controller.adopt(connect(vswitch.managementSocket), 'bridge');
  });
}

const match = (index: number) => ({
  in_port: 1,
  eth_dst: `02:00:00:${hex(index >> 16)}:${hex(index >> 8)}:${hex(index)}`,
});
const hex = (value: number): string => (value & 255).toString(16).padStart(2, '0');

async function flows(sw: Switch, vswitch: OpenVswitch): Promise<string> {
  const mods = Array.from({ length: FLOWS }, (_, index) =>
    flowMod({
      command: OFPFC.ADD,
      match: match(index),
      instructions: [instruction.applyActions([action.output({ port: 2 })])],
    }),
  );
  return install(sw, vswitch, 'flow', mods, flowMod({ command: OFPFC.DELETE }), 200_000);
}

async function meters(sw: Switch, vswitch: OpenVswitch): Promise<string> {
  const mods = Array.from({ length: METERS }, (_, index) =>
    meterMod({
      command: OFPMC.ADD,
      flags: 1,
      meterId: index + 1,
      bands: [{ type: 'drop', rate: 1000, burstSize: 0 }],
    }),
  );
  const clear = meterMod({ command: OFPMC.DELETE, flags: 0, meterId: 0xffffffff, bands: [] });
  return install(sw, vswitch, 'meter', mods, clear, 300_000);
}

/** By the library, and by one write of bytes that were encoded before, in turns. */
async function install(
  sw: Switch,
  vswitch: OpenVswitch,
  what: string,
  mods: readonly Message[],
  clear: Message,
  goal: number,
): Promise<string> {
  const bytes = Buffer.concat(mods.map((mod, index) => encodeMessage(mod, index)));
  let [ours, raw] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round++) {
    await sw.sendBatch([clear]);
    ours = Math.min(ours, await timed(() => sw.sendBatch(mods)));
    await sw.sendBatch([clear]);
    raw = Math.min(raw, await rawExchange(vswitch.managementSocket, bytes, BARRIER_REQUEST, isBarrierReply));
  }
  const rate = perSecond(mods.length, ours);
  return `${what} install, one batch of ${mods.length.toLocaleString('en')}: ${rate} (goal ${goal.toLocaleString('en')}/s), ${(raw / ours).toFixed(2)} of bytes encoded before (${perSecond(mods.length, raw)})`;
}

const BARRIER_REQUEST = Buffer.from('041400080000ffff', 'hex');
const isBarrierReply = (message: Buffer): boolean => message[1] === 21;

async function dump(sw: Switch, vswitch: OpenVswitch): Promise<string> {
  const decoded = await bestOf(() =>
    timed(async () => {
      const { flows: all } = await sw.request(flowStatsRequest(), { timeoutMs: 60_000 });
      if (all.length !== FLOWS) throw new Error(`the dump has ${all.length} flows`);
    }),
  );
  const raw = await bestOf(() =>
    rawExchange(vswitch.managementSocket, Buffer.alloc(0), FLOW_REQUEST, isLastPart),
  );
  const ratio = (decoded / raw).toFixed(2);
  return `dump of ${FLOWS.toLocaleString('en')} flows: ${decoded.toFixed(0)} ms decoded, ${raw.toFixed(0)} ms read alone, ratio ${ratio} (goal 3)`;
}

/** The request of all flows, hand-written. */
const FLOW_REQUEST = Buffer.from(
  `0412003800000002${'0001000000000000'}${'ff000000ffffffffffffffff00000000'}${'00'.repeat(16)}${'0001000400000000'}`,
  'hex',
);
const isLastPart = (message: Buffer): boolean => message[1] === 19 && (message.readUInt16BE(10) & 1) === 0;

/**
 * Milliseconds from the first byte sent to the message that `isLast` waits for; of all others nothing is looked at but
 * their lengths.
 */
function rawExchange(
  path: string,
  bytes: Buffer,
  request: Buffer,
  isLast: (message: Buffer) => boolean,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(path);
    let start = 0;
    let rest: Buffer = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('connect', () => socket.write(Buffer.from('0400000800000001', 'hex')));
    socket.on('data', (chunk: Buffer) => {
      const read = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      while (read.length - at >= 8 && read.length - at >= read.readUInt16BE(at + 2)) {
        const message = read.subarray(at, at + read.readUInt16BE(at + 2));
        if (message[1] === 0) {
          start = performance.now();
          socket.write(bytes);
          socket.write(request);
        } else if (isLast(message)) {
          socket.destroy();
          resolve(performance.now() - start);
          return;
        }
        at += message.length;
      }
      rest = read.subarray(at);
    });
  });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function bestOf(work: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) best = Math.min(best, await work());
  return best;
}

const perSecond = (count: number, ms: number): string =>
  `${Math.round((count * 1000) / ms).toLocaleString('en')}/s`;

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const line of await openVswitch()) console.log(line);
}
