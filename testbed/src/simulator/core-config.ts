/** The core's configuration, as far as a story changes it. */
import { type CoreConfig, DEFAULT_CORE_CONFIG } from '@sluice/controller/core';
import { bitsPerSec } from '@sluice/units';
import type { Story } from '../story/index.ts';

export function coreConfigOf({ controller }: Story): CoreConfig {
  const { tenantQuotas, ...same } = controller;
  const given = Object.fromEntries(Object.entries(same).filter(([, value]) => value !== undefined));
  return {
    ...DEFAULT_CORE_CONFIG,
    ...given,
    ...(tenantQuotas ? { tenantQuotas: quotasOf(tenantQuotas) } : {}),
  };
}

const quotasOf = (quotas: NonNullable<Story['controller']['tenantQuotas']>): CoreConfig['tenantQuotas'] =>
  Object.fromEntries(
    Object.entries(quotas).map(([tenant, { migrationsMax, rateMaxBitsPerSec }]) => [
      tenant,
      { migrationsMax, rateMax: rateMaxBitsPerSec === null ? null : bitsPerSec(rateMaxBitsPerSec) },
    ]),
  );
