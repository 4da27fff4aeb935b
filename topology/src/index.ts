/** The network as the controller sees it: inventory of record, directed links, paths, discovery. Pure. */

export type {
  DiscoveryEvent,
  DiscoveryState,
  DiscoveryStep,
  LinkDownReason,
  LinkStatus,
} from './discovery.ts';
export {
  confirmedLinks,
  expire,
  LLDP_PERIOD,
  LLDP_PERIODS_MISSED_MAX,
  linkStatus,
  lldpPorts,
  observe,
  observePort,
  startDiscovery,
} from './discovery.ts';
export { broadcastPorts, nextHops, spanningTree } from './forwarding.ts';
export type {
  Dpid,
  Host,
  HostId,
  Link,
  LinkId,
  Mac,
  Node,
  Path,
  PortNo,
  Switch,
  SwitchPort,
  Topology,
} from './graph.ts';
export { buildTopology, linkById, linksOfPath, nodeName } from './graph.ts';
export type { Inventory, InventoryHost, InventoryLink, InventorySwitch } from './inventory.ts';
export { inventorySchema } from './inventory.ts';
export type { SwitchHop } from './paths/along.ts';
export { bottleneckOf, residualOfPath, reversePath, switchHops } from './paths/along.ts';
export type { BackupPath, DisjointPaths } from './paths/disjoint.ts';
export { backupPath, disjointPaths } from './paths/disjoint.ts';
export type {
  Burden,
  LinkFilter,
  OpenPathQuery,
  PathQuery,
  Residual,
  Stretch,
  WidestPath,
} from './paths/query.ts';
export { BURDEN_MAX, everyLink } from './paths/query.ts';
export { PATHS_MAX, shortestPath, shortestPaths } from './paths/shortest.ts';
export { spreadPaths } from './paths/spread.ts';
export { widestPath, widestShortestPath } from './paths/widest.ts';
export type { Rates } from './shapes.ts';
export { edgeNfv, fatTree, leafSpine, line } from './shapes.ts';
