/**
 * Prices: a reader for real series as CSV, and made-up data. What `syntheticProblem` returns is invented: prices swing
 * over the day with the hour of each site, with noise; power constants are round numbers. Nothing of it is a paper's.
 */
import type { ElectricityPower, ElectricityProblem } from './problem.ts';

export type PriceTable =
  | {
      readonly ok: true;
      readonly names: readonly string[];
      readonly pricesPerKwh: readonly (readonly number[])[];
      /** Negative prices that were raised to 0. */
      readonly raised: number;
    }
  | { readonly ok: false; readonly problems: readonly PriceProblem[] };

/** Where a table of prices is wrong and what to write instead; lines and columns (cells) count from 1. */
export interface PriceProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The number is fine but below 0. */
  readonly isNegative?: boolean;
}

export interface PriceOptions {
  /** Prices are divided by 1000, as markets publish them. */
  readonly perMegawattHour?: boolean;
  /** What becomes of prices below 0; they are raised unless this says `refuse`. */
  readonly negative?: 'raise' | 'refuse';
}

/** Rows beyond this are more than a year of five-minute prices. */
export const PRICE_ROWS_MAX = 200_000;
/** A file that is wrong everywhere is told so often; the rest is wrong for the same reason. */
export const PRICE_PROBLEMS_MAX = 10;

/**
 * `hour,NAME,NAME...` and then one row an hour: a label that is not looked at, and a price per kWh for each site.
 * Negative ones become 0 and are counted, or are refused: below it the program would switch on idle servers to be paid
 * for them.
 */
export function readPrices(csv: string, options: PriceOptions = {}): PriceTable {
  const rows = csv
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((text, index) => ({ line: index + 1, cells: text.split(',').map((cell) => cell.trim()) }))
    .filter(({ cells }) => cells.length > 1 || cells[0] !== '');
  const [head, ...hours] = rows;
  const names = head?.cells.slice(1) ?? [];
  const problems: PriceProblem[] = headProblems(head?.line ?? 1, names);
  if (hours.length === 0)
    problems.push({
      line: (head?.line ?? 1) + 1,
      column: 1,
      message: 'there is no hour: give a row for each',
    });
  if (hours.length > PRICE_ROWS_MAX)
    problems.push({
      line: hours[PRICE_ROWS_MAX]?.line ?? PRICE_ROWS_MAX,
      column: 1,
      message: `there are ${hours.length} rows: give at most ${PRICE_ROWS_MAX}`,
    });
  // Without names or with far too many rows, nothing below would say more.
  if (names.length === 0 || hours.length > PRICE_ROWS_MAX) return { ok: false, problems };
  const scale = options.perMegawattHour ? 1000 : 1;
  const pricesPerKwh: number[][] = names.map(() => []);
  let raised = 0;
  for (const { line, cells } of hours) {
    if (problems.length >= PRICE_PROBLEMS_MAX) break;
    if (cells.length !== names.length + 1) {
      problems.push({
        line,
        column: Math.min(cells.length, names.length + 1) + 1,
        message: `there are ${cells.length - 1} prices: give ${names.length}, one for each site of the first line`,
      });
      continue;
    }
    for (const [site, cell] of cells.slice(1).entries()) {
      const price = cell === '' ? Number.NaN : Number(cell);
      const wrong = wrongPrice(cell, price, options);
      if (wrong !== null) problems.push({ line, column: site + 2, ...wrong });
      if (price < 0) raised += 1;
      pricesPerKwh[site]?.push(Math.max(0, price) / scale);
    }
  }
  return problems.length > 0
    ? { ok: false, problems: problems.slice(0, PRICE_PROBLEMS_MAX) }
    : { ok: true, names, pricesPerKwh, raised };
}

function headProblems(line: number, names: readonly string[]): PriceProblem[] {
  if (names.length === 0)
    return [{ line, column: 1, message: 'there is no site: begin with a line like hour,NAME,NAME...' }];
  return names.flatMap((name, index) => {
    const column = index + 2;
    if (name === '') return [{ line, column, message: 'there is no name: give each site one' }];
    return names.indexOf(name) < index
      ? [{ line, column, message: `${name} is there twice: give each site its own name` }]
      : [];
  });
}

function wrongPrice(
  cell: string,
  price: number,
  { negative }: PriceOptions,
): Pick<PriceProblem, 'message' | 'isNegative'> | null {
  if (!Number.isFinite(price))
    return { message: `"${cell}" is not a price: write a number with a decimal point, without quotes` };
  if (price < 0 && negative === 'refuse')
    return { message: `${cell} is below 0: give 0 or more, or let it be raised to 0`, isNegative: true };
  return null;
}

/** Assumed, all of it. */
export const SYNTHETIC_POWER: ElectricityPower = {
  rackWatt: 500,
  serverWatt: 200,
  vmWatt: 10,
  vmsPerServer: 10,
  serversPerRack: 20,
  routerJoulePerBit: 20e-9,
};

export interface SyntheticData {
  readonly sites: number;
  readonly vms: number;
  readonly hours: number;
  readonly seed: number;
  readonly linkRateBitsPerSec: number;
  readonly migrationBits: number;
  /** Places, of all VMs over all sites; at least 1. */
  readonly spare: number;
}

/** A ring of sites with a chord across, VMs spread evenly. */
export function syntheticProblem(data: SyntheticData): ElectricityProblem {
  const next = sequence(data.seed);
  const ring = Array.from({ length: data.sites }, (_, site) => site);
  const level = ring.map(() => 0.08 + 0.06 * next());
  const linkPairs = ring.flatMap((site) => [
    [site, (site + 1) % data.sites] as const,
    ...(data.sites > 4 && site < data.sites / 2
      ? ([[site, (site + Math.floor(data.sites / 2)) % data.sites]] as const)
      : []),
  ]);
  return {
    sites: ring.map((site) => {
      const share = Math.floor(data.vms / data.sites) + (site < data.vms % data.sites ? 1 : 0);
      return {
        name: `site-${site + 1}`,
        vmsMax: Math.max(share, Math.ceil((data.vms * data.spare) / data.sites)),
        vmsAtStart: share,
        pricesPerKwh: Array.from({ length: data.hours }, (_, hour) => {
          const local = hour + (24 * site) / data.sites;
          const day = 1 + 0.35 * Math.sin(((local - 9) / 24) * 2 * Math.PI);
          return Math.round(1e5 * (level[site] ?? 0) * day * (0.9 + 0.2 * next())) / 1e5;
        }),
      };
    }),
    links: linkPairs
      .filter(([from, to]) => from !== to)
      .flatMap(([from, to]) => [
        { from, to, rateBitsPerSec: data.linkRateBitsPerSec },
        { from: to, to: from, rateBitsPerSec: data.linkRateBitsPerSec },
      ]),
    power: SYNTHETIC_POWER,
    migrationBits: data.migrationBits,
    migrationSec: 60,
    windowSec: 900,
  };
}

/** A linear congruential sequence: the same data for the same seed, everywhere. */
function sequence(seed: number): () => number {
  let state = seed % 2147483648;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}
