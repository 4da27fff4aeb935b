/** Meter and group tables, with the answers of Open vSwitch to what it refuses. */
import { OpenflowError } from '../errors.ts';
import {
  OFPET,
  OFPG,
  OFPGC,
  OFPGMFC,
  OFPGT,
  OFPM,
  OFPMC,
  OFPMF,
  OFPMMFC,
  OFPP,
} from '../generated/of13/constants.ts';
import type { Band, Bucket, GroupMod, MeterMod } from '../generated/of13/index.ts';

export interface Meter {
  readonly meterId: number;
  readonly flags: number;
  readonly bands: readonly Band[];
  packetInCount: bigint;
  byteInCount: bigint;
  readonly addedAt: number;
}

export interface Group {
  readonly groupId: number;
  readonly groupType: number;
  readonly buckets: readonly Bucket[];
  packetCount: bigint;
  byteCount: bigint;
  readonly addedAt: number;
}

export interface MeterLimits {
  /** Meter ids are 1 to this. */
  readonly metersMax: number;
  readonly bandsMax: number;
}

const refuseMeter = (code: number): never => {
  throw new OpenflowError(OFPET.METER_MOD_FAILED, code);
};
const refuseGroup = (code: number): never => {
  throw new OpenflowError(OFPET.GROUP_MOD_FAILED, code);
};

/** The values are never changed but replaced, apart from their counters. */
export function restoring<K, T>(map: Map<K, T>): () => void {
  const before = [...map];
  return () => {
    map.clear();
    for (const [key, value] of before) map.set(key, value);
  };
}

export class Meters {
  readonly byId = new Map<number, Meter>();

  constructor(
    private readonly limits: MeterLimits,
    private readonly now: () => number,
  ) {}

  /** Remembers what there is; what is returned brings it back. */
  saved(): () => void {
    return restoring(this.byId);
  }

  /** Applies a meter mod and returns the ids of meters that are gone. */
  apply(mod: MeterMod): readonly number[] {
    if (mod.command === OFPMC.DELETE) return this.remove(mod.meterId);
    if (mod.meterId < 1 || mod.meterId > this.limits.metersMax) refuseMeter(OFPMMFC.INVALID_METER);
    this.check(mod);
    const before = this.byId.get(mod.meterId);
    if (mod.command === OFPMC.ADD) {
      if (before !== undefined) refuseMeter(OFPMMFC.METER_EXISTS);
    } else if (mod.command === OFPMC.MODIFY) {
      if (before === undefined) refuseMeter(OFPMMFC.UNKNOWN_METER);
    } else {
      refuseMeter(OFPMMFC.BAD_COMMAND);
    }
    const { meterId, flags, bands } = mod;
    const counts = { packetInCount: before?.packetInCount ?? 0n, byteInCount: before?.byteInCount ?? 0n };
    this.byId.set(meterId, { meterId, flags, bands, ...counts, addedAt: before?.addedAt ?? this.now() });
    return [];
  }

  private check(mod: MeterMod): void {
    const units = mod.flags & (OFPMF.KBPS | OFPMF.PKTPS);
    if (units === (OFPMF.KBPS | OFPMF.PKTPS) || mod.flags > 15) refuseMeter(OFPMMFC.BAD_FLAGS);
    if (units === 0) refuseMeter(OFPMMFC.BAD_FLAGS);
    if (mod.bands.length === 0 || mod.bands.length > this.limits.bandsMax) refuseMeter(OFPMMFC.OUT_OF_BANDS);
    if (mod.bands.some((band) => band.type !== 'drop')) refuseMeter(OFPMMFC.BAD_BAND);
    if (mod.bands.some((band) => band.type === 'drop' && band.rate === 0)) refuseMeter(OFPMMFC.BAD_RATE);
  }

  private remove(meterId: number): readonly number[] {
    const gone = meterId === OFPM.ALL ? [...this.byId.keys()] : this.byId.has(meterId) ? [meterId] : [];
    for (const id of gone) this.byId.delete(id);
    return gone;
  }
}

export class Groups {
  readonly byId = new Map<number, Group>();

  constructor(private readonly now: () => number) {}

  /** Remembers what there is; what is returned brings it back. */
  saved(): () => void {
    return restoring(this.byId);
  }

  /** Applies a group mod and returns the ids of groups that are gone. */
  apply(mod: GroupMod): readonly number[] {
    if (mod.command === OFPGC.DELETE) return this.remove(mod.groupId);
    this.check(mod);
    const before = this.byId.get(mod.groupId);
    if (mod.command === OFPGC.ADD) {
      if (before !== undefined) refuseGroup(OFPGMFC.GROUP_EXISTS);
    } else if (mod.command === OFPGC.MODIFY) {
      if (before === undefined) refuseGroup(OFPGMFC.UNKNOWN_GROUP);
    } else {
      refuseGroup(OFPGMFC.BAD_COMMAND);
    }
    const { groupId, groupType, buckets } = mod;
    const counts = { packetCount: before?.packetCount ?? 0n, byteCount: before?.byteCount ?? 0n };
    this.byId.set(groupId, {
      groupId,
      groupType,
      buckets,
      ...counts,
      addedAt: before?.addedAt ?? this.now(),
    });
    return [];
  }

  private check(mod: GroupMod): void {
    if (mod.groupId > OFPG.MAX) refuseGroup(OFPGMFC.INVALID_GROUP);
    if (mod.groupType > OFPGT.FF) refuseGroup(OFPGMFC.BAD_TYPE);
    if (mod.groupType === OFPGT.INDIRECT && mod.buckets.length !== 1) refuseGroup(OFPGMFC.INVALID_GROUP);
    const isWeighed = mod.groupType !== OFPGT.SELECT && mod.buckets.some(({ weight }) => weight > 0);
    const isBlind = mod.groupType === OFPGT.FF && !mod.buckets.every(watches);
    if (isWeighed || isBlind) refuseGroup(OFPGMFC.INVALID_GROUP);
  }

  private remove(groupId: number): readonly number[] {
    const gone = groupId === OFPG.ALL ? [...this.byId.keys()] : this.byId.has(groupId) ? [groupId] : [];
    for (const id of gone) this.byId.delete(id);
    return gone;
  }
}

const watches = ({ watchPort, watchGroup }: Bucket): boolean =>
  watchPort !== OFPP.ANY || watchGroup !== OFPG.ANY;
