/** `sluice model change-plan`: in which order rates and paths change so that no link is promised twice meanwhile. */
import { type BitsPerSec, scale } from '@sluice/units';
import { type Move, type Placement, planChange } from '../../allocation/change-plan.ts';
import { defineModel, type ModelResult, type ParameterProblem } from '../model.ts';
import { itemsParameter, numberParameter } from '../parameter.ts';
import {
  inMegabits,
  megabits,
  type NamedLink,
  readLink,
  readPath,
  unknownLinks,
  usesOf,
} from './links-and-rates.ts';
import { ASSUMED } from './shared.ts';

interface NamedPlacement {
  readonly path: readonly string[];
  readonly rate: BitsPerSec;
}
interface NamedMove {
  readonly name: string;
  readonly from: NamedPlacement | null;
  readonly to: NamedPlacement | null;
  readonly rateLeast: BitsPerSec | null;
}

export const changePlanEntry = defineModel({
  name: 'change-plan',
  title: 'Change plan: from rates and paths to others in steps, no link over its capacity',
  source: 'after Hong et al., SWAN, SIGCOMM 2013, section 3; no move is split',
  parameters: {
    linksMbitPerSec: itemsParameter<NamedLink>({
      unit: 'Mbit/s',
      item: 'name:capacity',
      default: 'north:60,south:60',
      doc: 'links with what of them may be given away',
      source: ASSUMED,
      read: readLink,
    }),
    movesMbitPerSec: itemsParameter<NamedMove>({
      unit: 'Mbit/s',
      item: 'name:link+link@rate/link+link@rate[/least]',
      default: 'web:north@40/south@40/10,db:south@40/north@40/10',
      doc: 'everything on the links, before and after; none for what comes or goes; the least rate it may have meanwhile',
      source: ASSUMED,
      read: readMove,
    }),
    scratchShare: numberParameter({
      unit: null,
      min: 0,
      max: 1,
      default: 0,
      doc: 'of each capacity, for use beyond it during the change only',
      source: 'SWAN: 0.1',
    }),
  },
  check: ({ linksMbitPerSec, movesMbitPerSec: moves }): readonly ParameterProblem[] => {
    const names = moves.map(({ name }) => name);
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    return [
      ...unknownLinks(
        'movesMbitPerSec',
        linksMbitPerSec,
        moves.flatMap(({ from, to }) => [from?.path ?? [], to?.path ?? []]),
      ),
      ...(twice === undefined ? [] : [{ parameter: 'movesMbitPerSec', message: `give ${twice} once` }]),
    ];
  },
  compute: ({ linksMbitPerSec: links, movesMbitPerSec: moves, scratchShare }): ModelResult => {
    const capacities = links.map(({ capacity }) => capacity);
    const place = (placement: NamedPlacement | null): Placement | null =>
      placement && { uses: usesOf(links, placement.path), rate: placement.rate };
    const plan = planChange({
      capacities,
      ...(scratchShare > 0 ? { scratch: capacities.map((rate) => scale(rate, scratchShare)) } : {}),
      moves: moves.map(
        ({ name, from, to, rateLeast }): Move => ({
          id: name,
          from: place(from),
          to: place(to),
          ...(rateLeast === null ? {} : { rateLeast }),
        }),
      ),
    });
    const nameOf = (link: number) => links[link]?.name ?? '';
    if (!plan.ok)
      return {
        feasible: false,
        isProven: plan.isProven,
        links: plan.links.map(nameOf),
        moves: plan.moves,
      };
    const text = (placement: Placement | null) =>
      placement &&
      `${placement.uses.map(({ link }) => nameOf(link)).join('+')}@${inMegabits(placement.rate)}`;
    return {
      feasible: true,
      steps: plan.steps.length,
      lowered: plan.lowered,
      scratchUsed: plan.scratchUsed.map(({ link, rate }) => `${nameOf(link)}:${inMegabits(rate)}`),
      changes: plan.steps.flatMap((step, at) =>
        step.map(({ id, kind, before, after }) => ({
          step: at + 1,
          move: id,
          kind,
          before: text(before),
          after: text(after),
        })),
      ),
    };
  },
});

function readMove(item: string): NamedMove | null {
  const [, name, before, after, least] = /^([^:@/+]+):([^:/]+)\/([^:/]+)(?:\/([^:/]+))?$/.exec(item) ?? [];
  const from = readPlacement(before);
  const to = readPlacement(after);
  const rateLeast = least === undefined ? null : megabits(least);
  if (name === undefined || from === undefined || to === undefined || (from === null && to === null))
    return null;
  return least !== undefined && rateLeast === null ? null : { name, from, to, rateLeast };
}

/** null = `none`; undefined = not to be read. */
function readPlacement(text: string | undefined): NamedPlacement | null | undefined {
  if (text === 'none') return null;
  const [, names, rateText] = /^([^@]+)@([^@]+)$/.exec(text ?? '') ?? [];
  const path = names === undefined ? null : readPath(names);
  const rate = megabits(rateText);
  return path === null || rate === null || rate === 0 ? undefined : { path, rate };
}
