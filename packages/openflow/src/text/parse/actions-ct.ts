/** Connection tracking: ct(...), with nat(...) and exec(...) inside, and ct_clear. ovs-actions(7), ct. */
import { type Act, type ActionContext, encodeAll, same, type WireAction } from './act.ts';
import { table } from './actions-control.ts';
import { isIp } from './actions-field.ts';
import { FLEXIBLE, type Usable } from './formats.ts';
import { keyOf } from './keys.ts';
import { integerOf, number } from './numbers.ts';
import { parseError, type Word } from './parse-error.ts';
import { subfield } from './subfield.ts';
import { ipv4Of, ipv6Of, oxmValue } from './values.ts';
import { type Pair, pairsOf, wordOf } from './words.ts';

const COMMIT = 1;
const FORCE = 2;
const NO_TABLE = 255;
const ZONE_BITS = 16;
/** Ports of the protocols that have helpers. */
const HELPERS: Readonly<Record<string, number>> = { ftp: 21, tftp: 69 };
const EXECUTED: ReadonlySet<string> = new Set(['set_field', 'load', 'move']);
const NAT = { src: 1, dst: 2, persistent: 4, hash: 8, random: 16 } as const;

function ct({ value, whole }: Pair, context: ActionContext): Act {
  let flags = 0;
  let zone: unknown = 0;
  let tableId = NO_TABLE;
  let alg = 0;
  const inner: Act[] = [];
  for (const pair of pairsOf(value)) {
    const { key, value: given } = pair;
    switch (key.text) {
      case 'commit':
        flags |= COMMIT;
        break;
      case 'force':
        flags |= FORCE;
        break;
      case 'zone':
        zone = zoneOf(given);
        break;
      case 'table':
        tableId = table(given);
        if (tableId === NO_TABLE) throw parseError(given, 'the table is from 0 to 254');
        break;
      case 'alg':
        alg = HELPERS[given.text] ?? 0;
        if (alg === 0) throw parseError(given, `the helper is one of ${Object.keys(HELPERS).join(', ')}`);
        break;
      case 'nat':
        inner.push(nat(pair, context.usable));
        break;
      case 'exec':
        inner.push(...executed(given, context));
        break;
      default:
        throw parseError(key, 'ct takes commit, force, zone, table, alg, nat and exec');
    }
  }
  if ((flags & FORCE) !== 0 && (flags & COMMIT) === 0) throw parseError(whole, 'force needs commit');
  return {
    word: whole,
    stage: 'apply',
    check: (packet) => {
      if (!isIp(packet)) throw parseError(whole, 'ct needs a match of ip or ipv6');
    },
    encode: (version) => [{ type: 'nx_ct', flags, zone, tableId, alg, actions: encodeAll(inner, version) }],
  };
}

/** Only what writes to the connection. */
function executed(list: Word, context: ActionContext): readonly Act[] {
  for (const { key } of pairsOf(list))
    if (!EXECUTED.has(key.text)) throw parseError(key, `exec takes ${[...EXECUTED].join(', ')}`);
  return context.nested(list);
}

function zoneOf(word: Word): unknown {
  if (integerOf(word.text) !== undefined) return number(word, ZONE_BITS, 'a zone');
  const { field, offset, bits } = subfield(word);
  if (bits !== ZONE_BITS) throw parseError(word, `a zone has ${ZONE_BITS} bits`);
  return { field: keyOf(field, 'nxm'), range: { offset, bits } };
}

function nat({ value, whole }: Pair, usable: Usable): Act {
  let flags = 0;
  let range: Readonly<Record<string, unknown>> = {};
  for (const { key, value: given } of pairsOf(value)) {
    const bit = NAT[key.text as keyof typeof NAT];
    if (bit === undefined) throw parseError(key, `nat takes ${Object.keys(NAT).join(', ')}`);
    flags |= bit;
    if ((key.text === 'src' || key.text === 'dst') && given.text !== '') range = natRange(given, usable);
  }
  if ((flags & NAT.src) !== 0 && (flags & NAT.dst) !== 0)
    throw parseError(whole, 'nat takes src or dst, not both');
  if (flags !== 0 && (flags & (NAT.src | NAT.dst)) === 0)
    throw parseError(whole, 'nat needs src or dst for that');
  if ((flags & NAT.hash) !== 0 && (flags & NAT.random) !== 0)
    throw parseError(whole, 'nat takes hash or random, not both');
  return same(whole, { type: 'nx_nat', flags, range } as WireAction);
}

const ADDRESS = String.raw`(\[[^\]]*\]|[^-\[\]]*?)`;
const IPV4_RANGE = /^([\d.]+)(?:-([\d.]+))?(?::(\d+)(?:-(\d+))?)?$/;
const IPV6_RANGE = new RegExp(`^${ADDRESS}(?:-${ADDRESS})?(?:(?<=\\]):(\\d+)(?:-(\\d+))?)?$`);

/** ADDRESS[-ADDRESS][:PORT[-PORT]]; an IPv6 address stands in brackets where a port follows. */
function natRange(word: Word, usable: Usable): Readonly<Record<string, unknown>> {
  const v4 = IPV4_RANGE.exec(word.text);
  const found = v4 ?? IPV6_RANGE.exec(word.text);
  if (found === null) throw parseError(word, 'addresses were expected: 10.0.0.1-10.0.0.9:1024-2048');
  const kind = v4 === null ? 'ipv6' : 'ipv4';
  const address = (text: string): unknown => {
    const bare = wordOf(text.replace(/^\[|\]$/g, ''), word.at);
    return kind === 'ipv4' ? oxmValue('ipv4_src', ipv4Of(bare), 4) : oxmValue('ipv6_src', ipv6Of(bare), 16);
  };
  const [, low = '', high, portLow, portHigh] = found;
  if (kind === 'ipv6' && low.startsWith('[')) usable.formats &= FLEXIBLE;
  const range: Record<string, unknown> = { [`${kind}Min`]: address(low) };
  if (high !== undefined) range[`${kind}Max`] = address(high);
  const isWrong = high !== undefined && numberOf(low, kind, word) > numberOf(high, kind, word);
  if (isWrong || Number(portLow ?? 0) > Number(portHigh ?? 0xffff))
    throw parseError(word, 'the range ends before it begins');
  if (portLow !== undefined) range.protoMin = number(wordOf(portLow, word.at), 16, 'a port');
  if (portHigh !== undefined) range.protoMax = number(wordOf(portHigh, word.at), 16, 'a port');
  return range;
}

function numberOf(text: string, kind: 'ipv4' | 'ipv6', { at }: Word): bigint {
  const bare = wordOf(text.replace(/^\[|\]$/g, ''), at);
  return kind === 'ipv4' ? ipv4Of(bare) : ipv6Of(bare);
}

export const CT_ACTIONS: Readonly<Record<string, (pair: Pair, context: ActionContext) => Act>> = {
  ct,
  nat: ({ whole }) => {
    throw parseError(whole, 'nat stands inside of ct(...)');
  },
  ct_clear: ({ whole }) => same(whole, { type: 'nx_ct_clear' }),
};
