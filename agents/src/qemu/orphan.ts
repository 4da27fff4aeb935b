/**
 * A guest that was in a migration when its agent ended. What can be taken back is taken back; what cannot, and what
 * comes in over a connection, is taken up by the agent that has come after.
 */
import type { Guest } from './guest.ts';
import { type Ongoing, readOngoing } from './ongoing.ts';

/** `none`: nothing is under way any more. `leaving`: it leaves, and nobody knows by which migration. */
export type Fate =
  | { readonly kind: 'none' | 'leaving' }
  | { readonly kind: 'taken_up'; readonly ongoing: Ongoing };

/** @throws QmpError when its monitor does not answer */
export async function settleOrphan(guest: Guest): Promise<Fate> {
  const ongoing = await readOngoing(guest.found);
  const runState = await guest.runState();
  const { status } = await guest.snapshot();
  const isOnItsWay = status === 'device' || status.startsWith('postcopy-');
  const hasLeft = status === 'completed' && runState === 'postmigrate';
  if (ongoing?.side === 'source' && (isOnItsWay || hasLeft)) return { kind: 'taken_up', ongoing };
  const isArriving = status === 'active' || status === 'completed' || isOnItsWay;
  if (ongoing?.side === 'destination' && isArriving) return { kind: 'taken_up', ongoing };
  if (hasLeft || (runState === 'inmigrate' && status === 'setup')) await guest.quit();
  else if (status === 'setup' || status === 'active' || status === 'pre-switchover')
    await guest.execute('migrate_cancel');
  else if (isOnItsWay) return { kind: 'leaving' };
  return { kind: 'none' };
}
