/** What the fake switch answers and tells, from the messages of 1.3 into those of the version of each controller. */
import type { Message } from '../codec.ts';
import { OFPG, OFPP } from '../generated/of13/constants.ts';
import type { Port } from '../generated/of13/index.ts';
import type { Version } from '../versions.ts';
import { narrowActions, narrowPort } from './wide-ports.ts';

type Fields = Readonly<Record<string, unknown>> & { readonly type: string };
type One = Readonly<Record<string, unknown>>;
type Translate = (message: Fields, version: Version) => object;

/** The same in another version. */
export function fromNeutral(message: Message, version: Version): Message<Version> {
  // Translators see a message as its fields; the tests of every version hold them to what the codec takes.
  const fields = message as unknown as Fields;
  if (version === '1.3') return message;
  const said = tableFor(version)[message.type]?.(fields, version) ?? fields;
  return said as unknown as Message<Version>;
}

/** The reply to this request of another version. */
export function answerIn(version: Version, request: Message<Version>, reply: Message): Message<Version> {
  if (request.type === 'queue_desc_request' && reply.type === 'queue_stats_reply') {
    const queues = reply.queues.map(({ portNo, queueId }) => ({ portNo, queueId, properties: [] }));
    return { type: 'queue_desc_reply', flags: 0, queues };
  }
  return fromNeutral(reply, version);
}

/** Ports as the features reply before 1.3 has them. */
export function portsIn(version: Version, ports: readonly Port[]): readonly unknown[] {
  return version === '1.0' ? ports.map((one) => narrow({ ...one })) : ports;
}

function tableFor(version: Version): Readonly<Record<string, Translate>> {
  switch (version) {
    case '1.0':
      return TO_10;
    case '1.1':
    case '1.2':
      return TO_11;
    case '1.5':
      return TO_15;
    default:
      return TO_14;
  }
}

const each =
  (list: string, change: (one: One, version: Version) => object): Translate =>
  (message, version) => ({
    ...message,
    [list]: (message[list] as readonly One[]).map((one) => change(one, version)),
  });

/** Before 1.3 the statistics of a table say what it can do; Open vSwitch names it too. */
const wholeTable = (one: One): object => ({
  name: `table${one.tableId}`,
  maxEntries: 1_000_000,
  wildcards: 0,
  matchFields: 0,
  instructions: 0,
  writeActions: 0,
  applyActions: 0,
  config: 0,
  ...one,
});
const wholeTable12 = (one: One): object => ({
  ...wholeTable(one),
  matchFields: 0n,
  wildcards: 0n,
  writeSetfields: 0n,
  applySetfields: 0n,
  metadataMatch: 0xffffffffffffffffn,
  metadataWrite: 0xffffffffffffffffn,
});

const narrow = (one: One): object => ({ ...one, portNo: narrowPort(Number(one.portNo)) });
const inPortOf = (message: Fields): number =>
  (message.match as { readonly in_port?: number }).in_port ?? OFPP.ANY;

const TO_11: Readonly<Record<string, Translate>> = {
  table_stats_reply: each('tables', (one, version) =>
    version === '1.1' ? wholeTable(one) : wholeTable12(one),
  ),
  packet_in: (message, version) => {
    const inPort = inPortOf(message);
    return version === '1.1' ? { ...message, inPort, inPhyPort: inPort } : message;
  },
};

/** Actions that 1.0 can say: the applied ones. */
function actionsOf(instructions: unknown): readonly One[] {
  const applied = (instructions as readonly One[]).find(({ type }) => type === 'apply_actions');
  return narrowActions((applied?.actions ?? []) as readonly One[]);
}

const TO_10: Readonly<Record<string, Translate>> = {
  table_stats_reply: each('tables', wholeTable),
  flow_stats_reply: each('flows', ({ instructions, ...flow }) => ({
    ...flow,
    actions: actionsOf(instructions),
  })),
  port_stats_reply: each('ports', narrow),
  port_desc_reply: each('ports', narrow),
  queue_stats_reply: each('queues', narrow),
  queue_get_config_reply: (message) => ({ ...message, portNo: narrowPort(Number(message.portNo)) }),
  packet_in: (message) => ({ ...message, inPort: narrowPort(inPortOf(message)) }),
  port_status: (message) => ({ ...message, port: narrow(message.port as One) }),
};

const portOf14 = ({ portNo, hwAddr, name, config, state, ...ethernet }: One): object => {
  const { curr, advertised, supported, peer, currSpeed, maxSpeed } = ethernet;
  const property = { type: 'ethernet', curr, advertised, supported, peer, currSpeed, maxSpeed };
  return { portNo, hwAddr, name, config, state, properties: [property] };
};
const withProperties = (one: One): object => ({ properties: [], ...one });

const TO_14: Readonly<Record<string, Translate>> = {
  flow_stats_reply: each('flows', (flow) => ({ importance: 0, ...flow })),
  port_desc_reply: each('ports', portOf14),
  port_stats_reply: each('ports', withProperties),
  queue_stats_reply: each('queues', withProperties),
  port_status: (message) => ({ ...message, port: portOf14(message.port as One) }),
  onf_bundle_control: (message) => ({ ...message, type: 'bundle_control' }),
};

/** Fields of flow statistics that stand in the TLVs of 1.5. */
const statsOf = ({ durationSec, durationNsec, packetCount, byteCount }: One): object => ({
  duration: { sec: durationSec, nsec: durationNsec },
  packet_count: packetCount,
  byte_count: byteCount,
});

/** OpenFlow 1.5 has properties where buckets had fields. */
function bucketOf15({ actions, weight, watchPort, watchGroup, bucketId }: One, index: number): object {
  const properties = [
    ...(weight === 0 ? [] : [{ type: 'weight', weight }]),
    ...(watchPort === OFPP.ANY ? [] : [{ type: 'watch_port', watch: watchPort }]),
    ...(watchGroup === OFPG.ANY ? [] : [{ type: 'watch_group', watch: watchGroup }]),
  ];
  return { bucketId: bucketId ?? index, actions, properties };
}

const TO_15: Readonly<Record<string, Translate>> = {
  ...TO_14,
  flow_stats_reply: (message) => ({
    type: 'flow_desc_reply',
    flags: message.flags,
    flows: (message.flows as readonly One[]).map((flow) => ({
      importance: 0,
      ...flow,
      stats: statsOf(flow),
    })),
  }),
  aggregate_stats_reply: ({ type, flags, ...sums }) => ({
    type,
    flags,
    stats: { flow_count: sums.flowCount, packet_count: sums.packetCount, byte_count: sums.byteCount },
  }),
  group_desc_reply: each('groups', (group) => ({
    properties: [],
    ...group,
    buckets: (group.buckets as readonly One[]).map(bucketOf15),
  })),
  table_features_reply: each('tables', (table) => ({ command: 0, features: 0, capabilities: 0, ...table })),
  flow_removed: (message) => ({ ...message, stats: statsOf(message) }),
};
