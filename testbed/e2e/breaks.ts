/** How these tests break things on real parts: cables, processes; and what they wait for afterwards. */
import { QmpClient, QmpError } from '@sluice/agents';
import { z } from 'zod';
import { guestFiles } from '../src/guests/guest-files.ts';
import { findLabGuests, type LabGuest } from '../src/guests/index.ts';
import { run } from '../src/lab/command.ts';
import { poll } from '../src/lab/poll.ts';
import type { Stage } from '../src/stage/index.ts';

const LINK_LIMIT_MS = 15_000;
const AGENT_LIMIT_MS = 10_000;
const LEAVE_LIMIT_MS = 10_000;
const REST_LIMIT_MS = 20_000;

/** The cable at this port of a switch, pulled or put back. */
export const cable = (
  stage: Stage,
  at: { readonly switch: string; readonly port: number },
  to: 'up' | 'down',
) =>
  run('ip', [
    ...['-n', stage.lab.switchNamespace, 'link', 'set'],
    ...[stage.network.port(at.switch, at.port).device, to],
  ]);

const topologySchema = z.object({
  links: z.array(z.object({ id: z.string(), status: z.string(), reservedBitsPerSec: z.number() })),
});

export async function linksOf(stage: Stage) {
  const { body } = await stage.ask('GET', '/v1/topology');
  return topologySchema.parse(body).links;
}

export const linksUp = (stage: Stage): Promise<true> =>
  poll('all links up', LINK_LIMIT_MS, async () =>
    (await linksOf(stage)).every((link) => link.status === 'up') ? true : null,
  );

const hostsSchema = z.object({ hosts: z.array(z.object({ agentAlive: z.boolean().nullable() })) });

export const agentsKnown = (stage: Stage): Promise<true> =>
  poll('all agents known', AGENT_LIMIT_MS, async () => {
    const { body } = await stage.ask('GET', '/v1/hosts');
    return hostsSchema.parse(body).hosts.every(({ agentAlive }) => agentAlive !== false) ? true : null;
  });

/** Machines of a guest that live: two while it is on its way. */
export const machinesOf = (stage: Stage, vm: string): readonly LabGuest[] =>
  findLabGuests(stage.lab.prefix, vm);

/** @throws LabFailure when the guest is there twice, or elsewhere, for too long */
export const onlyAt = (stage: Stage, vm: string, host: string): Promise<true> =>
  poll(`${vm} at ${host} alone`, LEAVE_LIMIT_MS, async () => {
    const hosts = machinesOf(stage, vm).map((one) => one.host);
    return hosts.length === 1 && hosts[0] === host ? true : null;
  });

const vmsSchema = z.object({
  vms: z.array(z.object({ name: z.string(), dirtyRateBytesPerSec: z.number() })),
});

/** Its boot is over also in what is known of it: what it writes then says nothing about its workload. */
export const atRest = (stage: Stage, vm: string, bytesPerSecMax: number): Promise<true> =>
  poll(`${vm} at rest`, REST_LIMIT_MS, async () => {
    const { body } = await stage.ask('GET', '/v1/vms');
    const one = vmsSchema.parse(body).vms.find(({ name }) => name === vm);
    return one && one.dirtyRateBytesPerSec < bytesPerSecMax ? true : null;
  });

const MEBIBYTE = 1024 * 1024;
const PRESENT_LIMIT_MS = 500;

/**
 * Has the QEMU of a guest whose post-copy is interrupted look at its memory until it meets a page that has not come:
 * from then on it answers nobody, as when a packet for the guest is to be written there.
 */
export async function standStill(stage: Stage, vm: string, host: string): Promise<void> {
  const guest = machinesOf(stage, vm).find((one) => one.host === host);
  if (!guest) throw new RangeError(`${vm} is not at ${host}`);
  const client = await QmpClient.connect(
    { socketPath: guestFiles(guest.folder, vm).labQmp },
    { commandLimitMs: PRESENT_LIMIT_MS },
  );
  try {
    for (let at = 0; at < guest.record.memoryBytes; at += MEBIBYTE)
      await client.execute('human-monitor-command', { 'command-line': `xp /1wx 0x${at.toString(16)}` });
  } catch (cause) {
    if (cause instanceof QmpError && cause.code === 'timed_out') return;
    throw cause;
  } finally {
    client.close();
  }
  throw new RangeError(`all of the memory of ${vm} has come`);
}
