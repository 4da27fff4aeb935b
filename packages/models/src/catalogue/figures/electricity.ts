/** VMs that follow the price of electricity over a week. */
import { syntheticProblem } from '../../electricity/prices.ts';
import { planElectricity } from '../../electricity/rolling.ts';
import type { ModelFigure } from '../model.ts';

export const electricityFigures: readonly ModelFigure[] = [
  {
    name: 'electricity-days',
    title: 'Prices and VMs at each site over three days, made-up data',
    draw: () => {
      const problem = syntheticProblem({
        sites: 3,
        vms: 300,
        hours: 72,
        seed: 1,
        linkRateBitsPerSec: 1e9,
        migrationBits: 1.2 * 1024 ** 3 * 8,
        spare: 1.5,
      });
      const { schedule } = planElectricity(problem, { windowHours: 24 });
      return {
        title: 'Electricity cost: VMs follow the price',
        note: '300 VMs, 3 sites with 150 places each; prices, power and links are synthetic.',
        x: { title: 'time', unit: 'h' },
        panels: [
          {
            y: { title: 'price', unit: '1/kWh' },
            series: problem.sites.map((site) => ({
              name: site.name,
              shape: 'step',
              points: site.pricesPerKwh.map((price, hour) => [hour, price] as const),
            })),
          },
          {
            y: { title: 'VMs', unit: null },
            series: problem.sites.map((site, index) => ({
              name: site.name,
              shape: 'step',
              points: schedule.vms.map((vms, hour) => [hour, vms[index] ?? 0] as const),
            })),
          },
        ],
      };
    },
  },
];
