/** `sluice model electricity`: VMs follow cheap electricity over optical links, with a bound on what can be saved. */
import { syntheticProblem } from '../../electricity/prices.ts';
import type { ElectricityProblem } from '../../electricity/problem.ts';
import { planElectricity } from '../../electricity/rolling.ts';
import { electricityFigures } from '../figures/electricity.ts';
import { defineModel, type ModelResult } from '../model.ts';
import { itemsParameter, numberParameter } from '../parameter.ts';
import { ASSUMED } from './shared.ts';

const count = { unit: null, integer: true, source: ASSUMED } as const;
const watt = (standard: number, doc: string) =>
  numberParameter({ unit: 'W', min: 0, default: standard, doc, source: ASSUMED });

/** Tables grow with the square of it. */
const SITES_MAX = 200;

type Prices = { readonly name: string; readonly prices: readonly number[] } | 'synthetic';

export const electricityEntry = defineModel({
  name: 'electricity',
  title: 'Electricity cost: where to run identical VMs hour by hour, with racks, servers and optical links',
  source: 'Gupta, Mandal, Chowdhury, Tornatore, Mukherjee 2015; formulation, data and bound are ours',
  figures: electricityFigures,
  parameters: {
    prices: itemsParameter<Prices>({
      unit: null,
      item: 'NAME:PRICE/PRICE/...',
      default: ['synthetic'],
      countMax: SITES_MAX,
      doc: 'a site and its price per kWh for each hour; the word synthetic makes them up',
      source: 'synthetic',
      read: readSite,
    }),
    sites: numberParameter({ ...count, min: 1, max: SITES_MAX, default: 3, doc: 'how many to make up' }),
    hours: numberParameter({ ...count, min: 1, max: 8784, default: 24, doc: 'how many to make up' }),
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
    windowHours: numberParameter({ ...count, min: 1, max: 8784, default: 24, doc: 'how far to look ahead' }),
    boundSteps: numberParameter({
      ...count,
      min: 0,
      max: 100_000,
      default: 200,
      doc: 'work put into the bound',
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
  check: ({ prices }) => {
    const given = prices.filter((site) => site !== 'synthetic');
    const hours = new Set(given.map((site) => site.prices.length));
    if (given.length > 0 && (given.length !== prices.length || hours.size !== 1))
      return [
        { parameter: 'prices', message: 'give the word synthetic alone, or as many prices for every site' },
      ];
    return [];
  },
  compute: (values): ModelResult => {
    const given = values.prices.filter((site) => site !== 'synthetic');
    const base = syntheticProblem({
      ...values,
      sites: given.length || values.sites,
      hours: given[0]?.prices.length ?? values.hours,
      migrationBits: values.migrationBytes * 8,
    });
    const problem: ElectricityProblem = {
      ...base,
      sites: base.sites.map((site, index) => {
        const own = given[index];
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
    const plan = planElectricity(problem, values);
    const moved = problem.sites.map((_, site) =>
      plan.schedule.moves.reduce((sum, move) => sum + (move.from === site ? move.vms : 0), 0),
    );
    return {
      data: given.length > 0 ? 'given' : 'synthetic',
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

function readSite(item: string): Prices | null {
  if (item === 'synthetic') return item;
  const [name, list, ...more] = item.split(':');
  if (!name || !list || more.length > 0) return null;
  const prices = list.split('/').map((price) => (price.trim() === '' ? Number.NaN : Number(price)));
  return prices.every((price) => price >= 0 && Number.isFinite(price)) ? { name, prices } : null;
}
