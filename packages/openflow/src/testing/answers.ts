/** Multipart replies of the fake switch, from its tables. */
import type { Message } from '../codec.ts';
import { OpenflowError } from '../errors.ts';
import { OXM_FIELDS, type OxmName } from '../generated/match-types.ts';
import { OFPET, OFPG, OFPM, OFPMBT, OFPMF, OFPMMFC, OFPQ } from '../generated/of13/constants.ts';
import * as of from '../generated/of13/index.ts';
import * as struct from '../generated/of13/structs.ts';
import type { Version } from '../versions.ts';
import { actionsOf, type FlowEntry, type FlowTables } from './flow-table.ts';
import type { Group, Groups, Meter, MeterLimits, Meters } from './meters-and-groups.ts';
import type { Ports } from './ports.ts';

export interface Tables {
  readonly flows: FlowTables;
  readonly meters: Meters;
  readonly groups: Groups;
  readonly ports: Ports;
  readonly limits: MeterLimits;
  readonly nTables: number;
  readonly now: () => number;
}

/** The reply to a multipart request; undefined when it is not one that the fake knows. */
export function multipartReply(request: Message, tables: Tables): Message | undefined {
  const { flows, ports, groups, meters } = tables;
  switch (request.type) {
    case 'desc_request':
      return of.descReply({
        manufacturer: 'oflib',
        hardware: 'fake switch',
        software: 'test',
        datapath: 'fake',
      });
    case 'flow_stats_request':
      return of.flowStatsReply({
        flows: flows.select(request).map((entry) => flowStatsOf(entry, tables.now())),
      });
    case 'aggregate_stats_request':
      return aggregate(flows.select(request));
    case 'table_stats_request':
      return of.tableStatsReply({ tables: tableStats(tables) });
    case 'port_stats_request':
      return of.portStatsReply({ ports: ports.stats(request.portNo) });
    case 'port_desc_request':
      return of.portDescReply({ ports: ports.all });
    case 'queue_stats_request':
      return of.queueStatsReply({ queues: ports.queueStats(request.portNo, request.queueId) });
    case 'group_stats_request':
      return of.groupStatsReply({
        groups: chosenGroups(groups, request.groupId).map((one) => groupStatsOf(one, tables)),
      });
    case 'group_desc_request':
      return of.groupDescReply({
        groups: [...groups.byId.values()].map(({ groupId, groupType, buckets }) =>
          struct.groupDesc({ groupId, groupType, buckets }),
        ),
      });
    case 'group_features_request':
      return of.groupFeaturesReply(GROUP_FEATURES);
    case 'table_features_request':
      return of.tableFeaturesReply({ tables: tableFeatures(tables) });
    case 'queue_get_config_request':
      return of.queueGetConfigReply({
        portNo: request.portNo,
        queues: ports
          .queueStats(request.portNo, OFPQ.ALL)
          .map(({ portNo, queueId }) => struct.packetQueue({ portNo, queueId })),
      });
    case 'meter_stats_request':
      return of.meterStatsReply({
        meters: chosenMeters(meters, request.meterId).map((one) => meterStatsOf(one, tables)),
      });
    case 'meter_config_request':
      return of.meterConfigReply({
        meters: chosenMeters(meters, request.meterId).map(({ meterId, flags, bands }) =>
          struct.meterConfig({ meterId, flags, bands }),
        ),
      });
    case 'meter_features_request':
      return of.meterFeaturesReply({
        maxMeter: tables.limits.metersMax,
        bandTypes: 1 << OFPMBT.DROP,
        capabilities: OFPMF.KBPS | OFPMF.PKTPS | OFPMF.BURST | OFPMF.STATS,
        maxBands: tables.limits.bandsMax,
        maxColor: 0,
      });
    default:
      return undefined;
  }
}

/** All types, with weights, liveness and chaining. */
const GROUP_FEATURES = {
  types: 0b1111,
  capabilities: 0b0111,
  maxGroupsAll: OFPG.MAX,
  maxGroupsSelect: OFPG.MAX,
  maxGroupsIndirect: OFPG.MAX,
  maxGroupsFf: OFPG.MAX,
} as const;

