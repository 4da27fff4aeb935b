/** `sluice model fpta`: rates of many migrations over many paths. */
import { type FlowDemand, type FlowLink, FPTA_EPSILON, fpta } from '../../allocation/fpta.ts';
import { defineModel, type ModelResult, type ParameterProblem } from '../model.ts';
import { itemsParameter, numberParameter } from '../parameter.ts';
import { ASSUMED } from './shared.ts';

export const fptaEntry = defineModel({
  name: 'fpta',
  title: 'FPTA: the largest net transmission rate of many migrations over several paths each',
  source: 'Wang, Li, Zhang, Jin, INFOCOM 2015, as coded in CloudSimMig',
  parameters: {
    linksMbitPerSec: itemsParameter<FlowLink>({
      unit: 'Mbit/s',
      item: 'from>to:capacity',
      default: 'h1>s1:1000,s1>s2:400,s1>s3:400,s2>s4:400,s3>s4:400,s4>h2:1000',
      doc: 'directed links with what nobody has reserved of them',
      source: ASSUMED,
      read: (item) => {
        const [, from, to, capacity] = /^([^>:]+)>([^>:]+):([^:]+)$/.exec(item) ?? [];
        const value = Number(capacity);
        if (from === undefined || to === undefined || from === to) return null;
        return Number.isFinite(value) && value >= 0 ? { from, to, capacity: value } : null;
      },
    }),
    migrationsMbitPerSec: itemsParameter<FlowDemand>({
      unit: 'Mbit/s',
      item: 'name:from>to:dirtyRate',
      default: 'web:h1>h2:100,db:h1>h2:200',
      doc: 'migrations with their dirty rates',
      source: ASSUMED,
      read: (item) => {
        const [, id, source, destination, dirty] = /^([^>:]+):([^>:]+)>([^>:]+):([^:]+)$/.exec(item) ?? [];
        const dirtyRate = Number(dirty);
        if (id === undefined || source === undefined || destination === undefined) return null;
        return Number.isFinite(dirtyRate) && dirtyRate >= 0 ? { id, source, destination, dirtyRate } : null;
      },
    }),
    epsilon: numberParameter({
      unit: null,
      min: 0.02,
      max: 0.49,
      default: FPTA_EPSILON,
      doc: 'the flow is at least about 1 - 2*epsilon of the largest; less takes longer',
      source: 'CloudSimMig: 0.2',
    }),
  },
  check: ({ linksMbitPerSec, migrationsMbitPerSec }): readonly ParameterProblem[] => {
    const nodes = new Set(linksMbitPerSec.flatMap((link) => [link.from, link.to]));
    return migrationsMbitPerSec.flatMap(({ id, source, destination }) =>
      [source, destination]
        .filter((node) => !nodes.has(node))
        .map((node) => ({
          parameter: 'migrationsMbitPerSec',
          message: `${id} names ${node}, which no link touches: give one of ${[...nodes].join(', ')}`,
        })),
    );
  },
  compute: ({ linksMbitPerSec, migrationsMbitPerSec, epsilon }): ModelResult => {
    const result = fpta(linksMbitPerSec, migrationsMbitPerSec, epsilon);
    return {
      totalRateMbitPerSec: result.totalRate,
      netRateMbitPerSec: result.netRate,
      upperBoundMbitPerSec: result.upperBound,
      flows: result.flows.map(({ id, rate, starts, paths }) => ({
        migration: id,
        rateMbitPerSec: rate,
        starts,
        paths: paths.map((path) => ({ nodes: path.nodes, rateMbitPerSec: path.rate })),
      })),
    };
  },
});
