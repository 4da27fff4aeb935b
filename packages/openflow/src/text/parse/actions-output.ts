/** Actions that send: ports, fields that hold ports, queues, groups, controllers. */

import { OXM_FIELDS } from '../../generated/match-types.ts';
import { type Act, type ActionContext, same, type WireAction } from './act.ts';
import { keyOf } from './keys.ts';
import { number, port, port32, portOf } from './numbers.ts';
import { parseError, type Word } from './parse-error.ts';
import { subfield } from './subfield.ts';
import { type Pair, pairsOf, part } from './words.ts';

const CONTROLLER = 0xfffd;
const WHOLE_PACKET = 0xffff;
/** UNSET and NONE. */
const NOWHERE: readonly number[] = [0xfff7, 0xffff];
/** An Ethernet header. */
const TRUNCATED_MIN = 14;

export function outputTo(word: Word, port10: number, maxLen = port10 === CONTROLLER ? WHOLE_PACKET : 0): Act {
  return {
    word,
    stage: 'apply',
    check: () => {
      if (NOWHERE.includes(port10)) throw parseError(word, 'nothing can be sent there');
    },
    encode: (version) => [{ type: 'output', port: version === '1.0' ? port10 : port32(port10), maxLen }],
  };
}

function output({ value, form, whole }: Pair): Act {
  if (form === '(') return truncated(value, whole);
  const known = portOf(value.text);
  if (known !== undefined) return outputTo(whole, known);
  if (!/^[A-Za-z_]\w*(\[.*\])?$/.test(value.text)) throw parseError(value, 'a port or a field was expected');
  const { field, offset, bits } = subfield(value);
  const type = OXM_FIELDS[field.nxm].experimenter === undefined ? 'nx_output_reg' : 'nx_output_reg2';
  return same(whole, { type, range: { offset, bits }, src: keyOf(field, 'nxm'), maxLen: WHOLE_PACKET });
}

function truncated(list: Word, whole: Word): Act {
  let [to, maxLen]: (number | undefined)[] = [];
  for (const { key, value } of pairsOf(list)) {
    if (key.text === 'port') to = port(value);
    else if (key.text === 'max_len') maxLen = number(value, 32, 'a number of bytes');
    else throw parseError(key, 'output takes port and max_len');
  }
  if (to === undefined || maxLen === undefined)
    throw parseError(whole, 'output(port=..., max_len=...) needs both');
  if (maxLen < TRUNCATED_MIN) throw parseError(whole, `max_len is at least ${TRUNCATED_MIN}`);
  return same(whole, { type: 'nx_output_trunc', port: to, maxLen });
}

/** enqueue(PORT,QUEUE) or enqueue:PORT:QUEUE. */
function enqueue({ value, whole }: Pair): Act {
  const at = value.text.search(/[:,]/);
  if (at < 0) throw parseError(whole, 'a port and a queue were expected: enqueue(1,2)');
  const to = port(part(value, 0, at));
  const queueId = number(part(value, at + 1), 32, 'a queue');
  return {
    word: whole,
    stage: 'apply',
    encode: (version) =>
      version === '1.0'
        ? [{ type: 'enqueue', port: to, queueId }]
        : [
            { type: 'set_queue', queueId },
            { type: 'output', port: port32(to), maxLen: WHOLE_PACKET },
            { type: 'nx_pop_queue' },
          ],
  };
}

/** Reasons of packet_in. */
const REASONS: readonly string[] = ['no_match', 'action', 'invalid_ttl', 'action_set', 'group', 'packet_out'];
const REASON_ACTION = 1;

function controller({ value, whole, form }: Pair): Act {
  if (form === '') return outputTo(whole, CONTROLLER);
  if (/^\d+$/.test(value.text)) return outputTo(whole, CONTROLLER, number(value, 16, 'a number of bytes'));
  let maxLen = WHOLE_PACKET;
  let controllerId = 0;
  let reason = REASON_ACTION;
  let userdata: Uint8Array | undefined;
  let meterId: number | undefined;
  let isPaused = false;
  for (const { key, value: given } of pairsOf(value)) {
    switch (key.text) {
      case 'max_len':
        maxLen = number(given, 16, 'a number of bytes');
        break;
      case 'id':
        controllerId = number(given, 16, 'the id of a controller');
        break;
      case 'reason':
        reason = REASONS.indexOf(given.text);
        if (reason < 0) throw parseError(given, `the reason is one of ${REASONS.join(', ')}`);
        break;
      case 'userdata':
        userdata = dottedHex(given);
        break;
      case 'pause':
        isPaused = true;
        break;
      case 'meter_id':
        meterId = number(given, 32, 'a meter');
        break;
      default:
        throw parseError(key, 'controller takes max_len, reason, id, userdata, pause and meter_id');
    }
  }
  const isPlain = userdata === undefined && meterId === undefined && !isPaused;
  if (isPlain && reason === REASON_ACTION && controllerId === 0) return outputTo(whole, CONTROLLER, maxLen);
  if (isPlain) return same(whole, { type: 'nx_controller', maxLen, controllerId, reason });
  const properties: WireAction[] = [];
  if (maxLen !== WHOLE_PACKET) properties.push({ type: 'max_len', maxLen });
  if (controllerId !== 0) properties.push({ type: 'controller_id', controllerId });
  if (reason !== REASON_ACTION) properties.push({ type: 'reason', reason });
  if (userdata !== undefined) properties.push({ type: 'userdata', data: userdata });
  if (isPaused) properties.push({ type: 'pause' });
  if (meterId !== undefined) properties.push({ type: 'meter_id', meterId });
  return same(whole, { type: 'nx_controller2', properties });
}

/** Bytes as pairs of digits with or without dots between. */
export function dottedHex(word: Word): Uint8Array {
  const digits = word.text.replaceAll('.', '');
  if (!/^([0-9a-fA-F]{2})*$/.test(digits))
    throw parseError(word, 'bytes in hexadecimal were expected: 01.02.03');
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

/** group and set_queue are Nicira's in 1.0. */
const numbered =
  (type: string, field: string, what: string) =>
  ({ value, whole }: Pair): Act => {
    const id = number(value, 32, what);
    return {
      word: whole,
      stage: 'apply',
      encode: (version) => [{ type: version === '1.0' ? `nx_${type}` : type, [field]: id }],
    };
  };

export const OUTPUT_ACTIONS: Readonly<Record<string, (pair: Pair, context: ActionContext) => Act>> = {
  output,
  enqueue,
  controller,
  set_queue: numbered('set_queue', 'queueId', 'a queue'),
  group: numbered('group', 'groupId', 'a group'),
  pop_queue: ({ whole }) => same(whole, { type: 'nx_pop_queue' }),
};
