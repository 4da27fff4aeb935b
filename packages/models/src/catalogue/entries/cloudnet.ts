/** `sluice model cloudnet`: smart stop-and-copy, page deltas and redundancy, against Xen's default on the same VM. */
import { type BitsPerSec, bitsPerSec, bytes, toMbitPerSec, toSeconds } from '@sluice/units';
import { type PrecopyResult, precopy } from '../../precopy.ts';
import { CLOUDNET_WINDOW, smartStop } from '../../stop-policies/smart-stop.ts';
import type { StopPolicy } from '../../stop-policies/stop-policy.ts';
import { XEN_ROUNDS_MAX, xenDefaultStop } from '../../stop-policies/xen.ts';
import { cloudnetFigures } from '../figures/rules.ts';
import { defineModel, type ModelResult } from '../model.ts';
import { choiceParameter, numberParameter } from '../parameter.ts';
import { dirtyRatesByRound, workingSetOf } from './engine.ts';
import { vmParameters } from './shared.ts';

const TO_CALIBRATE = 'to be calibrated; the slides give results, not this';

export const cloudnetEntry = defineModel({
  name: 'cloudnet',
  title: 'CloudNet: smart stop-and-copy, page deltas and content redundancy over a wide-area link',
  source: 'Wood, Ramakrishnan, Shenoy, Van der Merwe, VEE 2011',
  figures: cloudnetFigures,
  parameters: {
    ...vmParameters,
    rateMbitPerSec: { ...vmParameters.rateMbitPerSec, default: 100, source: 'inferred from 1.5 GB in 135 s' },
    dirtyRatesMbitPerSec: {
      ...vmParameters.dirtyRatesMbitPerSec,
      default: [60, 85, 120, 70, 110, 90, 60, 95, 50, 100],
    },
    stop: choiceParameter({
      unit: null,
      choices: ['smart', 'xen'],
      default: 'smart',
      doc: "stop at a local minimum of what is left, or by Xen's default rules",
      source: 'VEE 2011',
    }),
    window: numberParameter({
      unit: null,
      integer: true,
      min: 1,
      max: 1000,
      default: CLOUDNET_WINDOW,
      doc: 'rounds to look back for a local minimum',
      source: 'VEE 2011: 5 is best',
    }),
    roundsMax: numberParameter({
      unit: null,
      integer: true,
      min: 1,
      max: 10_000,
      default: XEN_ROUNDS_MAX,
      doc: 'rounds at most, the stop-and-copy not counted',
      source: 'DEF_MAX_ITERS of Xen',
    }),
    deltaRatio: numberParameter({
      unit: null,
      above: 0,
      max: 1,
      default: 1,
      doc: 'size of a page delta, of a page; from the second round on',
      source: TO_CALIBRATE,
    }),
    redundantShare: numberParameter({
      unit: null,
      min: 0,
      max: 0.999,
      default: 0,
      doc: 'share of the content that the other side has; from the second round on',
      source: TO_CALIBRATE,
    }),
  },
  compute: (values): ModelResult => {
    const memory = bytes(values.memoryBytes);
    const rate = bitsPerSec(values.rateMbitPerSec * 1e6);
    const play = (stopPolicy: StopPolicy, wireShare: number) => {
      // Pages move faster than the wire by what is not sent of them.
      const pageRate = bitsPerSec(rate / wireShare);
      return precopy({
        memory,
        dirtyRate: dirtyRatesByRound(values.dirtyRatesMbitPerSec),
        workingSet: workingSetOf(values.workingSetBytes, memory),
        free: rate,
        ratePolicy: ({ round }): BitsPerSec => (round === 0 ? rate : pageRate),
        stopPolicy,
        switchoverRate: pageRate,
      });
    };
    const wireShare = values.deltaRatio * (1 - values.redundantShare);
    const smart = smartStop({ window: values.window, roundsMax: values.roundsMax });
    const ours = play(values.stop === 'smart' ? smart : xenDefaultStop(values.roundsMax), wireShare);
    const xen = play(xenDefaultStop(values.roundsMax), 1);
    const [one, other] = [summary(ours, wireShare), summary(xen, 1)];
    return {
      ...one,
      xen: other,
      dataReduction: 1 - one.sentBytes / other.sentBytes,
      totalTimeReduction: 1 - one.totalTimeSec / other.totalTimeSec,
      stopAndCopyReduction: other.stopAndCopySec === 0 ? 0 : 1 - one.stopAndCopySec / other.stopAndCopySec,
      rounds: ours.rounds.map(({ phase, rate: pageRate, duration, sent, remaining }) => ({
        phase,
        pageRateMbitPerSec: toMbitPerSec(pageRate),
        seconds: toSeconds(duration),
        pageMegabits: (sent * 8) / 1e6,
        remainingMegabits: (remaining * 8) / 1e6,
      })),
    };
  },
});

function summary(result: PrecopyResult, wireShare: number) {
  const first = result.rounds.length > 1 ? (result.rounds[0]?.sent ?? 0) : 0;
  return {
    stopReason: result.stopReason,
    roundCount: result.rounds.length,
    totalTimeSec: toSeconds(result.totalTime),
    stopAndCopySec: toSeconds(result.stopAndCopyTime),
    sentBytes: first + (result.sent - first) * wireShare,
  };
}
