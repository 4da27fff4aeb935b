/**
 * Text to bytes: what ovs-ofctl sends for a text is what this library makes of the same text, in every version, and
 * what ovs-ofctl refuses is refused. The transaction id is left out.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { MAKERS } from '../src/cli/commands-of-ofctl.ts';
import { encodeMessage } from '../src/codec.ts';
import { type FlowFormat, ParseError } from '../src/text/parse/index.ts';
import { versionOf } from '../src/versions.ts';
import { type Corpus, type CorpusMessage, corpus } from './corpus.ts';
import type { Refused } from './from-ofctl.ts';
import { splitArguments } from './lines.ts';
import { WIRE_VERSIONS, type WireVersion } from './ovs-ofctl.ts';
import { mustSkipWithoutOpenVswitch } from './skipped.ts';

/** Building takes half a minute on two cores, once; later runs read it from a file. */
const BUILD_MS_MAX = 240_000;
const SHOWN_MAX = 12;
/** Messages of one version that a text stands for. */
const FLOOR: Readonly<Record<WireVersion, number>> = { 1: 700, 2: 310, 3: 450, 4: 480, 5: 480, 6: 490 };
/** Types of messages that ovs-ofctl sends around what a text says. */
const AROUND: readonly number[] = [0, 1, 2, 3, 5, 7, 18, 20];

/** Texts where this library does not do what ovs-ofctl does, and why. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/^packet-out .*packet_type=\(1,/, 'ovs-ofctl sends the packet type of a packet-out without its namespace'],
];

interface Task {
  readonly version: WireVersion;
  readonly command: string;
  readonly text: string;
  readonly isStrict: boolean;
  readonly mayCreate: boolean;
  readonly flowFormat: FlowFormat | undefined;
}

/** What was asked of ovs-ofctl; undefined when it makes no message from text. */
function taskOf({ version, command, text }: CorpusMessage | Refused): Task | undefined {
  const words = command.split(' ');
  if (command.includes('--bundle')) return undefined;
  const format = (/-F (\S+)/.exec(`${command} ${text}`)?.[1] ?? '').replace('-table_id', '');
  const flowFormat = format === '' ? undefined : (format as FlowFormat);
  if (command !== 'ovs-ofctl') {
    const name = words[0] ?? '';
    return MAKERS.has(name) && text !== ''
      ? { version, command: name, text, isStrict: false, mayCreate: false, flowFormat }
      : undefined;
  }
  const args = splitArguments(text).filter((word) => !word.startsWith('--'));
  const [name = '', , ...rest] = args;
  if (!MAKERS.has(name)) return undefined;
  const isStrict = text.startsWith('--strict');
  return {
    version,
    command: name,
    text: rest.join(' '),
    isStrict,
    mayCreate: text.startsWith('--may'),
    flowFormat,
  };
}

function made(task: Task): readonly string[] {
  const version = versionOf(task.version);
  const make = MAKERS.get(task.command);
  if (version === undefined || make === undefined) throw new Error(`no ${task.command} of ${task.version}`);
  return make(task.text, { ...task, version }).map((message) =>
    withoutXid(Buffer.from(encodeMessage(message, 0, version)).toString('hex')),
  );
}

const withoutXid = (hex: string): string => hex.slice(0, 8) + hex.slice(16);

interface Outcome {
  readonly message: CorpusMessage;
  readonly result: 'same' | 'different' | 'refused';
  readonly detail: string;
}

function outcomeOf(message: CorpusMessage, task: Task): Outcome {
  try {
    const all = made(task);
    const isSame = all.includes(withoutXid(message.hex));
    return { message, result: isSame ? 'same' : 'different', detail: isSame ? '' : all.join(' ') };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { message, result: 'refused', detail: error.message };
  }
}

/** Negotiation and barriers, which no text asks for. */
const isAround = ({ hex, version }: CorpusMessage): boolean => {
  const type = Number.parseInt(hex.slice(2, 4), 16);
  if (AROUND.includes(type) || (version === 1 && type === 16)) return true;
  // Nicira's set_flow_format and flow_mod_table_id.
  return (
    type === 4 && ['0000000c', '0000000f'].includes(hex.slice(24, 32)) && hex.slice(16, 24) === '00002320'
  );
};

describe.skipIf(mustSkipWithoutOpenVswitch('text against ovs-ofctl'))(
  'what ovs-ofctl makes of a text',
  () => {
    let built: Corpus;
    let outcomes: readonly Outcome[] = [];

    beforeAll(async () => {
      built = await corpus();
      outcomes = built.messages
        .filter((message) => message.source === 'ovs-ofctl' && !isAround(message))
        .flatMap((message) => {
          const task = taskOf(message);
          return task === undefined ? [] : [outcomeOf(message, task)];
        });
      console.log(table(outcomes));
    }, BUILD_MS_MAX);

    it.each(WIRE_VERSIONS)('is made here too, byte by byte, wire version %i', (version) => {
      const others = outcomes.filter(
        ({ message, result }) => message.version === version && result !== 'same',
      );
      expect(others.filter(isUnexpected).slice(0, SHOWN_MAX).map(shown)).toEqual([]);
    });

    it.each(WIRE_VERSIONS)('covers enough texts, wire version %i', (version) => {
      const same = outcomes.filter(({ message, result }) => message.version === version && result === 'same');
      expect(same.length).toBeGreaterThanOrEqual(FLOOR[version]);
    });

    it('is refused here too where ovs-ofctl refuses', () => {
      const taken = built.refused.filter((one) => {
        const task = taskOf(one);
        return task !== undefined && !isAboutConnecting(one.reason) && !isKnown(one.text) && isTaken(task);
      });
      expect(
        taken.slice(0, SHOWN_MAX).map(({ version, text, reason }) => `${version} ${text}: ${reason}`),
      ).toEqual([]);
    });
  },
);

/** No format of the version was allowed, or there was no connection: nothing was said of the text. */
const isAboutConnecting = (reason: string): boolean =>
  /failed to connect|None of the enabled OpenFlow versions/.test(reason);

function isTaken(task: Task): boolean {
  try {
    return made(task).length > 0;
  } catch (error) {
    if (error instanceof ParseError) return false;
    throw error;
  }
}

const isKnown = (text: string): boolean => KNOWN.some(([pattern]) => pattern.test(text));
const isUnexpected = ({ message }: Outcome): boolean => !isKnown(message.text);

const shown = ({ message, result, detail }: Outcome): string =>
  `${message.command}: ${message.text}\n  ${result}: ${detail}\n  ovs-ofctl: ${message.hex}`;

function table(outcomes: readonly Outcome[]): string {
  const count = (version: WireVersion, result: Outcome['result']): string =>
    String(
      outcomes.filter((one) => one.message.version === version && one.result === result).length,
    ).padStart(11);
  const rows = WIRE_VERSIONS.map(
    (version) =>
      `${versionOf(version)?.padEnd(8)}${count(version, 'same')}${count(version, 'different')}${count(version, 'refused')}`,
  );
  return [
    'text to bytes, against ovs-ofctl',
    `${'version'.padEnd(8)}       same  different    refused`,
    ...rows,
  ].join('\n');
}
