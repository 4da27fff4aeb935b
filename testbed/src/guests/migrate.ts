/**
 * Moves a guest of a lab from its host to another without a controller: a driver process on each of the two,
 * rounds at one rate, switchover as soon as the rest fits the downtime limit. Afterwards the guest reads all its memory. For labs
 * whose hosts have no agent: a guest's monitor serves one client at a time.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { HypervisorEvent } from '@sluice/agents';
import { z } from 'zod';
import { run } from '../lab/command.ts';
import type { GuestVerdict } from './control.ts';
import { listeningSchema } from './driver-orders.ts';
import { type DriverProcess, startDriverProcess } from './driver-process.ts';
import { GuestFailure } from './guest-failure.ts';
import { agentGuests, findAnswering, findLabGuests, hostsOf, listLabGuests } from './lab-guests.ts';

/** A gibibyte at 30 Mbit/s. */
const MIGRATION_TIMEOUT_MS = 300_000;
/** A guest that dirties faster than its rate would go on for ever. */
const ROUNDS_MAX = 30;
const DOWNTIME_LIMIT_SEC = 0.3;
/** Ports are free in the lab's own namespaces. */
const PORTS = { first: 49_152, last: 49_407 };
const STALL_LIMIT_MS = 5_000;

export interface DirectMigration {
  readonly prefix: string;
  readonly vmId: string;
  readonly to: string;
  /** Payload; null: as fast as the network goes. */
  readonly rateCapBitsPerSec: number | null;
  readonly downtimeLimitSec?: number;
  readonly onEvent?: (event: HypervisorEvent) => void;
}

export type GuestRound = Extract<HypervisorEvent, { kind: 'round_finished' }>;
export type GuestCompletion = Extract<HypervisorEvent, { kind: 'completed' }>;

export interface MigratedGuest {
  readonly vmId: string;
  readonly from: string;
  readonly to: string;
  readonly rounds: readonly GuestRound[];
  readonly completion: GuestCompletion;
  /** What the guest found when it read all its memory at the destination. */
  readonly verdict: GuestVerdict;
}

/** @throws GuestFailure `unknown_guest`, `bad_guest`, `migration_failed`; LabFailure when it cannot begin */
export async function migrateLabGuest(migration: DirectMigration): Promise<MigratedGuest> {
  const { prefix, vmId, to, rateCapBitsPerSec } = migration;
  const { from, memoryBytes } = sourceOf(migration);
  const events: HypervisorEvent[] = [];
  const migrationId = `direct-${vmId}-${Date.now()}`;
  const open: DriverProcess[] = [];
  try {
    const destination = await driverOf(prefix, to, (event) => take(event));
    open.push(destination);
    const source = await driverOf(prefix, from, (event) => {
      take(event);
      if (event.kind === 'round_finished') void decide(source, event, migration).catch(ignoreEnded);
    });
    open.push(source);
    const incoming = { migrationId, vmId, memoryBytes };
    const at = listeningSchema.parse(await destination.order({ kind: 'prepare_incoming', incoming }));
    const outgoing = { migrationId, vmId, destination: at, rateCapBitsPerSec };
    await source.order({ kind: 'start_migration', outgoing });
    const completion = await endOf(events, vmId);
    return {
      ...{ vmId, from, to, completion },
      rounds: events.filter((event) => event.kind === 'round_finished'),
      verdict: await verdictOf(prefix, vmId),
    };
  } finally {
    for (const driver of open.reverse()) await driver.close();
  }

  function take(event: HypervisorEvent): void {
    events.push(event);
    migration.onEvent?.(event);
  }
}

/** A round may end after the migration has: then there is nothing left to decide. */
const ignoreEnded = (): void => undefined;

function sourceOf({ prefix, vmId, to }: DirectMigration): {
  readonly from: string;
  readonly memoryBytes: number;
} {
  const [guest, ...others] = findLabGuests(prefix, vmId);
  const hosts = hostsOf(prefix);
  const problems = [
    ...(guest === undefined || others.length > 0
      ? [`${vmId} is on ${listLabGuests(prefix).filter((one) => one.record.vmId === vmId).length} hosts`]
      : []),
    ...(hosts.includes(to) ? [] : [`there is no host ${to}, but ${hosts.join(', ')}`]),
    ...(guest?.host === to ? [`${vmId} is on ${to} already`] : []),
  ];
  if (guest === undefined || problems.length > 0) throw new GuestFailure({ code: 'bad_guest', problems });
  return { from: guest.host, memoryBytes: guest.record.memoryBytes };
}

async function driverOf(
  prefix: string,
  host: string,
  onEvent: (event: HypervisorEvent) => void,
): Promise<DriverProcess> {
  const { guestsDir, launchIncoming } = agentGuests(prefix, host);
  const options = {
    ...{ guestsDir, launchIncoming, ports: PORTS, stallLimitMs: STALL_LIMIT_MS, dirtyRatePeriodMs: 0 },
    listenIp: await addressOf(`${prefix}-${host}`),
  };
  return startDriverProcess({ prefix, host, options, onEvent });
}

const addressesSchema = z.array(
  z.object({ addr_info: z.array(z.object({ family: z.string(), local: z.string() })) }),
);

/** Of the host's bridge, where it listens for migrations. */
async function addressOf(namespace: string): Promise<string> {
  const text = await run('ip', ['-n', namespace, '-json', 'address', 'show', 'dev', 'br0']);
  const addresses = addressesSchema.parse(JSON.parse(text)).flatMap((device) => device.addr_info);
  const own = addresses.find((address) => address.family === 'inet');
  if (own === undefined)
    throw new GuestFailure({ code: 'bad_guest', problems: [`${namespace} has no address`] });
  return own.local;
}

function decide(source: DriverProcess, round: GuestRound, migration: DirectMigration): Promise<unknown> {
  const { rateCapBitsPerSec, downtimeLimitSec = DOWNTIME_LIMIT_SEC } = migration;
  const { migrationId } = round;
  const rate = rateCapBitsPerSec ?? (round.transferredBytes * 8) / Math.max(round.durationSec, 1e-3);
  const fits = (round.remainingBytes * 8) / rate <= downtimeLimitSec;
  if (fits || round.round >= ROUNDS_MAX)
    return source.order({ kind: 'begin_switchover', migrationId, rateCapBitsPerSec });
  return source.order({ kind: 'next_round', migrationId, round: round.round + 1, rateCapBitsPerSec });
}

/** Until the source says that it has completed, or either side that it has failed. */
async function endOf(events: readonly HypervisorEvent[], vmId: string): Promise<GuestCompletion> {
  const deadline = performance.now() + MIGRATION_TIMEOUT_MS;
  for (;;) {
    const completion = events.find((event) => event.kind === 'completed');
    if (completion) return completion;
    const failure = events.find((event) => event.kind === 'failed');
    if (failure) throw new GuestFailure({ code: 'migration_failed', vmId, reason: failure.detail });
    if (performance.now() > deadline)
      throw new GuestFailure({ code: 'migration_failed', vmId, reason: 'it has no end' });
    await delay(END_POLL_MS);
  }
}
const END_POLL_MS = 20;

async function verdictOf(prefix: string, vmId: string): Promise<GuestVerdict> {
  const control = await findAnswering(prefix, vmId);
  try {
    return await control.verify();
  } finally {
    control.close();
  }
}
