/** Actions about where a packet goes on, and the instructions of 1.1 and later. */
import { type Act, type ActionContext, encodeAll, same, type WireAction } from './act.ts';
import { writable } from './actions-field.ts';
import { dottedHex } from './actions-output.ts';
import { requireField } from './fields.ts';
import { NXM_OF11_UP, OF10_ANY, OF13_UP } from './formats.ts';
import { keyOf } from './keys.ts';
import { bigNumber, number, port } from './numbers.ts';
import { parseError, type Word } from './parse-error.ts';
import { ones } from './values.ts';
import { commaList, type Pair, pairsOf, part } from './words.ts';

const IN_PORT = 0xfff8;
const NO_PORT = 0xffff;
const ANY_TABLE = 255;
const NOTE_FIRST = 6;
const NOTE_MORE = 8;
const TCP = 6;

/** `TABLE_ID` up to 254, or 255 where that means something. */
export const table = (word: Word): number => number(word, 8, 'a table');

function resubmit({ value, whole, form }: Pair): Act {
  const words = form === '(' ? commaList(value) : [value];
  const [portWord, tableWord, ctWord] = words;
  if (ctWord !== undefined && ctWord.text !== 'ct')
    throw parseError(ctWord, 'the third argument can only be ct');
  const inPort = portWord === undefined || portWord.text === '' ? IN_PORT : port(portWord);
  const tableId = tableWord === undefined || tableWord.text === '' ? ANY_TABLE : table(tableWord);
  if (inPort === IN_PORT && tableId === ANY_TABLE)
    throw parseError(whole, 'a port or a table must be told: resubmit(,1)');
  if (ctWord === undefined) return same(whole, { type: 'nx_resubmit_table', inPort, tableId });
  return same(whole, { type: 'nx_resubmit_table_ct', inPort, tableId }, ({ isTracked }) => {
    if (!isTracked) throw parseError(whole, 'ct needs a match of ct_state=+trk');
  });
}

function note({ value, whole }: Pair): Act {
  const bytes = dottedHex(value);
  const more = Math.max(0, Math.ceil((bytes.length - NOTE_FIRST) / NOTE_MORE));
  const padded = new Uint8Array(NOTE_FIRST + more * NOTE_MORE);
  padded.set(bytes);
  return same(whole, { type: 'nx_note', note: padded });
}

function conjunction({ value, whole }: Pair): Act {
  const [idWord, partWord] = commaList(value);
  const slash = partWord?.text.indexOf('/') ?? -1;
  if (idWord === undefined || partWord === undefined || slash < 0)
    throw parseError(whole, 'an id and a clause were expected: conjunction(1,1/2)');
  const id = number(idWord, 32, 'an id');
  const clause = number(part(partWord, 0, slash), 8, 'a clause');
  const nClauses = number(part(partWord, slash + 1), 8, 'a number of clauses');
  if (nClauses < 2 || nClauses > 64) throw parseError(partWord, 'there are 2 to 64 clauses');
  if (clause < 1 || clause > nClauses) throw parseError(partWord, `the clause is from 1 to ${nClauses}`);
  return same(whole, { type: 'nx_conjunction', clause: clause - 1, nClauses, id });
}

/** Named numbers of an action, each with its bits; the value of what is not told is 0. */
function numbers(list: Word, bits: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { key, value, form } of pairsOf(list)) {
    const size = bits[key.text];
    if (size === undefined) throw parseError(key, `one of ${Object.keys(bits).join(', ')} was expected`);
    found[key.text] =
      size === 0 && form === '' ? 1 : key.text.endsWith('_port') ? port(value) : number(value, size);
  }
  return found;
}

function finTimeout({ value, whole }: Pair): Act {
  const told = numbers(value, { idle_timeout: 16, hard_timeout: 16 });
  const { idle_timeout: finIdleTimeout = 0, hard_timeout: finHardTimeout = 0 } = told;
  return same(whole, { type: 'nx_fin_timeout', finIdleTimeout, finHardTimeout }, (packet, usable) => {
    if (packet.protocol !== TCP) usable.formats &= OF10_ANY;
  });
}

function sample({ value, whole }: Pair): Act {
  const told = numbers(value, {
    probability: 16,
    collector_set_id: 32,
    obs_domain_id: 32,
    obs_point_id: 32,
    sampling_port: 16,
    ingress: 0,
    egress: 0,
  });
  const { probability = 0, collector_set_id: collectorSetId = 0, sampling_port: samplingPort } = told;
  const { obs_domain_id: obsDomainId = 0, obs_point_id: obsPointId = 0 } = told;
  if (probability === 0) throw parseError(whole, 'the probability is from 1 to 65535');
  const common = { probability, collectorSetId, obsDomainId, obsPointId };
  const direction = told.ingress === 1 ? 1 : told.egress === 1 ? 2 : 0;
  if (direction !== 0)
    return same(whole, { type: 'nx_sample3', ...common, samplingPort: samplingPort ?? NO_PORT, direction });
  if (samplingPort !== undefined) return same(whole, { type: 'nx_sample2', ...common, samplingPort });
  return same(whole, { type: 'nx_sample', ...common });
}

