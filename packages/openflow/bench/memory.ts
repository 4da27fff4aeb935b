/** Memory of an idle switch: what the controller's process grows by when a thousand of them connect. */
import { connect, type Socket } from 'node:net';
import { script, start } from './processes.ts';

const SWITCHES = 1000;
const GOAL_KIB = 64;

export async function memory(): Promise<readonly string[]> {
  const running = start(['env', 'NODE_OPTIONS=--expose-gc', ...script('idle-controller.ts')], 0);
  try {
    const port = Number(await running.line());
    await residentKib(running.child.pid, () => running.line());
    const warm = await connected(port, 50, 0);
    const before = await residentKib(running.child.pid, () => running.line());
    const sockets = await connected(port, SWITCHES, 1000);
    const after = await residentKib(running.child.pid, () => running.line());
    for (const socket of [...warm, ...sockets]) socket.destroy();
    const each = (after - before) / SWITCHES;
    return [`memory of an idle switch: ${each.toFixed(1)} KiB (goal ${GOAL_KIB} KiB)`];
  } finally {
    await running.stop();
  }
}

/** Resident memory of the controller after it has collected its garbage. */
async function residentKib(pid: number | undefined, line: () => Promise<string>): Promise<number> {
  if (pid === undefined) throw new Error('the controller does not run');
  process.kill(pid, 'SIGUSR2');
  return Number(await line());
}

function connected(port: number, count: number, first: number): Promise<readonly Socket[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => shakenHands(port, first + index + 1)));
}

/** A switch of bytes that answers the request of its features and then keeps silent. */
function shakenHands(port: number, dpid: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', reject);
    socket.on('connect', () => socket.write(Buffer.from('0400000800000001', 'hex')));
    socket.on('data', (chunk: Buffer) => {
      for (let at = 0; at + 8 <= chunk.length; at += chunk.readUInt16BE(at + 2)) {
        if (chunk[at + 1] !== 5) continue;
        const reply = Buffer.alloc(32);
        chunk.copy(reply, 0, at, at + 8);
        reply[1] = 6;
        reply.writeUInt16BE(32, 2);
        reply.writeUInt32BE(dpid, 12);
        reply[20] = 254;
        socket.write(reply, () => resolve(socket));
      }
    });
  });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const line of await memory()) console.log(line);
}
