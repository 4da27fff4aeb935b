/** What Open vSwitch takes from the library, and what a long reply costs beside reading its bytes alone. */
import { connect, type Socket } from 'node:net';
import {
  action,
  createController,
  flowMod,
  flowStatsRequest,
  instruction,
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
    const lines = [await flows(sw), await meters(sw), await dump(sw, vswitch)];
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

async function flows(sw: Switch): Promise<string> {
  const mods = Array.from({ length: FLOWS }, (_, index) =>
    flowMod({
      command: OFPFC.ADD,
      match: match(index),
      instructions: [instruction.applyActions([action.output({ port: 2 })])],
    }),
  );
  const best = await bestOf(async () => {
    await sw.sendBatch([flowMod({ command: OFPFC.DELETE })]);
    return timed(() => sw.sendBatch(mods));
  });
  return `flow install, one batch of ${FLOWS.toLocaleString('en')}: ${perSecond(FLOWS, best)} (goal 200,000/s)`;
}

async function meters(sw: Switch): Promise<string> {
  const mods = Array.from({ length: METERS }, (_, index) =>
    meterMod({
      command: OFPMC.ADD,
      flags: 1,
      meterId: index + 1,
      bands: [{ type: 'drop', rate: 1000, burstSize: 0 }],
    }),
  );
  const best = await bestOf(async () => {
    await sw.sendBatch([meterMod({ command: OFPMC.DELETE, flags: 0, meterId: 0xffffffff, bands: [] })]);
    return timed(() => sw.sendBatch(mods));
  });
  return `meter install, one batch of ${METERS.toLocaleString('en')}: ${perSecond(METERS, best)} (goal 300,000/s)`;
}

async function dump(sw: Switch, vswitch: OpenVswitch): Promise<string> {
  const decoded = await bestOf(() =>
    timed(async () => {
      const { flows: all } = await sw.request(flowStatsRequest(), { timeoutMs: 60_000 });
      if (all.length !== FLOWS) throw new Error(`the dump has ${all.length} flows`);
    }),
  );
  const raw = await bestOf(() => rawRead(vswitch.managementSocket));
  const ratio = (decoded / raw).toFixed(2);
  return `dump of ${FLOWS.toLocaleString('en')} flows: ${decoded.toFixed(0)} ms decoded, ${raw.toFixed(0)} ms read alone, ratio ${ratio} (goal 3)`;
}

/** Milliseconds from the same request to its last byte, of which nothing is looked at but lengths. */
function rawRead(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(path);
    let start = 0;
    let rest: Buffer = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('connect', () => socket.write(Buffer.from('0400000800000001', 'hex')));
    socket.on('data', (chunk: Buffer) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      while (bytes.length - at >= 8 && bytes.length - at >= bytes.readUInt16BE(at + 2)) {
        const type = bytes[at + 1];
        if (type === 0) {
          start = performance.now();
          socket.write(
            Buffer.from(
              `0412003800000002${'0001000000000000'}${'ff000000ffffffffffffffff00000000'}${'00'.repeat(16)}${'0001000400000000'}`,
              'hex',
            ),
          );
        } else if (type === 19 && (bytes.readUInt16BE(at + 10) & 1) === 0) {
          socket.destroy();
          resolve(performance.now() - start);
          return;
        }
        at += bytes.readUInt16BE(at + 2);
      }
      rest = bytes.subarray(at);
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
