/**
 * Two real guests on one host, one that sends and one that receives, move together. The measure is what the move costs:
 * its total time, and the seconds of their traffic that the applications did not get meanwhile. Chosen mechanisms are
 * compared here with post-copy for both; `mixed-group.ts` compares with pre-copy, too, which takes longer.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustSkip, obstaclesToGuests } from '../src/lab/index.ts';
import { type MixedGroup, type Move, openMixedGroup } from './mixed-group.ts';
import { figures } from './observe.ts';

describe.skipIf(mustSkip('mechanisms of a group of real guests', obstaclesToGuests()))(
  'a sender and a receiver on one host',
  () => {
    let group: MixedGroup;
    let chosen: Move;

    beforeAll(async () => {
      group = await openMixedGroup();
    });
    afterAll(async () => {
      await group?.close();
    });

    const tell = ({ rule, totalTimeSec, lostSec, costSec }: Move) =>
      figures(`both ${rule}`, {
        'total time': `${totalTimeSec.toFixed(1)} s`,
        ...Object.fromEntries(
          Object.entries(lostSec).map(([vm, sec]) => [`${vm} lost`, `${sec.toFixed(1)} s`]),
        ),
        cost: `${costSec.toFixed(1)} s`,
      });

    it('are quoted the mechanisms that suit the traffic of both, and move by them, unharmed', async () => {
      const quoted = await group.quote();
      expect(quoted).toEqual({
        sender: { name: 'postcopy', reason: 'traffic' },
        receiver: { name: 'precopy', reason: 'traffic' },
      });
      chosen = await group.move('chosen');
      tell(chosen);
      expect(chosen.mechanisms).toEqual({ sender: 'postcopy', receiver: 'precopy' });
      expect(await group.stage.guestProblems()).toEqual([]);
    });

    it('move at less cost than by post-copy alone', async () => {
      const fixed = await group.move('postcopy');
      tell(fixed);
      // What the receiver is sent meets the migration at the destination only if it is post-copied.
      expect(chosen.lostSec.receiver).toBeLessThan((fixed.lostSec.receiver ?? 0) / 2);
      expect(chosen.costSec).toBeLessThan(fixed.costSec);
      expect(await group.stage.guestProblems()).toEqual([]);
    });
  },
);