function checkPktLarger({ value, whole, target }: Pair): Act {
  if (target === undefined) throw parseError(whole, 'a bit was expected: check_pkt_larger(1500)->reg0[0]');
  const { field, offset, bits } = writable(target);
  if (bits !== 1) throw parseError(target, 'the target is one bit');
  const pktLen = number(value, 16, 'a number of bytes');
  return same(whole, { type: 'nx_check_pkt_larger', pktLen, offset, dst: keyOf(field, 'nxm') });
}

function deleteField({ value, whole }: Pair): Act {
  const field = requireField(value);
  if (!field.name.startsWith('tun_metadata'))
    throw parseError(value, 'only tun_metadata0 to 63 can be deleted');
  return same(whole, { type: 'nx_delete_field', field: keyOf(field, 'nxm') });
}

function clone({ value, whole }: Pair, context: ActionContext): Act {
  const inner = context.nested(value);
  return {
    word: whole,
    stage: 'apply',
    check: (packet, usable) => {
      const copy = { ...packet };
      for (const act of inner) act.check?.(copy, usable);
    },
    encode: (version) => [{ type: 'nx_clone', actions: encodeAll(inner, version) }],
  };
}

function writeMetadata({ value, whole }: Pair, { usable }: ActionContext): Act {
  usable.formats &= NXM_OF11_UP;
  const slash = value.text.indexOf('/');
  const metadata = bigNumber(slash < 0 ? value : part(value, 0, slash), 64, 'the metadata');
  const mask = slash < 0 ? ones(64) : bigNumber(part(value, slash + 1), 64, 'a mask');
  return {
    word: whole,
    stage: 'metadata',
    encode: (version) => [
      { type: version === '1.0' ? 'nx_write_metadata' : 'write_metadata', metadata, mask },
    ],
  };
}

/** In 1.0 it is a resubmit, which comes nearest. */
function gotoTable({ value, whole }: Pair): Act {
  const tableId = table(value);
  return {
    word: whole,
    stage: 'goto',
    check: (packet) => {
      if (packet.tableId !== undefined && packet.tableId !== ANY_TABLE && tableId <= packet.tableId)
        throw parseError(whole, `goto_table leads to a later table than ${packet.tableId}`);
    },
    encode: (version) => [
      version === '1.0'
        ? { type: 'nx_resubmit_table', inPort: IN_PORT, tableId }
        : { type: 'goto_table', tableId },
    ],
  };
}

function writeActions({ value, whole }: Pair, context: ActionContext): Act {
  const inner = context.nested(value);
  return {
    word: whole,
    stage: 'write',
    check: (packet, usable) => {
      const copy = { ...packet };
      for (const act of inner) act.check?.(copy, usable);
    },
    // 1.0 has no action set.
    encode: (version) =>
      version === '1.0' || inner.length === 0
        ? []
        : [{ type: 'write_actions', actions: encodeAll(inner, version) }],
  };
}

function meter({ value, whole }: Pair, { usable }: ActionContext): Act {
  usable.formats &= OF13_UP;
  const meterId = number(value, 32, 'a meter');
  return { word: whole, stage: 'meter', encode: () => [{ type: 'meter', meterId }] };
}

const plain =
  (action: WireAction) =>
  ({ whole }: Pair): Act =>
    same(whole, action);

export const CONTROL_ACTIONS: Readonly<Record<string, (pair: Pair, context: ActionContext) => Act>> = {
  resubmit,
  note,
  conjunction,
  fin_timeout: finTimeout,
  sample,
  check_pkt_larger: checkPktLarger,
  delete_field: deleteField,
  clone,
  exit: plain({ type: 'nx_exit' }),
  dec_nsh_ttl: ({ whole }) =>
    same(whole, { type: 'nx_dec_nsh_ttl' }, ({ ethType }) => {
      if (ethType !== 0x894f) throw parseError(whole, 'dec_nsh_ttl needs a match of dl_type=0x894f');
    }),
  debug_slow: plain({ type: 'nx_debug_slow' }),
  debug_recirc: plain({ type: 'nx_debug_recirc' }),
  write_metadata: writeMetadata,
  goto_table: gotoTable,
  write_actions: writeActions,
  clear_actions: ({ whole }) => ({
    word: whole,
    stage: 'clear',
    encode: (version) => (version === '1.0' ? [] : [{ type: 'clear_actions' }]),
  }),
  meter,
};
