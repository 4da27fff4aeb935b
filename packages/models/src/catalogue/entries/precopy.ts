/** `sluice model precopy`: the engine with any rate policy and any stop policy. */
import { bitsPerSec, bytes, fromMbitPerSec, fromSeconds, toSeconds } from '@sluice/units';
import { precopy } from '../../precopy.ts';
import { qemuStop } from '../../stop-policies/qemu.ts';
import { CLOUDNET_WINDOW, smartStop } from '../../stop-policies/smart-stop.ts';
import type { StopPolicy } from '../../stop-policies/stop-policy.ts';
import { fixedRounds, threshold, volumeThreshold } from '../../stop-policies/threshold.ts';
import { xenCodeStop, xenModernStop, xenNsdiStop } from '../../stop-policies/xen.ts';
import { defineModel, type ModelResult } from '../model.ts';
import { choiceParameter, numberParameter } from '../parameter.ts';
import { dirtyRatesByRound, ratePolicyNamed, roundsJson, workingSetOf } from './engine.ts';
import { energyParameters, ratePolicyParameter, switchoverParameters, vmParameters } from './shared.ts';

const STOP_POLICIES = [
  'downtime',
  'qemu',
  'threshold',
  'xen-nsdi',
  'xen-code',
  'xen-modern',
  'smart',
  'fixed',
] as const;

export const precopyEntry = defineModel({
  name: 'precopy',
  title: 'The pre-copy engine: V_{i+1} = min(w*T_i, working set), with any rate policy and any stop policy',
  source: 'Clark et al., NSDI 2005, and all that followed',
  parameters: {
    ...vmParameters,
    ratePolicy: ratePolicyParameter,
    stopPolicy: choiceParameter({
      unit: null,
      choices: STOP_POLICIES,
      default: 'downtime',
      doc: 'when the VM is stopped',
      source: 'QEMU migration.c; Callegati, Cerroni 2013; NSDI 2005; xc_linux_save.c; CloudNet, VEE 2011',
    }),
    downtimeMaxSec: numberParameter({
      unit: 's',
      above: 0,
      default: 0.3,
      doc: 'limit of the stop policies downtime and qemu',
      source: "QEMU's default of downtime-limit",
    }),
    thresholdBytes: numberParameter({
      unit: 'B',
      min: 0,
      default: 100 * 1024 ** 2,
      doc: 'limit of the stop policy threshold',
      source: 'Callegati, Cerroni 2013: 100 MB',
    }),
    roundsMax: numberParameter({
      unit: null,
      integer: true,
      min: 0,
      max: 10_000,
      default: 29,
      doc: 'rounds after the first, for downtime, threshold, smart and fixed',
      source: 'DEF_MAX_ITERS of Xen',
    }),
    ...switchoverParameters,
    ...energyParameters,
  },
  compute: (values): ModelResult => {
    const memory = bytes(values.memoryBytes);
    const rate = fromMbitPerSec(values.rateMbitPerSec);
    const result = precopy({
      memory,
      dirtyRate: dirtyRatesByRound(values.dirtyRatesMbitPerSec),
      workingSet: workingSetOf(values.workingSetBytes, memory),
      free: rate,
      ratePolicy: ratePolicyNamed(values.ratePolicy, values.rateMbitPerSec),
      stopPolicy: stopPolicyOf(values),
      ...(values.stopPolicy === 'threshold' ? { coldBelow: bytes(values.thresholdBytes) } : {}),
      switchoverRate: rate,
      commit: fromSeconds(values.commitSec),
      activation: fromSeconds(values.activationSec),
      energy: { k0: values.k0, alpha: values.alpha },
    });
    return {
      stopReason: result.stopReason,
      totalTimeSec: toSeconds(result.totalTime),
      downtimeSec: toSeconds(result.downtime),
      stopAndCopySec: toSeconds(result.downtimeParts.stopAndCopy),
      commitSec: toSeconds(result.downtimeParts.commit),
      activationSec: toSeconds(result.downtimeParts.activation),
      sentBytes: result.sent,
      energyJoule: result.energy,
      rounds: roundsJson(result.rounds),
    };
  },
});

function stopPolicyOf(values: {
  readonly stopPolicy: (typeof STOP_POLICIES)[number];
  readonly rateMbitPerSec: number;
  readonly downtimeMaxSec: number;
  readonly thresholdBytes: number;
  readonly roundsMax: number;
  readonly commitSec: number;
  readonly activationSec: number;
}): StopPolicy {
  const rate = bitsPerSec(values.rateMbitPerSec * 1e6);
  const downtimeLimit = fromSeconds(values.downtimeMaxSec);
  const { roundsMax } = values;
  switch (values.stopPolicy) {
    case 'downtime': {
      const overhead = fromSeconds(values.commitSec + values.activationSec);
      return threshold({ downtimeLimit, switchoverRate: rate, overhead, roundsMax });
    }
    case 'qemu':
      return qemuStop({ downtimeLimit, switchoverRate: null });
    case 'threshold':
      return volumeThreshold({ threshold: bytes(values.thresholdBytes), roundsMax });
    case 'xen-nsdi':
      return xenNsdiStop(rate);
    case 'xen-code':
      return xenCodeStop(rate);
    case 'xen-modern':
      return xenModernStop;
    case 'smart':
      return smartStop({ window: CLOUDNET_WINDOW, roundsMax: Math.max(1, roundsMax) });
    case 'fixed':
      return fixedRounds(roundsMax);
  }
}
