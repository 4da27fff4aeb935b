/** Where the prices of `sluice model electricity` come from: made up, written as a parameter, or a file. */
import { type PriceTable, readPrices } from '../../electricity/prices.ts';
import type { ModelFile, ModelInputs, ParameterProblem } from '../model.ts';

/** Tables grow with the square of it. */
export const SITES_MAX = 200;
/** A year. */
export const HOURS_MAX = 8784;
/** Room for so many sites and hours with 16 characters a price. */
const FILE_BYTES_MAX = 32 * 1024 ** 2;

export type WrittenSite = { readonly name: string; readonly prices: readonly number[] } | 'synthetic';

export interface PriceSources {
  readonly prices: readonly WrittenSite[];
  readonly pricesFile: string | null;
  readonly pricesPer: 'kWh' | 'MWh';
  readonly negativePrices: 'refuse' | 'raise';
}

export interface GivenPrices {
  readonly data: 'synthetic' | 'given' | 'file';
  /** Empty when they are to be made up. */
  readonly sites: readonly { readonly name: string; readonly prices: readonly number[] }[];
  /** Prices below 0 that became 0. */
  readonly raised: number;
}

export const priceFiles = ({ pricesFile: path }: PriceSources): readonly ModelFile[] =>
  path === null ? [] : [{ parameter: 'pricesFile', path, bytesMax: FILE_BYTES_MAX }];

/** Everything that is wrong with them, or the prices. */
export function givenPrices(
  sources: PriceSources,
  inputs: ModelInputs,
): GivenPrices | { readonly problems: readonly ParameterProblem[] } {
  const { pricesFile, prices } = sources;
  const written = prices.filter((site) => site !== 'synthetic');
  const problems: ParameterProblem[] = [];
  const scale = sources.pricesPer === 'MWh' ? 1000 : 1;
  if (written.length > 0 && pricesFile !== null)
    problems.push({ parameter: 'pricesFile', message: 'prices are given too: give one of both' });
  const hours = new Set(written.map((site) => site.prices.length));
  if (written.length > 0 && (written.length !== prices.length || hours.size !== 1))
    problems.push({
      parameter: 'prices',
      message: 'give the word synthetic alone, or as many prices for every site',
    });
  if (Math.max(0, ...hours) > HOURS_MAX)
    problems.push({
      parameter: 'prices',
      message: `a site has ${Math.max(...hours)} hours: give at most ${HOURS_MAX}`,
    });
  const table = pricesFile === null ? null : tableOf(sources, inputs.files.get(pricesFile));
  if (table !== null) problems.push(...tableProblems(table, pricesFile ?? ''));
  if (problems.length > 0) return { problems };
  if (table?.ok)
    return {
      data: 'file',
      sites: table.names.map((name, site) => ({ name, prices: table.pricesPerKwh[site] ?? [] })),
      raised: table.raised,
    };
  return {
    data: written.length > 0 ? 'given' : 'synthetic',
    sites: written.map(({ name, prices: each }) => ({ name, prices: each.map((price) => price / scale) })),
    raised: 0,
  };
}

const tableOf = ({ pricesPer, negativePrices }: PriceSources, text: string | undefined): PriceTable =>
  text === undefined
    ? { ok: false, problems: [] }
    : readPrices(text, { perMegawattHour: pricesPer === 'MWh', negative: negativePrices });

function tableProblems(table: PriceTable, path: string): readonly ParameterProblem[] {
  const problem = (message: string) => ({ parameter: 'pricesFile', message });
  if (!table.ok && table.problems.length === 0)
    return [problem(`${path} was not read: whoever runs the model has to give its text`)];
  if (!table.ok)
    return table.problems.map(({ line, column, message, isNegative }) =>
      problem(
        `${path}, line ${line}, column ${column}: ${message}${isNegative ? ' with negativePrices=raise' : ''}`,
      ),
    );
  const hours = table.pricesPerKwh[0]?.length ?? 0;
  return [
    ...(table.names.length > SITES_MAX
      ? [problem(`${path} has ${table.names.length} sites: give at most ${SITES_MAX}`)]
      : []),
    ...(hours > HOURS_MAX ? [problem(`${path} has ${hours} hours: give at most ${HOURS_MAX}`)] : []),
  ];
}

export function readSite(item: string): WrittenSite | null {
  if (item === 'synthetic') return item;
  const [name, list, ...more] = item.split(':');
  if (!name || !list || more.length > 0) return null;
  const prices = list.split('/').map((price) => (price.trim() === '' ? Number.NaN : Number(price)));
  return prices.every((price) => price >= 0 && Number.isFinite(price)) ? { name, prices } : null;
}
