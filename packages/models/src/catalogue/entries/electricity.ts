/** `sluice model electricity`: VMs follow cheap electricity over optical links, with a bound on what can be saved. */
import {
  type LinearSolver,
  MILP_GAP,
  MILP_VARIABLES_MAX,
  milpVariables,
  solveMilp,
} from '../../electricity/milp.ts';
import { syntheticProblem } from '../../electricity/prices.ts';
import { type ElectricityProblem, problemsOf } from '../../electricity/problem.ts';
import { planElectricity, type RollingResult } from '../../electricity/rolling.ts';
import { electricityFigures } from '../figures/electricity.ts';
import { defineModel, type ModelResult } from '../model.ts';
import { choiceParameter, fileParameter, itemsParameter, numberParameter } from '../parameter.ts';
import {
  type GivenPrices,
  givenPrices,
  HOURS_MAX,
  type PriceSources,
  priceFiles,
  readSite,
  SITES_MAX,
  type WrittenSite,
} from './electricity-prices.ts';
import { ASSUMED } from './shared.ts';

const count = { unit: null, integer: true, source: ASSUMED } as const;
const watt = (standard: number, doc: string) =>
  numberParameter({ unit: 'W', min: 0, default: standard, doc, source: ASSUMED });

export const electricityEntry = defineModel({
  name: 'electricity',
  title: 'Electricity cost: where to run identical VMs hour by hour, with racks, servers and optical links',
  source: 'Gupta, Mandal, Chowdhury, Tornatore, Mukherjee 2015; formulation, data and bound are ours',
  figures: electricityFigures,
  parameters: {
    method: choiceParameter({
      unit: null,
      choices: ['rolling-horizon', 'milp'],
      default: 'rolling-horizon',
      doc: `hour by hour with a bound, or the program itself, up to ${MILP_VARIABLES_MAX} variables`,
      source: 'our choice',
    }),
    prices: itemsParameter<WrittenSite>({
      unit: null,
      item: 'NAME:PRICE/PRICE/...',
      default: ['synthetic'],
      countMax: SITES_MAX,
      doc: 'a site and its price for each hour; the word synthetic makes them up',
      source: 'synthetic',
      read: readSite,
    }),
    pricesFile: fileParameter({
      unit: null,
      default: 'none',
      doc: 'CSV instead of prices: hour,NAME,NAME... and then a row an hour',
      source: 'our choice',
    }),
    pricesPer: choiceParameter({
      unit: null,
      choices: ['kWh', 'MWh'],
      default: 'kWh',
      doc: 'what given prices are for; markets publish them per MWh',
      source: 'our choice',
    }),
    negativePrices: choiceParameter({
      unit: null,
      choices: ['refuse', 'raise'],
      default: 'refuse',
      doc: 'prices below 0 in a file: an error, or raised to 0 and counted',
      source: 'our choice',
    }),
    sites: numberParameter({ ...count, min: 1, max: SITES_MAX, default: 3, doc: 'how many to make up' }),
    hours: numberParameter({ ...count, min: 1, max: HOURS_MAX, default: 24, doc: 'how many to make up' }),
    seed: numberParameter({ ...count, min: 1, max: 2 ** 31 - 1, default: 1, doc: 'of what is made up' }),
    vms: numberParameter({
      ...count,
      min: 1,
      max: 1_000_000,
      default: 300,
      doc: 'identical VMs, evenly spread',
    }),
    spare: numberParameter({
      unit: null,
      min: 1,
      max: 1000,
      default: 1.5,
      doc: 'places for VMs, of all VMs',
      source: ASSUMED,
    }),
    windowHours: numberParameter({
      ...count,
      min: 1,
      max: HOURS_MAX,
      default: 24,
      doc: 'how far to look ahead',
    }),
    boundSteps: numberParameter({
      ...count,
      min: 0,
      max: 100_000,
      default: 200,
      doc: 'work put into the bound',
    }),
    solverSec: numberParameter({
      unit: 's',
      above: 0,
      max: 3600,
      default: 60,
      doc: 'milp only: then the best schedule so far is taken',
      source: ASSUMED,
    }),
    migrationBytes: numberParameter({
      unit: 'B',
      min: 0,
      default: 1.2 * 1024 ** 3,
      doc: 'what one migration sends, repetitions included',
      source: ASSUMED,
    }),
    migrationSec: numberParameter({
      unit: 's',
      min: 0,
      default: 60,
      doc: 'so long both ends draw the power of a VM',
      source: ASSUMED,
    }),
    linkRateBitsPerSec: numberParameter({
      unit: 'bit/s',
      above: 0,
      default: 1e9,
      doc: 'of each link of the ring of sites',
      source: ASSUMED,
    }),
    migrationWindowSec: numberParameter({
      unit: 's',
      above: 0,
      max: 3600,
      default: 900,
      doc: 'of every hour, when links may carry migrations',
      source: ASSUMED,
    }),
    rackWatt: watt(500, 'P_R'),
    serverWatt: watt(200, 'P_S'),
    vmWatt: watt(10, 'p_v, the part that follows the load'),
    vmsPerServer: numberParameter({ ...count, min: 1, max: 10_000, default: 10, doc: 'kappa' }),
    serversPerRack: numberParameter({ ...count, min: 1, max: 10_000, default: 20, doc: 'beta' }),
    routerNanojoulePerBit: numberParameter({
      unit: 'nJ/bit',
      min: 0,
      default: 20,
      doc: 'of every core router on the way',
      source: ASSUMED,
    }),
  },
  needs: (values) => ({ solver: values.method === 'milp', files: priceFiles(values) }),
  check: (values, inputs) => {
    const given = givenPrices(values, inputs);
    if ('problems' in given) return given.problems;
    const problem = problemOf(values, given);
    const broken = problemsOf(problem).map((message) => ({ parameter: 'prices', message }));
    if (broken.length > 0 || values.method !== 'milp') return broken;
    const variables = milpVariables(problem);
    const tooLarge = `the program has ${variables} variables, and at most ${MILP_VARIABLES_MAX} are solved`;
    return [
      ...(variables > MILP_VARIABLES_MAX
        ? [
            {
              parameter: 'method',
              message: `${tooLarge}: give fewer sites or hours, or method=rolling-horizon`,
            },
          ]
        : []),
      ...(inputs.solver === null
        ? [{ parameter: 'method', message: 'milp needs a solver: give one, or method=rolling-horizon' }]
        : []),
    ];
  },
  compute: (values, inputs): ModelResult => {
    const given = givenPrices(values, inputs);
    if ('problems' in given) throw new RangeError('prices are checked before');
    const problem = problemOf(values, given);
    const rolling = planElectricity(problem, values);
    const { plan, solver } =
      values.method === 'milp' && inputs.solver !== null
        ? exactly(problem, { rolling, solver: inputs.solver, timeLimitSec: values.solverSec })
        : { plan: rolling, solver: {} };
    const moved = problem.sites.map((_, site) =>
      plan.schedule.moves.reduce((sum, move) => sum + (move.from === site ? move.vms : 0), 0),
    );
    return {
      data: given.data,
      ...(given.data === 'file' ? { pricesRaisedTo0: given.raised } : {}),
      method: values.method,
      ...solver,
      cost: plan.cost,
      stayCost: plan.stayCost,
      myopicCost: plan.myopicCost,
      lowerBound: plan.lowerBound,
      gap: plan.gap,
      saving: plan.stayCost === 0 ? 0 : 1 - plan.cost / plan.stayCost,
      migrations: moved.reduce((sum, vms) => sum + vms, 0),
      sites: problem.sites.map((site, index) => ({
        name: site.name,
        vmsAtStart: site.vmsAtStart,
        vmsAtEnd: plan.schedule.vms.at(-1)?.[index] ?? 0,
        vmsMax: site.vmsMax,
        movedAway: moved[index] ?? 0,
      })),
    };
  },
});

