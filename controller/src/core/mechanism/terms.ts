/** What both hypervisors are told before a migration begins, so that what may become necessary is possible. */
import type { Mechanism } from '@sluice/agents/contract';
import type { Migration, State } from '../state.ts';
import { canPostcopy } from './choose.ts';

/**
 * Left out where nothing beyond pre-copy may become necessary: any hypervisor can do that. What is only allowed is
 * prepared where both can do it; what was chosen is prepared in any case, and a hypervisor that lacks it says so.
 */
export function mechanismTerms(
  state: State,
  migration: Pick<Migration, 'request' | 'mechanism' | 'source' | 'destination'>,
): { readonly mechanism?: Mechanism } {
  const { mechanisms, throttleMax } = migration.request;
  const isAllowed = mechanisms.some((name) => name !== 'precopy');
  const isChosen = migration.mechanism.name !== 'precopy';
  const mechanism: Mechanism = {
    ...(isChosen || (isAllowed && canPostcopy(state, migration)) ? { postcopy: true } : {}),
    ...(throttleMax === null ? {} : { throttle: true }),
  };
  return Object.keys(mechanism).length === 0 ? {} : { mechanism };
}
