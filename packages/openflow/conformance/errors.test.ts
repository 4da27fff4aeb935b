/** The names of errors, in every version, against what ovs-ofctl prints for every type and code. */
import { describe, expect, it } from 'vitest';
import { of10, of11, of12, of13, of14, of15 } from '../src/index.ts';
import { WIRE_VERSIONS, type WireVersion } from './ovs-ofctl.ts';
import { printedTexts } from './printed.ts';
import { mustSkipWithoutOpenVswitch } from './skipped.ts';

const TYPES_MAX = 24;
const CODES_MAX = 40;
const VERSIONS = { 1: of10, 2: of11, 3: of12, 4: of13, 5: of14, 6: of15 } as const;

/** Open vSwitch prints one name for what versions call differently, and has dropped "slave". */
const OTHER_WORDS: readonly (readonly [RegExp, string])[] = [
  [/_BAD_VENDOR_TYPE$|_BAD_SUBTYPE$|_BAD_EXPERIMENTER_TYPE$/, '_BAD_EXP_TYPE'],
  [/_BAD_VENDOR$/, '_BAD_EXPERIMENTER'],
  [/_BAD_STAT$/, '_BAD_MULTIPART'],
  [/_IS_SECONDARY$/, '_IS_SLAVE'],
  // The specifications' own names of one version: 1.0, 1.1, and three of table features in 1.3.
  [/^OFPFMFC_ALL_TABLES_FULL$/, 'OFPFMFC_TABLE_FULL'],
  [/^OFPBIC_UNSUP_EXP_INST$/, 'OFPBIC_BAD_EXPERIMENTER'],
  [/^OFPTFFC_BAD_(TYPE|LEN)$/, 'OFPBPC_BAD_$1'],
  [/^OFPTFFC_BAD_ARGUMENT$/, 'OFPBPC_BAD_VALUE'],
];

describe.skipIf(mustSkipWithoutOpenVswitch('the names of errors'))('errors', () => {
  it.each(WIRE_VERSIONS)('have the names that ovs-ofctl prints, wire version %i', (version) => {
    const codes = Array.from(
      { length: TYPES_MAX * CODES_MAX },
      (_, at) => [Math.floor(at / CODES_MAX), at % CODES_MAX] as const,
    );
    const texts = printedTexts(codes.map(([type, code]) => errorMessage(version, type, code)));
    const differences = codes.flatMap(([type, code], at) => {
      const theirs = /: ([A-Z0-9]+_[A-Z0-9_]+)$/.exec(texts[at]?.split('\n')[0] ?? '')?.[1];
      const ours = VERSIONS[version].ERROR_NAMES[type]?.[code];
      return theirs === undefined || sameWords(theirs) === sameWords(ours ?? '')
        ? []
        : [`${type}/${code}: ${theirs}, here ${ours}`];
    });
    expect(differences).toEqual([]);
  });
});

function sameWords(name: string): string {
  return OTHER_WORDS.reduce((words, [theirs, ours]) => words.replace(theirs, ours), name);
}

/** An error of this type and code about an echo request. */
function errorMessage(version: WireVersion, type: number, code: number): Buffer {
  const header = [version, 1, 0, 20, 0, 0, 0, 1];
  return Buffer.from([...header, 0, type, 0, code, ...[version, 2, 0, 8, 0, 0, 0, 1]]);
}
