/** Ports for QEMU to listen on: it does not tell which port its NBD server was given, so we choose. */
import { createServer } from 'node:net';
import { DriverFailure } from '../hypervisor.ts';
import { QmpError } from './qmp/index.ts';

/** QEMU listens at once; somebody else may have taken the port in between, then another one is tried. */
const LISTEN_ATTEMPTS_MAX = 5;

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** A pair of ports that differ in the last bit, both free a moment ago. @throws DriverFailure 'busy' */
export async function freePorts(ip: string, { first, last }: PortRange): Promise<readonly [number, number]> {
  const pairs = Math.floor((last - first + 1) / 2);
  const begin = Math.floor(Math.random() * pairs);
  for (let step = 0; step < pairs; step += 1) {
    const even = first + (first & 1) + 2 * ((begin + step) % pairs);
    if (even + 1 > last) continue;
    if ((await isFree(ip, even)) && (await isFree(ip, even + 1))) return [even, even + 1];
  }
  throw new DriverFailure('busy', `no two neighbouring ports of ${first} to ${last} are free on ${ip}`);
}

/** @throws what the attempt throws, once it is not that a port was taken, or too often */
export async function tryPorts<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = LISTEN_ATTEMPTS_MAX; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      const isTaken = error instanceof QmpError && /in use/i.test(error.desc ?? '');
      if (!isTaken || left <= 1) throw error;
    }
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
