/** `sluice model traffic-sensitive`: pre-copy or post-copy for each VM, by the direction of its traffic. */
import {
  allOf,
  bestChoice,
  byRule,
  type Hosts,
  type Mechanism,
  type MechanismChoice,
  type VmTraffic,
} from '../../rate-policies/traffic-sensitive.ts';
import { trafficSensitiveFigures } from '../figures/rules.ts';
import { defineModel, type ModelResult } from '../model.ts';
import { choiceParameter, numberParameter, numbersParameter } from '../parameter.ts';
import { ASSUMED } from './shared.ts';

const capacity = (doc: string) =>
  numberParameter({
    unit: 'Mbit/s',
    above: 0,
    default: 1000,
    doc,
    source: 'Deshpande, Keahey 2017: 1 Gbit/s NICs',
  });
const others = (doc: string) => numberParameter({ unit: 'Mbit/s', min: 0, default: 0, doc, source: ASSUMED });

export const trafficSensitiveEntry = defineModel({
  name: 'traffic-sensitive',
  title: 'Traffic-sensitive migration: the mechanism of each VM that leaves migration the highest rate',
  source: 'Deshpande, Keahey, FGCS 2017; the model of the rate is ours',
  figures: trafficSensitiveFigures,
  parameters: {
    outMbitPerSec: numbersParameter({
      unit: 'Mbit/s',
      min: 0,
      default: [600, 50],
      doc: 'what each VM sends',
      source: ASSUMED,
    }),
    inMbitPerSec: numbersParameter({
      unit: 'Mbit/s',
      min: 0,
      default: [50, 600],
      doc: 'what each VM receives',
      source: ASSUMED,
    }),
    memoryBytes: numbersParameter({
      unit: 'B',
      min: 0,
      default: [1024 ** 3],
      doc: 'of each VM, or one for all',
      source: ASSUMED,
    }),
    dirtyRatesMbitPerSec: numbersParameter({
      unit: 'Mbit/s',
      min: 0,
      default: [50],
      doc: 'of each VM, or one for all',
      source: ASSUMED,
    }),
    rounds: numberParameter({
      unit: null,
      integer: true,
      min: 0,
      max: 1000,
      default: 4,
      doc: 'n of the pre-copied VMs, n + 1 transfers each',
      source: ASSUMED,
    }),
    sourceOutMbitPerSec: capacity("the source's NIC, outwards"),
    destinationInMbitPerSec: capacity("the destination's NIC, inwards"),
    othersOutMbitPerSec: others('what VMs that stay at the source send'),
    othersInMbitPerSec: others('what VMs at the destination receive'),
    choice: choiceParameter({
      unit: null,
      choices: ['best', 'rule', 'precopy', 'postcopy'],
      default: 'best',
      doc: 'the highest rate; out > in means post-copy; or one mechanism for all',
      source: "the rule is the paper's",
    }),
  },
  check: ({ outMbitPerSec, inMbitPerSec, memoryBytes, dirtyRatesMbitPerSec }) => {
    const count = outMbitPerSec.length;
    const lists = { inMbitPerSec, memoryBytes, dirtyRatesMbitPerSec };
    return Object.entries(lists)
      .filter(([name, list]) => list.length !== count && (name === 'inMbitPerSec' || list.length !== 1))
      .map(([parameter, list]) => ({
        parameter,
        message: `has ${list.length} values for ${count} VMs of outMbitPerSec: give ${count}`,
      }));
  },
  compute: (values): ModelResult => {
    const vms = values.outMbitPerSec.map((out, index) => ({ out, in: values.inMbitPerSec[index] ?? 0 }));
    const hosts = {
      sourceOut: values.sourceOutMbitPerSec - values.othersOutMbitPerSec,
      destinationIn: values.destinationInMbitPerSec - values.othersInMbitPerSec,
    };
    const chosen = choose(values.choice, vms, hosts);
    const compared = {
      ruleRateMbitPerSec: byRule(vms, hosts).rate,
      allPrecopyRateMbitPerSec: allOf('precopy', vms, hosts).rate,
      allPostcopyRateMbitPerSec: allOf('postcopy', vms, hosts).rate,
    };
    if (chosen.rate === 0) return { feasible: false, limits: fullNics(vms, chosen, values), ...compared };
    const valueFor = (list: readonly number[], index: number) => list[index] ?? list[0] ?? 0;
    const times = chosen.mechanisms.map((mechanism, index) =>
      timeSec(mechanism === 'precopy' ? values.rounds : 0, chosen.rate, {
        megabits: (valueFor(values.memoryBytes, index) * 8) / 1e6,
        dirty: valueFor(values.dirtyRatesMbitPerSec, index),
      }),
    );
    return {
      feasible: true,
      mechanisms: chosen.mechanisms,
      exact: chosen.exact,
      rateMbitPerSec: chosen.rate,
      ...compared,
      totalTimeSec: times.reduce((sum, time) => sum + time, 0),
      timesSec: times,
    };
  },
});

function choose(
  choice: 'best' | 'rule' | 'precopy' | 'postcopy',
  vms: readonly VmTraffic[],
  hosts: Hosts,
): MechanismChoice & { readonly exact: boolean } {
  if (choice === 'best') return bestChoice(vms, hosts);
  const chosen = choice === 'rule' ? byRule(vms, hosts) : allOf(choice, vms, hosts);
  return { ...chosen, exact: false };
}

/** NICs that applications alone fill, and the capacity that must be exceeded, Mbit/s. */
function fullNics(
  vms: readonly VmTraffic[],
  { mechanisms }: MechanismChoice,
  values: {
    readonly sourceOutMbitPerSec: number;
    readonly destinationInMbitPerSec: number;
    readonly othersOutMbitPerSec: number;
    readonly othersInMbitPerSec: number;
  },
) {
  const load = (mechanism: Mechanism, traffic: (vm: VmTraffic) => number, others: number) =>
    vms.reduce((sum, vm, index) => sum + (mechanisms[index] === mechanism ? traffic(vm) : 0), others);
  const nics = [
    {
      limit: 'source_out',
      actual: load('precopy', (vm) => vm.out, values.othersOutMbitPerSec),
      allowed: values.sourceOutMbitPerSec,
    },
    {
      limit: 'destination_in',
      actual: load('postcopy', (vm) => vm.in, values.othersInMbitPerSec),
      allowed: values.destinationInMbitPerSec,
    },
  ];
  return nics
    .filter(({ actual, allowed }) => actual >= allowed)
    .map((nic) => ({ ...nic, wouldDo: nic.actual }));
}

/** One VM after the other at the whole rate; volumes never above the memory. */
function timeSec(
  rounds: number,
  rate: number,
  vm: { readonly megabits: number; readonly dirty: number },
): number {
  let volume = vm.megabits;
  let time = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const duration = volume / rate;
    time += duration;
    volume = Math.min(vm.dirty * duration, vm.megabits);
  }
  return time;
}
