/** A migration as QEMU does it by itself, beside the controller: its own limits, nobody reserves anything for it. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { findLabGuests, startIncoming } from '../src/guests/index.ts';
import { poll } from '../src/lab/poll.ts';
import type { Monitors, Stage } from '../src/stage/index.ts';
import { monotonicMs, type Window } from '../src/traffic/index.ts';

const PORT = 47_000;
const TIMEOUT_MS = 15_000;
/** QEMU's own defaults. */
const DEFAULTS = { 'downtime-limit': 300, 'max-bandwidth': 128 * 1024 * 1024 };

const capabilitiesSchema = z.array(z.object({ capability: z.string(), state: z.boolean() }));
const progressSchema = z.object({
  status: z.string(),
  ram: z
    .object({ transferred: z.number(), remaining: z.number(), 'dirty-sync-count': z.number() })
    .optional(),
});

export interface DefaultMigration {
  readonly status: string;
  readonly transferredBytes: number;
  readonly remainingBytes: number;
  readonly rounds: number;
  readonly during: Window;
}

/** How far it is after the time; then it is given up, and the guest goes on where it was. */
export async function tryDefaultMigration(
  stage: Stage,
  monitors: Monitors,
  {
    vm,
    from,
    to,
    forMs,
  }: { readonly vm: string; readonly from: string; readonly to: string; readonly forMs: number },
): Promise<DefaultMigration> {
  const { prefix } = stage.lab;
  const source = monitors.at(from, vm);
  const before = await source.execute('query-migrate-capabilities', {}, capabilitiesSchema);
  await startIncoming(prefix, to, vm);
  const destination = await poll('the monitor of the destination', TIMEOUT_MS, async () => {
    try {
      return monitors.at(to, vm);
    } catch {
      return null;
    }
  });
  const uri = `tcp:${stage.network.host(to).ip}:${PORT}`;
  await destination.execute('migrate-incoming', { uri });
  const set = before.filter(({ state }) => state);
  await source.execute('migrate-set-capabilities', {
    capabilities: set.map(({ capability }) => ({ capability, state: false })),
  });
  await source.execute('migrate-set-parameters', DEFAULTS);
  const fromMs = monotonicMs();
  await source.execute('migrate', { uri });
  const ask = () => source.execute('query-migrate', {}, progressSchema);
  while (monotonicMs() - fromMs < forMs && (await ask()).status !== 'completed') await delay(100);
  const { status, ram } = await ask();
  const during = { fromMs, toMs: monotonicMs() };
  if (status !== 'completed') {
    await source.execute('migrate_cancel');
    await poll('the end of the given-up migration', TIMEOUT_MS, async () =>
      (await ask()).status === 'cancelled' ? true : null,
    );
    await destination.execute('quit').catch(() => undefined);
    await poll('one machine again', TIMEOUT_MS, async () =>
      findLabGuests(prefix, vm).length === 1 ? true : null,
    );
  }
  return {
    ...{ status, during },
    transferredBytes: ram?.transferred ?? 0,
    remainingBytes: ram?.remaining ?? 0,
    rounds: ram?.['dirty-sync-count'] ?? 0,
  };
}
