/** Meters: `add-meter`, `mod-meter`, `del-meter`, `del-meters`. */
import type { Message } from '../../codec.ts';
import type { Version } from '../../versions.ts';
import { requireFormats } from './flow.ts';
import { formatsOf, OF13_UP } from './formats.ts';
import { number } from './numbers.ts';
import { Problems, parseError, type Word } from './parse-error.ts';
import { type Pair, pairsOf, part, wordOf } from './words.ts';

const COMMANDS = { add: 0, modify: 1, delete: 2 } as const;
export type MeterCommand = keyof typeof COMMANDS;

export interface MeterOptions<V extends Version = Version> {
  readonly version: V;
  /** Default: add. */
  readonly command?: MeterCommand;
}

const FLAGS: Readonly<Record<string, number>> = { kbps: 1, pktps: 2, burst: 4, stats: 8 };
const KBPS = 1;
const PKTPS = 2;
const BURST = 4;
const NAMED: Readonly<Record<string, number>> = {
  controller: 0xfffffffe,
  slowpath: 0xfffffffd,
  all: 0xffffffff,
};
const ALL_METERS = 0xffffffff;
const METER_MAX = 0xffff0000;

interface Band {
  readonly type: string;
  rate?: number;
  burstSize: number;
  precLevel?: number;
  readonly word: Word;
}

/** The message of one meter, from 1.3 on. Throws ParseError with all problems. */
export function parseMeterMod<V extends Version>(text: string, options: MeterOptions<V>): Message<V> {
  const { version, command = 'add' } = options;
  const problems = new Problems();
  const line = part(wordOf(text), 0);
  const place = /(?:^|[\s,])bands?\s*=/.exec(line.text);
  const head = part(line, 0, place?.index ?? line.text.length);
  let flags = 0;
  let meterId: number | undefined;
  for (const pair of problems.try(() => pairsOf(head)) ?? []) {
    const flag = FLAGS[pair.key.text];
    if (flag !== undefined && pair.form === '') flags |= flag;
    else meterId = problems.try(() => meterOf(pair)) ?? meterId;
  }
  const list = place === null ? wordOf('', line.at) : part(line, place.index + place[0].length);
  const bands = bandsOf(list, problems);
  check({ command, flags, meterId, bands, line }, problems);
  requireFormats({ formats: OF13_UP }, formatsOf(version), line, problems);
  problems.finish();
  return {
    type: 'meter_mod',
    command: COMMANDS[command],
    flags,
    meterId: meterId ?? ALL_METERS,
    bands: bands.map(({ word, ...band }) => band),
    // V is the version in the options; the value of a type parameter cannot narrow it.
  } as unknown as Message<V>;
}

function meterOf({ key, value }: Pair): number {
  if (key.text !== 'meter')
    throw parseError(key, `meter=... or one of ${Object.keys(FLAGS).join(', ')} was expected`);
  const meterId = NAMED[value.text] ?? number(value, 32, 'a meter');
  if (NAMED[value.text] === undefined && (meterId < 1 || meterId > METER_MAX))
    throw parseError(value, `a meter is from 1 to ${METER_MAX}, or one of ${Object.keys(NAMED).join(', ')}`);
  return meterId;
}

/** type=drop,rate=1000,type=dscp_remark,rate=500,...: every type begins a band. */
function bandsOf(list: Word, problems: Problems): readonly Band[] {
  const bands: Band[] = [];
  for (const pair of problems.try(() => pairsOf(list)) ?? []) {
    const { key, value } = pair;
    const band = bands.at(-1);
    problems.try(() => {
      if (key.text === 'type') {
        if (value.text !== 'drop' && value.text !== 'dscp_remark')
          throw parseError(value, 'the type of a band is drop or dscp_remark');
        bands.push({ type: value.text, burstSize: 0, word: pair.whole });
      } else if (band === undefined) throw parseError(key, 'a band begins with type=...');
      else if (key.text === 'rate') band.rate = number(value, 32, 'a rate');
      else if (key.text === 'burst_size') band.burstSize = number(value, 32, 'a size');
      else if (key.text === 'prec_level' && band.type === 'dscp_remark')
        band.precLevel = number(value, 8, 'a level');
      else throw parseError(key, 'rate, burst_size or, with dscp_remark, prec_level was expected');
    });
  }
  return bands;
}

interface Told {
  readonly command: MeterCommand;
  readonly flags: number;
  readonly meterId: number | undefined;
  readonly bands: readonly Band[];
  readonly line: Word;
}

function check({ command, flags, meterId, bands, line }: Told, problems: Problems): void {
  if (command === 'delete') {
    if (bands.length > 0 || flags !== 0) problems.add(line, 'to delete a meter its number is enough');
    return;
  }
  if (meterId === undefined) problems.add(line, 'meter=... is missing');
  if (bands.length === 0) problems.add(line, 'a meter has at least one band: bands=type=drop,rate=1000');
  if ((flags & KBPS) !== 0 && (flags & PKTPS) !== 0) problems.add(line, 'kbps and pktps exclude each other');
  if (flags === 0) problems.add(line, 'kbps or pktps is missing');
  for (const { rate = 0, type, precLevel, burstSize, word } of bands) {
    if (rate === 0) problems.add(word, 'rate=... is missing, or 0');
    if ((burstSize !== 0) !== ((flags & BURST) !== 0))
      problems.add(word, 'burst and burst_size=... belong together');
    if (type === 'dscp_remark' && precLevel === undefined) problems.add(word, 'prec_level=... is missing');
  }
}
