/**
 * The text of every message of the corpus is that of `ovs-ofctl ofp-print`, white space apart. Messages that Open
 * vSwitch itself cannot read have no text to compare with. The rest of the differences is listed below, with the reason;
 * a difference that the list does not know fails, and so does an entry of the list that nothing needs any more.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Arbitraries } from '../schema/arbitrary.ts';
import { customValues } from '../schema/custom-values.ts';
import { versions } from '../schema/index.ts';
import {
  decodeMessage,
  encodeMessage,
  formatFlow,
  formatMessage,
  type of13,
  versionOf,
} from '../src/index.ts';
import { type CorpusMessage, corpus } from './corpus.ts';
import { WIRE_VERSIONS } from './ovs-ofctl.ts';
import { mustSkipWithoutOpenVswitch } from './skipped.ts';

const BUILD_MS_MAX = 240_000;
const SHOWN_MAX = 8;
const RUNS = 10;

interface Known {
  readonly reason: string;
  readonly is: (theirs: string, ours: string) => boolean;
}

const without = (text: string, part: RegExp): string => text.replace(part, '').replace(/ +/g, ' ').trim();
/** Ours says what theirs says, and this besides. */
const saysMore =
  (part: RegExp) =>
  (theirs: string, ours: string): boolean =>
    without(ours, part) === theirs;

const KNOWN: readonly Known[] = [
  {
    reason: 'a condition on tun_erspan_idx is left out by Open vSwitch unless tun_erspan_ver is there too',
    is: saysMore(/ tun_erspan_idx=0x1\/0xf(?= actions)/g),
  },
  {
    reason: 'properties of an experimenter and rates that are off are not told by Open vSwitch',
    is: saysMore(/ (max_rate:\(disabled\)|experimenter\(0xabcdef,\w+\)|property \w+=0x\w+)/g),
  },
  {
    reason: 'bits of the configuration of a port that the version does not define are told as a number',
    is: saysMore(/ 0x1a(?= (mask|advertise):)/g),
  },
  { reason: 'the short id of 1.5 is told', is: saysMore(/ short_id=\d+/) },
  {
    reason: 'fields of a table that nobody has named are told',
    is: saysMore(/ must exact match: 0x\w+:\w+$/),
  },
  { reason: 'counters of optical ports are told', is: saysMore(/ optical flags=.*$/) },
  {
    reason: 'elements of a hello that nobody has named are kept as bytes, not as the whole message',
    is: (theirs, ours) => without(theirs, / unknown data in hello:.*/) === without(ours, /x^/),
  },
  {
    reason: 'requestforward of Nicira and ONF is an experimenter message without a name here',
    is: (theirs) => /^(NX|ONF)T_REQUESTFORWARD /.test(theirs),
  },
  {
    reason: 'actions of 1.1 that Open vSwitch does not have in 1.2 are told by name',
    is: (theirs) => theirs.startsWith('OFPST_GROUP_FEATURES reply (OF1.2)') && theirs.includes('<none>'),
  },
  {
    reason: 'the structure of 1.1 may name a protocol of IPv6, which Open vSwitch does not read',
    is: (theirs, ours) => theirs.replace('ipv6,', 'tcp6,') === ours,
  },
  {
    reason: 'the frame of a packet-out that is not Ethernet is shown as Ethernet',
    is: (theirs) => /^OFPT_PACKET_OUT .* packet_type=\(0,0x800\)/.test(theirs),
  },
];