interface ElectricityValues extends PriceSources {
  readonly sites: number;
  readonly hours: number;
  readonly seed: number;
  readonly vms: number;
  readonly spare: number;
  readonly migrationBytes: number;
  readonly migrationSec: number;
  readonly linkRateBitsPerSec: number;
  readonly migrationWindowSec: number;
  readonly rackWatt: number;
  readonly serverWatt: number;
  readonly vmWatt: number;
  readonly vmsPerServer: number;
  readonly serversPerRack: number;
  readonly routerNanojoulePerBit: number;
}

function problemOf(values: ElectricityValues, given: GivenPrices): ElectricityProblem {
  const base = syntheticProblem({
    ...values,
    sites: given.sites.length || values.sites,
    hours: given.sites[0]?.prices.length ?? values.hours,
    migrationBits: values.migrationBytes * 8,
  });
  return {
    ...base,
    sites: base.sites.map((site, index) => {
      const own = given.sites[index];
      return own === undefined ? site : { ...site, name: own.name, pricesPerKwh: own.prices };
    }),
    migrationSec: values.migrationSec,
    windowSec: values.migrationWindowSec,
    power: {
      rackWatt: values.rackWatt,
      serverWatt: values.serverWatt,
      vmWatt: values.vmWatt,
      vmsPerServer: values.vmsPerServer,
      serversPerRack: values.serversPerRack,
      routerJoulePerBit: values.routerNanojoulePerBit * 1e-9,
    },
  };
}

/** The optimum; when time runs out, the better of what the solver and the rolling horizon found, with the best bound. */
function exactly(
  problem: ElectricityProblem,
  of: { readonly rolling: RollingResult; readonly solver: LinearSolver; readonly timeLimitSec: number },
): { readonly plan: RollingResult; readonly solver: ModelResult } {
  const { rolling, solver, timeLimitSec } = of;
  const solved = solveMilp(problem, solver, { timeLimitSec });
  const found = solved.status === 'none' || solved.cost > rolling.cost ? rolling : solved;
  const isOptimal = solved.status === 'optimal';
  const bound = isOptimal ? solved.cost * (1 - MILP_GAP) : relaxedBound(problem, of);
  const lowerBound = Math.min(found.cost, bound);
  const gap = isOptimal ? MILP_GAP : (found.cost - lowerBound) / found.cost;
  return {
    plan: {
      ...rolling,
      cost: found.cost,
      schedule: found.schedule,
      lowerBound,
      gap: found.cost === 0 ? 0 : gap,
    },
    solver: {
      variables: milpVariables(problem),
      solver: isOptimal ? 'Optimal' : solved.solverStatus,
      scheduleFrom: found === rolling ? 'rolling-horizon' : 'milp',
    },
  };
}

function relaxedBound(
  problem: ElectricityProblem,
  { rolling, solver, timeLimitSec }: Parameters<typeof exactly>[1],
): number {
  const relaxed = solveMilp(problem, solver, { integer: false, timeLimitSec });
  return relaxed.status === 'optimal' ? Math.max(rolling.lowerBound, relaxed.cost) : rolling.lowerBound;
}
