/**
 * Messages that are wrong in one place, in every version: what Open vSwitch answers, and what this library does. Both
 * answers are compared by name, type and code, with the numbers of the version.
 */
import { describe, expect, it } from 'vitest';
import {
  decodeMessage,
  describeError,
  errorOf,
  ProtocolError,
  unknownIn,
  VERSIONS,
  type Version,
  versionOf,
} from '../src/index.ts';
import { BRIDGE, OpenVswitch } from '../src/testing/open-vswitch.ts';
import { malformed } from './malformed.ts';
import { VERSION_NAMES, WIRE_VERSIONS, type WireVersion } from './ovs-ofctl.ts';
import { RawPeer } from './raw-peer.ts';
import { mustSkipWithoutOpenVswitch } from './skipped.ts';

const TEST_MS_MAX = 120_000;
const COMPARED_MIN = 600;
const ERROR = 1;
const ACCEPTED = 'accepted';

/** Where the answers differ, in which versions and why; a difference that is gone fails the test too. */
const DIFFERENT: Readonly<Record<string, { readonly versions: readonly Version[]; readonly why: string }>> = {
  'actions: a Nicira nat range with unknown bits': {
    versions: VERSIONS,
    why: 'Open vSwitch passes over the bits and refuses nat outside ct; bits without a meaning cannot be kept',
  },
  'match: a field with a mask of ones that it cannot have': {
    versions: VERSIONS.slice(1),
    why: 'Open vSwitch takes it for the whole value; here it keeps its mask, which no such field has',
  },
  'a table features entry cut': {
    versions: VERSIONS.slice(3),
    why: 'an element without room for its fixed part has one answer here, whatever its length says',
  },
  'actions: set_field with a mask that it cannot have': {
    versions: ['1.5'],
    why: 'Open vSwitch asks whether the field takes a mask; the codec reads every mask',
  },
  'group: buckets past the end': {
    versions: ['1.5'],
    why: 'the length of the buckets is a field of the message, not of a bucket',
  },
};
const EXPECTED = Object.entries(DIFFERENT).flatMap(([name, { versions }]) =>
  versions.map((version) => `${name}, ${version}`),
);

describe.skipIf(mustSkipWithoutOpenVswitch('malformed messages, judged by Open vSwitch'))(
  'a malformed message',
  () => {
    it(
      'is answered as Open vSwitch answers it',
      async () => {
        const compared = await compare();
        const different = compared.filter(({ theirs, ours }) => theirs !== ours);
        const isExpected = ({ name, version }: Compared) => EXPECTED.includes(`${name}, ${version}`);
        expect(different.filter((one) => !isExpected(one))).toEqual([]);
        expect(different.map(({ name, version }) => `${name}, ${version}`).sort()).toEqual(
          [...EXPECTED].sort(),
        );
        expect(compared.filter(({ theirs, ours }) => theirs === ACCEPTED && ours === ACCEPTED)).toEqual([]);
        expect(compared.length).toBeGreaterThan(COMPARED_MIN);
      },
      TEST_MS_MAX,
    );
  },
);

interface Compared {
  readonly name: string;
  readonly version: Version;
  readonly theirs: string;
  readonly ours: string;
}

async function compare(): Promise<readonly Compared[]> {
  const ovs = new OpenVswitch();
  await ovs.start();
  try {
    ovs.vsctl(
      'set',
      'bridge',
      BRIDGE,
      `protocols=${WIRE_VERSIONS.map((one) => VERSION_NAMES[one]).join(',')}`,
    );
    const all: Compared[] = [];
    for (const wire of WIRE_VERSIONS) all.push(...(await compareVersion(ovs.managementSocket, wire)));
    return all;
  } finally {
    await ovs.stop();
  }
}

async function compareVersion(socket: string, wire: WireVersion): Promise<readonly Compared[]> {
  const version = versionOf(wire) ?? '1.3';
  const peer = await RawPeer.open(socket, wire);
  try {
    const sent = malformed(wire).map(({ name, type, body }) => {
      const xid = peer.send(type, body);
      return { name, xid, bytes: peer.sent.at(-1) ?? Buffer.alloc(0) };
    });
    await peer.barrier();
    return sent.map(({ name, xid, bytes }) => {
      const answer = peer.received.find((one) => one[1] === ERROR && one.readUInt32BE(4) === xid);
      const theirs = answer === undefined ? ACCEPTED : said(errorIn(answer), version);
      return { name, version, theirs, ours: ourAnswer(bytes, version) };
    });
  } finally {
    peer.close();
  }
}

function errorIn(bytes: Buffer): Parameters<typeof describeError>[0] {
  const { message } = decodeMessage(Uint8Array.from(bytes));
  if (message.type !== 'error') throw new Error(`${message.type} is not an error`);
  return message;
}

const NOTHING = new Uint8Array();

function said(error: Parameters<typeof describeError>[0], version: Version): string {
  const { name, ofType, ofCode, experimenter, expCode } = describeError(error, version);
  return [name, ofType, ofCode, experimenter ?? '-', expCode ?? '-'].join(' ');
}

/** The decoder refuses, or what it reads holds something that nobody knows. */
function ourAnswer(bytes: Buffer, version: Version): string {
  try {
    const { message } = decodeMessage(Uint8Array.from(bytes), version);
    const name = unknownIn(message, version);
    return name === undefined ? ACCEPTED : said(errorOf(name, version, NOTHING), version);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const { name, ofType, ofCode, experimenter, expCode } = error.detail;
    return [name, ofType, ofCode, experimenter ?? '-', expCode ?? '-'].join(' ');
  }
}
