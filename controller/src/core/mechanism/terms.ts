/** What both hypervisors are told before a migration begins, so that what may become necessary is possible. */
import type { Mechanism } from '@sluice/agents/contract';
import type { MigrationRequest } from '../request.ts';

/** Left out where the request asks for nothing beyond pre-copy: any hypervisor can do that. */
export function mechanismTerms({ mechanisms, throttleMax }: MigrationRequest): {
  readonly mechanism?: Mechanism;
} {
  const mechanism: Mechanism = {
    ...(mechanisms.some((name) => name !== 'precopy') ? { postcopy: true } : {}),
    ...(throttleMax === null ? {} : { throttle: true }),
  };
  return Object.keys(mechanism).length === 0 ? {} : { mechanism };
}
