/** Actions that choose by a hash: multipath, bundle, bundle_load. ovs-actions(7). */
import { type Act, same } from './act.ts';
import { writable } from './actions-field.ts';
import { keyOf } from './keys.ts';
import { number, port } from './numbers.ts';
import { parseError, type Word } from './parse-error.ts';
import { commaList, type Pair, part, wordOf } from './words.ts';

const FIELDS = [
  'eth_src',
  'symmetric_l4',
  'symmetric_l3l4',
  'symmetric_l3l4+udp',
  'nw_src',
  'nw_dst',
  'symmetric_l3',
];
const LINK_ALGORITHMS = ['modulo_n', 'hash_threshold', 'hrw', 'iter_hash'];
const MEMBER_ALGORITHMS = ['active_backup', 'hrw'];
const LINKS_MAX = 0x10000;

function oneOf(word: Word | undefined, names: readonly string[], whole: Word): number {
  const text = word?.text === 'highest_random_weight' ? 'hrw' : word?.text;
  const index = text === undefined ? -1 : names.indexOf(text);
  if (index < 0) throw parseError(word ?? whole, `one of ${names.join(', ')} was expected`);
  return index;
}

/** multipath(FIELDS,BASIS,ALGORITHM,LINKS,ARGUMENT,FIELD[BITS]). */
function multipath({ value, whole }: Pair): Act {
  const [fieldsWord, basisWord, algorithmWord, linksWord, argWord, dstWord] = commaList(value);
  if (basisWord === undefined || linksWord === undefined || argWord === undefined || dstWord === undefined)
    throw parseError(whole, 'six arguments were expected: multipath(eth_src,50,modulo_n,1,0,reg0[])');
  const fields = oneOf(fieldsWord, FIELDS, whole);
  const algorithm = oneOf(algorithmWord, LINK_ALGORITHMS, whole);
  const links = number(linksWord, 17, 'a number of links');
  const { field, offset, bits } = writable(dstWord);
  if (links < 1 || links > LINKS_MAX) throw parseError(linksWord, `there are 1 to ${LINKS_MAX} links`);
  if (bits < 16 && 1 << bits < links) throw parseError(dstWord, `${bits} bits do not hold ${links} links`);
  const basis = number(basisWord, 16, 'a basis');
  const arg = number(argWord, 32, 'an argument');
  const range = { offset, bits };
  const dst = keyOf(field, 'nxm');
  return same(whole, { type: 'nx_multipath', fields, basis, algorithm, maxLink: links - 1, arg, range, dst });
}

/** bundle(FIELDS,BASIS,ALGORITHM,ofport,members:...), and bundle_load with a field before the members. */
function bundle({ key, value, whole }: Pair): Act {
  const isLoad = key.text === 'bundle_load';
  const start = value.text.search(/(members|slaves):/);
  if (start < 0) throw parseError(whole, 'members were expected: members:1,2');
  const [fieldsWord, basisWord, algorithmWord, typeWord, dstWord] = commaList(part(value, 0, start));
  if (basisWord === undefined || (isLoad && (dstWord === undefined || dstWord.text === '')))
    throw parseError(whole, 'arguments are missing: fields, basis, algorithm, ofport and members');
  if (typeWord?.text !== 'ofport') throw parseError(typeWord ?? whole, 'members are of type ofport');
  const fields = oneOf(fieldsWord, FIELDS, whole);
  const algorithm = oneOf(algorithmWord, MEMBER_ALGORITHMS, whole);
  const basis = number(basisWord, 16, 'a basis');
  const list = part(value, value.text.indexOf(':', start) + 1);
  const members = commaList(wordOf(list.text, list.at)).map(port);
  const common = { algorithm, fields, basis, memberType: 'nxm_in_port', members };
  if (!isLoad) return same(whole, { type: 'nx_bundle', ...common });
  const { field, offset, bits } = writable(dstWord ?? whole);
  return same(whole, {
    type: 'nx_bundle_load',
    ...common,
    range: { offset, bits },
    dst: keyOf(field, 'nxm'),
  });
}

export const HASH_ACTIONS: Readonly<Record<string, (pair: Pair) => Act>> = {
  multipath,
  bundle,
  bundle_load: bundle,
};