function tableFeatures({ nTables, flows }: Tables): readonly of.TableFeatures[] {
  return Array.from({ length: nTables }, (_, tableId) => {
    const tableIds = Array.from({ length: nTables - tableId - 1 }, (_each, index) => tableId + 1 + index);
    return struct.tableFeatures({
      tableId,
      name: `table${tableId}`,
      metadataMatch: ALL_BITS,
      metadataWrite: ALL_BITS,
      config: flows.configOf(tableId),
      maxEntries: flows.capacity,
      properties: [
        of.tableFeatureProperty.nextTables(tableIds),
        of.tableFeatureProperty.match(Object.keys(OXM_FIELDS) as OxmName[]),
      ],
    });
  });
}
/** From 1.4 on: what table_mod has set. */
export const tableDescOf = ({ nTables, flows }: Tables): Message<Version> => ({
  type: 'table_desc_reply',
  flags: 0,
  tables: Array.from({ length: nTables }, (_, tableId) => ({
    tableId,
    config: flows.configOf(tableId),
    properties: [],
  })),
});

const ALL_BITS = 0xffffffffffffffffn;

function age(addedAt: number, now: number): { readonly durationSec: number; readonly durationNsec: number } {
  const elapsed = Math.max(0, now - addedAt);
  return { durationSec: Math.floor(elapsed / 1000), durationNsec: Math.floor((elapsed % 1000) * 1_000_000) };
}

function flowStatsOf(entry: FlowEntry, now: number): of.FlowStats {
  const { tableId, priority, match, cookie, flags, idleTimeout, hardTimeout, instructions } = entry;
  const { packetCount, byteCount, importance } = entry;
  const fixed = { tableId, priority, match, cookie, flags, idleTimeout, hardTimeout, instructions };
  const stats = struct.flowStats({ ...fixed, packetCount, byteCount, ...age(entry.addedAt, now) });
  // For the versions that have it.
  return Object.assign(stats, { importance });
}

/** The message for an entry that is gone. */
export function flowRemovedOf(entry: FlowEntry, reason: number, now: number): of.FlowRemoved {
  const { tableId, priority, match, cookie, idleTimeout, hardTimeout, packetCount, byteCount } = entry;
  const fixed = { tableId, priority, match, cookie, idleTimeout, hardTimeout, packetCount, byteCount };
  return of.flowRemoved({ ...fixed, reason, ...age(entry.addedAt, now) });
}

function aggregate(entries: readonly FlowEntry[]): Message {
  return of.aggregateStatsReply({
    packetCount: entries.reduce((sum, entry) => sum + entry.packetCount, 0n),
    byteCount: entries.reduce((sum, entry) => sum + entry.byteCount, 0n),
    flowCount: entries.length,
  });
}

function tableStats({ flows, nTables }: Tables): readonly of.TableStats[] {
  return Array.from({ length: nTables }, (_, tableId) => {
    const entries = flows.all.filter((entry) => entry.tableId === tableId);
    const matchedCount = entries.reduce((sum, entry) => sum + entry.packetCount, 0n);
    return struct.tableStats({
      tableId,
      activeCount: entries.length,
      lookupCount: matchedCount,
      matchedCount,
    });
  });
}

function chosenMeters(meters: Meters, meterId: number): readonly Meter[] {
  if (meterId === OFPM.ALL) return [...meters.byId.values()];
  const found = meters.byId.get(meterId);
  if (found === undefined) throw new OpenflowError(OFPET.METER_MOD_FAILED, OFPMMFC.UNKNOWN_METER);
  return [found];
}

function meterStatsOf(meter: Meter, { flows, now }: Tables): of.MeterStats {
  const { meterId, packetInCount, byteInCount, bands } = meter;
  const flowCount = flows.usingMeter(meterId).length;
  const counts = bands.map(() => struct.bandStats());
  return struct.meterStats({
    meterId,
    flowCount,
    packetInCount,
    byteInCount,
    bands: counts,
    ...age(meter.addedAt, now()),
  });
}

const chosenGroups = (groups: Groups, groupId: number): readonly Group[] =>
  [...groups.byId.values()].filter((one) => groupId === OFPG.ALL || one.groupId === groupId);

function groupStatsOf(group: Group, { flows, now }: Tables): of.GroupStats {
  const { groupId, packetCount, byteCount, buckets } = group;
  const refCount = flows.all.filter((entry) =>
    actionsOf(entry.instructions).some((one) => one.type === 'group' && one.groupId === groupId),
  ).length;
  const counts = buckets.map(() => struct.bucketCounter());
  return struct.groupStats({
    groupId,
    refCount,
    packetCount,
    byteCount,
    buckets: counts,
    ...age(group.addedAt, now()),
  });
}
