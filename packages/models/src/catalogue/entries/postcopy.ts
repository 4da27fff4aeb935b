/** `sluice model postcopy` and `sluice model hybrid`. */
import { bytes, fromMbitPerSec, fromSeconds, millis, toSeconds } from '@sluice/units';
import { hybrid, type PostcopyPhase, type PostcopyResult, postcopy } from '../../postcopy.ts';
import { defineModel, type ModelResult } from '../model.ts';
import { numberParameter } from '../parameter.ts';
import { dirtyRatesByRound, ratePolicyNamed, roundsJson, workingSetOf } from './engine.ts';
import {
  ASSUMED,
  energyParameters,
  ratePolicyParameter,
  switchoverParameters,
  vmParameters,
} from './shared.ts';

const phaseParameters = {
  deviceStateBytes: numberParameter({
    unit: 'B',
    min: 0,
    default: 1024 ** 2,
    doc: 'CPU and devices, sent while the VM stands still',
    source: ASSUMED,
  }),
  touchedPagesPerSec: numberParameter({
    unit: 'pages/s',
    min: 0,
    default: 0,
    doc: 'distinct pages that the guest touches at the destination',
    source: ASSUMED,
  }),
  roundTripSec: numberParameter({
    unit: 's',
    min: 0,
    default: 0.001,
    doc: 'what a remote fault waits beside the page itself',
    source: ASSUMED,
  }),
  ...switchoverParameters,
  ...energyParameters,
} as const;

export const postcopyEntry = defineModel({
  name: 'postcopy',
  title: 'Post-copy: the VM runs at the destination while each page is sent once',
  source: 'Hines, Gopalan 2009; the fault model is ours',
  parameters: {
    memoryBytes: vmParameters.memoryBytes,
    rateMbitPerSec: vmParameters.rateMbitPerSec,
    ...phaseParameters,
  },
  compute: (values): ModelResult =>
    postcopyJson(postcopy({ ...phaseOf(values), memory: bytes(values.memoryBytes) })),
});

export const hybridEntry = defineModel({
  name: 'hybrid',
  title: 'Hybrid: some pre-copy rounds, then post-copy of what the last one left',
  source: 'ours, from pre-copy and post-copy',
  parameters: {
    ...vmParameters,
    ratePolicy: ratePolicyParameter,
    rounds: numberParameter({
      unit: null,
      integer: true,
      min: 0,
      max: 10_000,
      default: 0,
      doc: 'pre-copy rounds after the first',
      source: ASSUMED,
    }),
    ...phaseParameters,
  },
  compute: (values): ModelResult => {
    const memory = bytes(values.memoryBytes);
    const result = hybrid(
      {
        memory,
        dirtyRate: dirtyRatesByRound(values.dirtyRatesMbitPerSec),
        workingSet: workingSetOf(values.workingSetBytes, memory),
        free: fromMbitPerSec(values.rateMbitPerSec),
        ratePolicy: ratePolicyNamed(values.ratePolicy, values.rateMbitPerSec),
        rounds: values.rounds,
      },
      phaseOf(values),
    );
    return { ...postcopyJson(result), rounds: roundsJson(result.rounds) };
  },
});

const phaseOf = (values: {
  readonly rateMbitPerSec: number;
  readonly deviceStateBytes: number;
  readonly touchedPagesPerSec: number;
  readonly roundTripSec: number;
  readonly commitSec: number;
  readonly activationSec: number;
  readonly k0: number;
  readonly alpha: number;
}): PostcopyPhase => ({
  rate: fromMbitPerSec(values.rateMbitPerSec),
  deviceState: bytes(values.deviceStateBytes),
  commit: fromSeconds(values.commitSec),
  activation: fromSeconds(values.activationSec),
  faults: { touchedPagesPerSec: values.touchedPagesPerSec, roundTrip: millis(values.roundTripSec * 1000) },
  energy: { k0: values.k0, alpha: values.alpha },
});

const postcopyJson = (result: PostcopyResult): ModelResult => ({
  totalTimeSec: toSeconds(result.totalTime),
  downtimeSec: toSeconds(result.downtime),
  deviceStateSec: toSeconds(result.downtimeParts.deviceState),
  commitSec: toSeconds(result.downtimeParts.commit),
  activationSec: toSeconds(result.downtimeParts.activation),
  pullTimeSec: toSeconds(result.pullTime),
  sentBytes: result.sent,
  remoteFaults: result.remoteFaults,
  stalledSec: result.stalled === null ? null : toSeconds(result.stalled),
  energyJoule: result.energy,
});
