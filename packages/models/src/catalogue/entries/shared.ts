/** Parameters that several models have, and the same words for them everywhere. */
import { choiceParameter, numberParameter, numbersParameter, optionalNumberParameter } from '../parameter.ts';

export const ASSUMED = 'assumed';

export const energyParameters = {
  alpha: numberParameter({
    unit: null,
    min: 1,
    max: 10,
    default: 2,
    doc: 'exponent of the power P(R) = k0 * R^alpha',
    source: ASSUMED,
  }),
  k0: numberParameter({
    unit: 'W/(Mbit/s)^alpha',
    above: 0,
    default: 1,
    doc: 'scale of the power; with 1 the energy is E/K0',
    source: ASSUMED,
  }),
} as const;

export const vmParameters = {
  memoryBytes: numberParameter({
    unit: 'B',
    above: 0,
    default: 1024 ** 3,
    doc: 'all memory of the VM',
    source: ASSUMED,
  }),
  workingSetBytes: optionalNumberParameter({
    unit: 'B',
    min: 0,
    default: null,
    doc: 'dirtying never leaves this part of the memory; none = all of it',
    source: ASSUMED,
  }),
  dirtyRatesMbitPerSec: numbersParameter({
    unit: 'Mbit/s',
    min: 0,
    default: [80],
    doc: 'how fast the VM dirties memory, round by round; the last holds for all later ones',
    source: ASSUMED,
  }),
  rateMbitPerSec: numberParameter({
    unit: 'Mbit/s',
    above: 0,
    default: 1000,
    doc: 'what the migration may use',
    source: ASSUMED,
  }),
} as const;

export const switchoverParameters = {
  commitSec: numberParameter({
    unit: 's',
    min: 0,
    default: 0,
    doc: 'T_CM, part of the downtime',
    source: ASSUMED,
  }),
  activationSec: numberParameter({
    unit: 's',
    min: 0,
    default: 0,
    doc: 'T_AT, part of the downtime',
    source: ASSUMED,
  }),
} as const;

export const ratePolicyParameter = choiceParameter({
  unit: null,
  choices: ['flat', 'xen-nsdi', 'xen-code', 'bda', 'bda-robust'],
  default: 'flat',
  doc: 'who sets the rate of each round; bda and bda-robust with their floor',
  source: ASSUMED,
});