interface Outcome {
  readonly message: CorpusMessage;
  readonly theirs: string;
  readonly ours: string;
  readonly result: 'equal' | 'refused' | 'known' | 'different';
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function printed(hex: string): string {
  const { message, version, xid } = decodeMessage(Uint8Array.from(Buffer.from(hex, 'hex')));
  return formatMessage(message, { version: versionOf(version) ?? '1.3', xid });
}

const used = new Set<Known>();

function compare(message: CorpusMessage): Outcome {
  const theirs = oneLine(message.printed);
  if (theirs.includes('***decode error')) return { message, theirs, ours: '', result: 'refused' };
  const ours = oneLine(printed(message.hex));
  if (ours === theirs) return { message, theirs, ours, result: 'equal' };
  const known = KNOWN.find(({ is }) => is(theirs, ours));
  if (known === undefined) return { message, theirs, ours, result: 'different' };
  used.add(known);
  return { message, theirs, ours, result: 'known' };
}

describe.skipIf(mustSkipWithoutOpenVswitch('the text of what Open vSwitch sends'))(
  'the corpus as text',
  () => {
    let outcomes: readonly Outcome[] = [];

    beforeAll(async () => {
      const { messages } = await corpus();
      outcomes = messages.map(compare);
      console.log(table(outcomes));
    }, BUILD_MS_MAX);

    it.each(WIRE_VERSIONS)('is as ovs-ofctl prints it, wire version %i', (version) => {
      const different = outcomes.filter(
        ({ message, result }) => message.version === version && result === 'different',
      );
      expect(different.slice(0, SHOWN_MAX).map(describeOutcome)).toEqual([]);
    });

    it('as entries is read back by ovs-ofctl', () => {
      const wanted = outcomes.flatMap(({ message, theirs }) => {
        const isAdded = message.version === 4 && message.source === 'ovs-ofctl' && / ADD /.test(theirs);
        return isAdded && /^OFPT_FLOW_MOD /.test(theirs) && !NOT_READ.test(theirs)
          ? [{ message, theirs }]
          : [];
      });
      const flows = wanted.map(({ message }) => formatFlow(decoded(message.hex) as of13.FlowMod));
      expect(readBack(flows)).toEqual(wanted.map(({ theirs }) => theirs.slice(theirs.indexOf('ADD '))));
    });

    it('differs for no reason that is not needed', () => {
      expect(KNOWN.filter((known) => !used.has(known)).map(({ reason }) => reason)).toEqual([]);
    });
  },
);

/** What ovs-ofctl prints and does not read, GTP-U, and entries of whose conditions it may have left out the only one. */
const NOT_READ = /gtpu_|^\S+ \S+ \S+ ADD actions=drop$/;

function decoded(hex: string): unknown {
  return decodeMessage(Uint8Array.from(Buffer.from(hex, 'hex'))).message;
}

/** What ovs-ofctl would send for the texts of entries. */
function readBack(flows: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'oflib-read-back-'));
  try {
    const file = join(folder, 'flows');
    writeFileSync(file, flows.map((flow) => `${flow}\n`).join(''));
    const { stdout } = spawnSync('ovs-ofctl', ['-O', 'OpenFlow13', 'parse-flows', file], {
      encoding: 'utf8',
    });
    return stdout.split('\n').flatMap((line) => {
      const at = line.indexOf('ADD ');
      return at < 0 ? [] : [line.slice(at)];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From where they part. */
function describeOutcome({ theirs, ours }: Outcome): string {
  let at = 0;
  while (at < theirs.length && theirs[at] === ours[at]) at += 1;
  const from = Math.max(0, at - 40);
  return `${theirs.slice(0, 50)} | theirs ${theirs.slice(from, at + 160)} | ours ${ours.slice(from, at + 160)}`;
}

function table(outcomes: readonly Outcome[]): string {
  const rows = WIRE_VERSIONS.map((version) => {
    const own = outcomes.filter(({ message }) => message.version === version);
    const count = (result: Outcome['result']): string =>
      String(own.filter((one) => one.result === result).length).padStart(9);
    return `   ${version}    ${count('equal')} ${count('known')} ${count('different')} ${count('refused')}`;
  });
  return ['version     equal     known different   refused', ...rows].join('\n');
}

describe.each(versions)('any message of OpenFlow $version', (schema) => {
  const arbitraries = new Arbitraries(schema, customValues);
  const messages = schema.messages.flatMap((layout) => {
    const message = arbitraries.message(layout);
    return message === undefined ? [] : [[layout.type, message] as const];
  });

  it.each(messages)('has a text: %s', (_, any) => {
    fc.assert(
      fc.property(any, (given) => {
        const bytes = encodeMessage(
          given as unknown as Parameters<typeof encodeMessage>[0],
          1,
          schema.version,
        );
        expect(printed(Buffer.from(bytes).toString('hex'))).toMatch(
          /^(OFP|NX|ONF)S?T_\w+( request| reply)?( |:)/,
        );
      }),
      { numRuns: RUNS },
    );
  });
});
