/** Topology: switches, hosts and links of the inventory with what is promised, free and measured on them. */
import type { Link, Node } from '@sluice/topology';
import { Router } from 'express';
import { floorOf, headroomOf, heldOn, residualOf, type State } from '../../core/index.ts';
import type { NetworkStatus } from '../../southbound/interfaces.ts';
import type { NorthboundContext } from '../context.ts';
import { methodNotAllowed } from '../errors.ts';

export function topologyRoutes({ runtime, network }: NorthboundContext): Router {
  const router = Router();
  router
    .route('/v1/topology')
    .get((_req, res) => {
      res.json(topologyView(runtime.state, network.status()));
    })
    .all(methodNotAllowed('GET'));
  return router;
}

function topologyView(state: State, status: NetworkStatus) {
  const { topology } = state;
  const seen = new Map(status.switches.map((entry) => [entry.dpid, entry]));
  const links = new Map(status.links.map((entry) => [entry.id, entry]));
  return {
    switches: [...topology.switches.values()].map(({ dpid, name }) => ({
      dpid,
      name,
      connected: seen.get(dpid)?.connected ?? false,
      description: seen.get(dpid)?.description ?? null,
    })),
    hosts: [...topology.hosts.values()].map(({ id, kind, mac, ip, attachment }) => ({
      name: id,
      kind,
      mac,
      ip,
      switch: topology.switches.get(attachment.dpid)?.name ?? attachment.dpid,
      port: attachment.portNo,
    })),
    links: [...topology.links.values()].map((link) => linkView(state, link, links.get(link.id))),
    alerts: status.alerts,
  };
}

function linkView(state: State, link: Link, seen: NetworkStatus['links'][number] | undefined) {
  const { id, from, fromPort, to, toPort, capacity, floor, reverse } = link;
  return {
    id,
    from: endOf(state, from),
    fromPort,
    to: endOf(state, to),
    toPort,
    reverse,
    status: state.linksDown.has(id) ? 'down' : (seen?.status ?? 'unverified'),
    classification: seen?.classification ?? null,
    capacityBitsPerSec: capacity,
    headroomBitsPerSec: headroomOf(state, id),
    floorBitsPerSec: floorOf(state, id),
    floorConfiguredBitsPerSec: floor,
    reservedBitsPerSec: heldOn(state, id),
    residualBitsPerSec: residualOf(state, id),
    /** Measured; null until it has been. */
    applicationBitsPerSec: state.linkLoads.get(id) ?? null,
  };
}

const endOf = ({ topology }: State, node: Node): string =>
  node.kind === 'host' ? node.hostId : (topology.switches.get(node.dpid)?.name ?? node.dpid);
