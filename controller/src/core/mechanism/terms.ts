/** What both hypervisors are told before a migration begins, so that what may become necessary is possible. */
import type { Mechanism } from '@sluice/agents/contract';
import type { Migration, State } from '../state.ts';
import { canPostcopy } from './choose.ts';

/** What QEMU does by itself, but for their number. */
const ANNOUNCE_TIMES = { initialMs: 50, maxMs: 550, stepMs: 100 };

/**
 * Left out where nothing beyond pre-copy may become necessary: any hypervisor can do that. What is only allowed is
 * prepared where both can do it; what was chosen is prepared in any case, and a hypervisor that lacks it says so.
 */
export function mechanismTerms(
  state: State,
  migration: Pick<Migration, 'request' | 'mechanism' | 'source' | 'destination'>,
): { readonly mechanism?: Mechanism } {
  const { mechanisms, throttleMax, hypervisor } = migration.request;
  const isAllowed = mechanisms.some((name) => name !== 'precopy');
  const isChosen = migration.mechanism.name !== 'precopy';
  const rounds = hypervisor?.announceRounds ?? null;
  const cacheBytes = hypervisor?.xbzrleCache ?? null;
  const mechanism: Mechanism = {
    ...(isChosen || (isAllowed && canPostcopy(state, migration)) ? { postcopy: true } : {}),
    ...(throttleMax === null ? {} : { throttle: true }),
    ...(rounds === null ? {} : { announce: { ...ANNOUNCE_TIMES, rounds } }),
    ...(cacheBytes === null ? {} : { xbzrle: { cacheBytes } }),
  };
  return Object.keys(mechanism).length === 0 ? {} : { mechanism };
}
