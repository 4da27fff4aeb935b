/**
 * What a switch wants back with a packet that it has paused, in Nicira's properties (NXCPT_*): u16 type, u16 length,
 * body, padding to 8 bytes. Only the switch that sent them need understand them; what is malformed is shown as bytes.
 */
import { decodeAction as in10 } from '../../generated/of10/elements/action.ts';
import { decodeAction as in11 } from '../../generated/of11/elements/action.ts';
import { decodeAction as in12 } from '../../generated/of12/elements/action.ts';
import { decodeAction as in13 } from '../../generated/of13/elements/action.ts';
import { decodeAction as in15 } from '../../generated/of15/elements/action.ts';
import { ProtocolError } from '../../runtime/protocol-error.ts';
import type { Version } from '../../versions.ts';
import { bytesText, hex, hexOrZero } from '../words/numbers.ts';
import { formatActions } from './actions.ts';
import type { AnyAction } from './types.ts';

const DECODERS: Readonly<Record<Version, (view: DataView, at: number, end: number) => AnyAction>> = {
  '1.0': in10,
  '1.1': in11,
  '1.2': in12,
  '1.3': in13,
  '1.4': in13,
  '1.5': in15,
};

const BRIDGE = 0x8000;
const STACK = 0x8001;
const MIRRORS = 0x8002;
const CONNTRACKED = 0x8003;
const TABLE_ID = 0x8004;
const COOKIE = 0x8005;
const ACTIONS = 0x8006;
const ACTION_SET = 0x8007;
const ODP_PORT = 0x8008;
const HEADER = 4;
const ALIGN = 8;
const PAD = 4;

interface Property {
  readonly type: number;
  readonly body: DataView;
}

/** Lines without the line breaks. */
export function continuationLines(data: Uint8Array, version: Version): readonly string[] {
  try {
    return linesOf(propertiesOf(data), version);
  } catch (error) {
    // A DataView is never read beyond its end: what is cut off is shown as it is.
    if (error instanceof ProtocolError || error instanceof RangeError) {
      return [` continuation=0x${bytesText(data)}`];
    }
    throw error;
  }
}

function propertiesOf(data: Uint8Array): readonly Property[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const properties: Property[] = [];
  for (let at = 0; at < view.byteLength; ) {
    const length = view.getUint16(at + 2);
    if (length < HEADER) throw new RangeError('a property without a header');
    const body = new DataView(view.buffer, view.byteOffset + at + HEADER, length - HEADER);
    properties.push({ type: view.getUint16(at), body });
    at += Math.ceil(length / ALIGN) * ALIGN;
  }
  return properties;
}

function linesOf(properties: readonly Property[], version: Version): readonly string[] {
  const of = (type: number): readonly DataView[] =>
    properties.filter((one) => one.type === type).map(({ body }) => body);
  const stack = of(STACK).map((body) => hexOrZero(BigInt(`0x${bytesText(bytesOf(body)) || '0'}`)));
  const actions = actionTexts(properties, version);
  return [
    ...of(BRIDGE).map((body) => ` continuation.bridge=${uuidText(body)}`),
    ...(stack.length === 0 ? [] : [` continuation.stack=(top) ${stack.join(' ')} (bottom)`]),
    ...of(MIRRORS).map((body) => ` continuation.mirrors=${hex(body.getUint32(0))}`),
    ...of(CONNTRACKED).map(() => ' continuation.conntracked=true'),
    ...(actions.length === 0 ? [] : [` continuation.actions=${actions.join(',')}`]),
    ...of(ACTION_SET).map(
      (body) => ` continuation.action_set=${formatActions(actionsIn(body, version), version)}`,
    ),
    ...of(ODP_PORT).map((body) => ` continuation.odp_port=${body.getUint32(0)}`),
  ];
}

/** Before actions stands the entry that they belong to, where it is another than before. */
function actionTexts(properties: readonly Property[], version: Version): readonly string[] {
  const texts: string[] = [];
  let table = 0;
  let cookie = 0n;
  let told = '';
  for (const { type, body } of properties) {
    if (type === TABLE_ID) table = body.getUint8(0);
    else if (type === COOKIE) cookie = body.getBigUint64(PAD);
    else if (type === ACTIONS) {
      const entry = `unroll_xlate(table=${table}, cookie=${cookie})`;
      if (entry !== told) texts.push(entry);
      told = entry;
      texts.push(formatActions(actionsIn(body, version), version));
    }
  }
  return texts;
}

function actionsIn(body: DataView, version: Version): readonly AnyAction[] {
  const decode = DECODERS[version];
  const actions: AnyAction[] = [];
  for (let at = PAD; at < body.byteLength; ) {
    const end = at + body.getUint16(at + 2);
    if (end < at + HEADER || end > body.byteLength) throw new RangeError('an action that runs over');
    actions.push(decode(body, at, end));
    at = end;
  }
  return actions;
}

const bytesOf = (view: DataView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

const UUID_WORDS = 4;

/** The switch writes the four words as its processor has them: little end first. */
function uuidText(body: DataView): string {
  const words = Array.from({ length: UUID_WORDS }, (_, i) =>
    body
      .getUint32(i * UUID_WORDS, true)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  return words.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
