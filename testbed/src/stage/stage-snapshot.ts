/** Everything outside the hypervisors that a migration may change, as plain data that can be compared. */
import type { Redis } from 'ioredis';
import { run } from '../lab/command.ts';
import { type Lab, type Network, type SwitchSnapshot, snapshotSwitches } from '../lab/index.ts';

export interface StageSnapshot extends SwitchSnapshot {
  /** Keys of reservations and leases, and what lies in the command streams. */
  readonly redis: {
    readonly reservations: readonly string[];
    readonly leases: readonly string[];
    readonly commands: Readonly<Record<string, number>>;
  };
  /** Per hypervisor: the classes of migrations on its NIC. */
  readonly nics: Readonly<Record<string, readonly string[]>>;
}

/** Migrations' classes are numbered from 1:100 on; below are those that stand while the agent runs. */
const FIRST_MIGRATION_CLASS = 0x100;
const ROOT_CLASS = 0xfffe;

export async function snapshotStage(
  lab: Lab,
  network: Network,
  redis: Redis,
  prefix: string,
): Promise<StageSnapshot> {
  const commands: Record<string, number> = {};
  for (const key of await keysBelow(redis, `${prefix}:commands:`)) commands[key] = await redis.xlen(key);
  return {
    ...(await snapshotSwitches(lab, network)),
    redis: {
      reservations: await keysBelow(redis, `${prefix}:reservation`),
      leases: await keysBelow(redis, `${prefix}:lease:`),
      // A stream that was emptied still exists; what counts is what lies in it.
      commands: Object.fromEntries(Object.entries(commands).filter(([, length]) => length > 0)),
    },
    nics: await nicClasses(network),
  };
}

/** That part of it which needs neither Redis nor a switch. */
export async function nicClasses(network: Network): Promise<StageSnapshot['nics']> {
  const nics: Record<string, readonly string[]> = {};
  for (const host of network.hosts.values())
    if (host.kind === 'hypervisor') nics[host.name] = await migrationClasses(host.namespace, host.device);
  return nics;
}

async function keysBelow(redis: Redis, beginning: string): Promise<readonly string[]> {
  return (await redis.keys(`${beginning}*`)).sort();
}

async function migrationClasses(namespace: string, device: string): Promise<readonly string[]> {
  const text = await run('nsenter', [`--net=/run/netns/${namespace}`, 'tc', 'class', 'show', 'dev', device]);
  return text.split('\n').filter((line) => {
    const minor = /^class htb [0-9a-f]+:([0-9a-f]+) /.exec(line)?.[1];
    const number = minor === undefined ? 0 : Number.parseInt(minor, 16);
    return number >= FIRST_MIGRATION_CLASS && number !== ROOT_CLASS;
  });
}
