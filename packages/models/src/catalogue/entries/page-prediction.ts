/** `sluice model page-prediction`: pre-copy page by page, with and without holding back pages likely to be dirtied again. */
import { pagePrecopy } from '../../pages/prediction.ts';
import { syntheticTrace } from '../../pages/trace.ts';
import { defineModel, type ModelResult } from '../model.ts';
import { numberParameter } from '../parameter.ts';
import { ASSUMED } from './shared.ts';

const share = (standard: number, doc: string) =>
  numberParameter({ unit: null, min: 0, max: 1, default: standard, doc, source: ASSUMED });
const whole = (standard: number, max: number, doc: string) =>
  numberParameter({ unit: null, integer: true, min: 1, max, default: standard, doc, source: ASSUMED });

export const pagePredictionEntry = defineModel({
  name: 'page-prediction',
  title: 'PPC: do not send pages again and again that are likely to be dirtied again, on a made-up trace',
  source: 'Fang, Chen, Ge, ICMEMTC 2016, read as abstract; the predictor and the trace are ours',
  parameters: {
    pages: whole(65_536, 4_000_000, 'of the VM'),
    pageBytes: numberParameter({
      unit: 'B',
      above: 0,
      default: 4096,
      doc: 'size of a page',
      source: ASSUMED,
    }),
    rateMbitPerSec: numberParameter({
      unit: 'Mbit/s',
      above: 0,
      default: 300,
      doc: 'of the migration',
      source: ASSUMED,
    }),
    roundsMax: whole(29, 1000, 'rounds after the first, the stop-and-copy one of them'),
    thresholdPages: whole(50, 4_000_000, 'so many pages are left to the stop-and-copy'),
    intervals: whole(120, 10_000, 'of the trace; then it begins again'),
    intervalSec: numberParameter({
      unit: 's',
      above: 0,
      default: 0.25,
      doc: 'length of an interval',
      source: ASSUMED,
    }),
    hotShare: share(0.05, 'hot pages, of all'),
    hotProbability: share(0.9, 'that a hot page is written in an interval'),
    coldProbability: share(0.0005, 'that another page is'),
    surgeFrom: numberParameter({
      unit: null,
      integer: true,
      min: 0,
      default: 0,
      doc: 'first interval in which all pages are written alike',
      source: ASSUMED,
    }),
    surgeIntervals: numberParameter({
      unit: null,
      integer: true,
      min: 0,
      default: 0,
      doc: 'how many; 0 for none',
      source: ASSUMED,
    }),
    surgeProbability: share(0.3, 'that a page is written then'),
    weight: share(0.3, 'of the newest interval in the prediction'),
    holdAbove: share(0.5, 'pages likelier than this are held back'),
    seed: whole(1, 2 ** 31 - 1, 'of the trace'),
  },
  check: ({ pages, intervals }) =>
    pages * intervals <= WORK_MAX
      ? []
      : [{ parameter: 'pages', message: `pages x intervals is at most ${WORK_MAX}: give less of either` }],
  compute: (values): ModelResult => {
    const trace = syntheticTrace({
      ...values,
      surge: {
        from: values.surgeFrom,
        to: values.surgeFrom + values.surgeIntervals,
        probability: values.surgeProbability,
      },
    });
    const plan = { ...values, trace, rateBitsPerSec: values.rateMbitPerSec * 1e6 };
    const ppc = pagePrecopy({ ...plan, prediction: { weight: values.weight, holdAbove: values.holdAbove } });
    const plain = pagePrecopy({ ...plan, prediction: null });
    const summary = ({ rounds, totalTimeSec, stopAndCopySec, sentPages }: typeof ppc) => ({
      roundCount: rounds.length,
      totalTimeSec,
      stopAndCopySec,
      sentPages,
    });
    return { trace: 'synthetic', ppc: { ...summary(ppc), hitShare: ppc.hitShare }, plain: summary(plain) };
  },
});

/** Page numbers drawn for a trace. */
const WORK_MAX = 100_000_000;
