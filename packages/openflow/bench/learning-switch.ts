/** Learning-switch answers a second: ours, bytes written by hand, and Open vSwitch's own controller in C. */
import { createServer } from 'node:net';
import type { LoadResult } from './load.ts';
import { install, type Running, script, start } from './processes.ts';

const SECONDS = 3;
const ROUNDS = 3;

interface Contestant {
  readonly name: string;
  /** The running controller and its port. */
  start(): Promise<{ readonly running: Running; readonly port: number }>;
}

const ours: Contestant = { name: 'this library', start: () => listening(script('learning-controller.ts')) };
const floor: Contestant = { name: 'bytes by hand', start: () => listening(script('floor-controller.ts')) };
const peer: Contestant = {
  name: 'ovs-testcontroller',
  async start() {
    const port = await freePort();
    const running = start(
      ['ovs-testcontroller', '-O', 'OpenFlow13', '-vANY:off', '--unixctl=none', `ptcp:${port}:127.0.0.1`],
      CONTROLLER_CPU,
    );
    await reachable(port);
    return { running, port };
  },
};

const CONTROLLER_CPU = 0;
const LOAD_CPU = 1;

async function listening(command: readonly string[]): Promise<{ running: Running; port: number }> {
  const running = start(command, CONTROLLER_CPU);
  return { running, port: Number(await running.line()) };
}

export async function learningSwitch(): Promise<readonly string[]> {
  const missing = install(['openvswitch-testcontroller']);
  const againstC = missing.length === 0 ? [ours, peer] : [ours];
  return [
    ...missing.map((name) => `no peer in C: ${name} is not installed and cannot be`),
    ...(await compared('16 switches x 16 outstanding', 16, 16, againstC, 2)),
    ...(await compared('1 switch x 64 outstanding', 1, 64, againstC, 2)),
    ...(await compared('1 switch x 1 outstanding', 1, 1, [ours, floor], 0.95)),
    ...(await many()),
  ];
}

/** In turns, so that a busy moment of the machine hits all of them; the best round of each counts. */
async function compared(
  what: string,
  switches: number,
  window: number,
  contestants: readonly Contestant[],
  goal: number,
): Promise<readonly string[]> {
  const best = new Map<string, LoadResult>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const contestant of contestants) {
      const result = await measured(contestant, switches, window);
      if (result.perSecond > (best.get(contestant.name)?.perSecond ?? 0)) best.set(contestant.name, result);
    }
  }
  const lines = [...best].map(([name, result]) => `${what}: ${name.padEnd(18)} ${describe(result)}`);
  const [mine, theirs] = contestants.map(({ name }) => best.get(name)?.perSecond ?? Number.NaN);
  if (theirs === undefined || mine === undefined) return lines;
  return [...lines, `${what}: ratio ${(mine / theirs).toFixed(2)} (goal ${goal})`];
}

async function many(): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const switches of [64, 256, 1024]) {
    const result = await measured(ours, switches, 1);
    const share = (result.fairness * 100).toFixed(0);
    lines.push(
      `${switches} switches x 1: ${describe(result)}, the slowest switch has ${share} % of the mean`,
    );
  }
  return lines;
}

const describe = ({ perSecond, p50Us, p99Us, lost }: LoadResult): string =>
  `${Math.round(perSecond).toLocaleString('en')}/s, p50 ${p50Us.toFixed(0)} us, p99 ${p99Us.toFixed(0)} us, ${lost} lost`;

async function measured(contestant: Contestant, switches: number, window: number): Promise<LoadResult> {
  const { running, port } = await contestant.start();
  try {
    const load = start(script('load.ts', port, switches, window, SECONDS), LOAD_CPU);
    const line = await load.line();
    await load.stop();
    return JSON.parse(line);
  } finally {
    await running.stop();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function reachable(port: number): Promise<void> {
  const { connect } = await import('node:net');
  const deadline = performance.now() + 10_000;
  for (;;) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (isThere) return;
    if (performance.now() > deadline) throw new Error(`nobody listens on ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const line of await learningSwitch()) console.log(line);
}
