import { describe, expect, it } from 'vitest';
import {
  COMMAND_IDS_KEPT_MAX,
  type CommandRefusal,
  commandGate,
  type StreamEntry,
  startIntake,
} from './command-intake.ts';
import type { CommandEnvelope } from './contract/index.ts';

const epochs = (highest = 0) => ({
  highest,
  async raise(epoch: number) {
    this.highest = epoch;
  },
});
const envelope = (commandId: string, epoch = 1, migrationId = 'm'): string =>
  JSON.stringify({ commandId, epoch, command: { kind: 'cancel_migration', migrationId, reason: 'test' } });

describe('the door for commands', () => {
  it('refuses what does not follow the contract', async () => {
    const { check } = commandGate(epochs());
    for (const json of [
      undefined,
      '',
      '{',
      '{}',
      envelope('c', -1),
      envelope('c').replace('reason', 'season'),
    ])
      expect(await check(json)).toMatchObject({ refused: { kind: 'malformed' } });
  });

  it('refuses a lower epoch than the highest it has seen', async () => {
    const seen = epochs(3);
    const { check } = commandGate(seen);
    expect(await check(envelope('a', 2))).toEqual({
      refused: { kind: 'stale_epoch', epoch: 2, highest: 3, commandId: 'a' },
    });
    expect(await check(envelope('b', 7))).toHaveProperty('accepted');
    expect(seen.highest).toBe(7);
    expect(await check(envelope('c', 3))).toHaveProperty('refused');
  });

  it('lets a command through once', async () => {
    const { check } = commandGate(epochs());
    expect(await check(envelope('a'))).toHaveProperty('accepted');
    expect(await check(envelope('a'))).toEqual({ refused: { kind: 'duplicate', commandId: 'a' } });
  });

  it('forgets the oldest ids, not the newest', async () => {
    const { check } = commandGate(epochs());
    for (let n = 0; n <= COMMAND_IDS_KEPT_MAX; n += 1) await check(envelope(`c${n}`));
    expect(await check(envelope(`c${COMMAND_IDS_KEPT_MAX}`))).toHaveProperty('refused');
    expect(await check(envelope('c0'))).toHaveProperty('accepted');
  });
});

describe('the intake of commands', () => {
  /** A stream in memory; `read` answers at once and then never. */
  const streamOf = (entries: StreamEntry[]) => {
    const left = new Set(entries.map(({ entryId }) => entryId));
    let read = false;
    return {
      left,
      stream: {
        read: async () => {
          if (read) return new Promise<StreamEntry[]>(() => undefined);
          read = true;
          return entries;
        },
        delete: async (entryId: string) => {
          left.delete(entryId);
        },
      },
    };
  };

  it('deletes what was carried out, refused or malformed', async () => {
    const { stream, left } = streamOf([
      { entryId: '1', json: envelope('a') },
      { entryId: '2', json: 'rubbish' },
      { entryId: '3', json: envelope('a') },
    ]);
    const done: CommandEnvelope[] = [];
    const refused: CommandRefusal[] = [];
    const intake = startIntake({
      stream,
      epochs: epochs(),
      carryOut: async (command) => void done.push(command),
      onRefusal: (refusal) => void refused.push(refusal),
    });
    await expect.poll(() => left.size).toBe(0);
    expect(done.map(({ commandId }) => commandId)).toEqual(['a']);
    expect(refused.map(({ kind }) => kind)).toEqual(['malformed', 'duplicate']);
    intake.close();
  });

  it('keeps the order within a migration and does not let one migration hold up another', async () => {
    const { stream } = streamOf([
      { entryId: '1', json: envelope('slow', 1, 'x') },
      { entryId: '2', json: envelope('after slow', 1, 'x') },
      { entryId: '3', json: envelope('other', 1, 'y') },
    ]);
    const order: string[] = [];
    let finishSlow: () => void = () => undefined;
    const intake = startIntake({
      stream,
      epochs: epochs(),
      carryOut: async ({ commandId }) => {
        if (commandId === 'slow') await new Promise<void>((resolve) => (finishSlow = resolve));
        order.push(commandId);
      },
      onRefusal: () => undefined,
    });
    await expect.poll(() => order).toEqual(['other']);
    finishSlow();
    await expect.poll(() => order).toEqual(['other', 'slow', 'after slow']);
    intake.close();
  });
});
