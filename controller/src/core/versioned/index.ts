/** Maps and sets that are values, at the price of those that are not. */
export { VersionedMap } from './versioned-map.ts';
export { VersionedSet } from './versioned-set.ts';
