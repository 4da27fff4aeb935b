/** The network as the controller sees it: inventory of record, directed links, paths, discovery. Pure. */

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
