/** A migration that was to complete: how far it came is told in full when it did not. */
import { expect } from 'vitest';
import type { MigrationView } from '../src/run/controller-client.ts';
import type { Stage } from '../src/stage/index.ts';
import { megabits, type Watch } from './observe.ts';

/** The end of a migration. @throws Error with its account when it has none in time */
export async function untilCompleted(
  stage: Pick<Stage, 'client' | 'untilEnded'>,
  id: string,
  timeoutMs: number,
  seen?: Pick<Watch, 'events'>,
): Promise<MigrationView> {
  const view = await stage.untilEnded(id, timeoutMs).catch(async (cause: unknown) => {
    throw new Error(accountOf(await stage.client.migration(id), seen?.events), { cause });
  });
  expectCompleted(view, seen);
  return view;
}

function expectCompleted(view: MigrationView, seen?: Pick<Watch, 'events'>): void {
  const { outcome, reason, reasonDetail } = view;
  expect({ outcome, reason, reasonDetail }, accountOf(view, seen?.events)).toEqual({
    ...{ outcome: 'completed', reason: null, reasonDetail: null },
  });
}

/** Everything that the controller told of it, a line each. */
function accountOf(view: MigrationView, events: Watch['events'] = []): string {
  const { id, phase, reason, reasonDetail, mechanism, rounds } = view;
  const own = events.filter(({ subject }) => subject === id);
  const first = own[0]?.atMs ?? 0;
  return [
    `${id} by ${mechanism.name}: ${phase}, ${reason ?? 'no reason'}: ${reasonDetail ?? 'no detail'}`,
    ...rounds.map(
      (one) =>
        `round ${one.round} (${one.phase}): ${one.durationSec.toFixed(2)} s, ${megabytes(one.transferredBytes)} sent, ` +
        `${megabytes(one.remainingBytes)} left, ${megabytes(one.dirtyRateBytesPerSec)}/s written, ` +
        `${megabits(one.reservedBitsPerSec)} Mbit/s reserved, ${megabits(one.measuredBitsPerSec)} measured`,
    ),
    ...own.map(({ type, data, atMs }) => `+${Math.round(atMs - first)} ms ${type} ${JSON.stringify(data)}`),
  ].join('\n');
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
