/** What controllers of other versions ask, said in the messages of 1.3, in which the fake switch keeps its tables. */
import type { Message } from '../codec.ts';
import { OpenflowError } from '../errors.ts';
import { OFPFC, OFPG, OFPP, OFPTT } from '../generated/of13/constants.ts';
import type { Version } from '../versions.ts';
import { wideActions, widePort } from './wide-ports.ts';

type Fields = Readonly<Record<string, unknown>> & { readonly type: string };
type Translate = (message: Fields) => object;

/** The message of 1.3 that says the same; itself when it looks the same there. */
export function toNeutral(message: Message<Version>, version: Version): Message {
  // Translators see a message as its fields; where nothing is translated both versions have the same ones.
  const fields = message as unknown as Fields;
  const translate = version === '1.0' ? FROM_10[message.type] : FROM_NEW[message.type];
  if (version === '1.3' || version === '1.1' || version === '1.2' || translate === undefined) {
    return fields as unknown as Message;
  }
  if (version === '1.4' && !SINCE_14.includes(message.type)) return fields as unknown as Message;
  return translate(fields) as Message;
}

/** What a request of 1.0 cannot say. */
const NO_LIMIT = { cookieMask: 0n, outGroup: OFPG.ANY };
const limited: Translate = (message) => ({
  ...message,
  ...NO_LIMIT,
  cookie: 0n,
  outPort: widePort(Number(message.outPort)),
});
const ofPort: Translate = (message) => ({ ...message, portNo: widePort(Number(message.portNo)) });

const FROM_10: Readonly<Record<string, Translate>> = {
  flow_mod: ({ actions, ...rest }) => {
    const isDelete = rest.command === OFPFC.DELETE || rest.command === OFPFC.DELETE_STRICT;
    const isAdd = rest.command === OFPFC.ADD;
    const applied = wideActions(actions as readonly Fields[]);
    return {
      ...rest,
      ...NO_LIMIT,
      tableId: isDelete ? OFPTT.ALL : 0,
      outPort: isDelete ? widePort(Number(rest.outPort)) : OFPP.ANY,
      flags: Number(rest.flags) & 3,
      bufferId: isAdd ? rest.bufferId : 0xffffffff,
      instructions: applied.length === 0 ? [] : [{ type: 'apply_actions', actions: applied }],
    };
  },
  packet_out: ({ actions, ...rest }) => ({
    ...rest,
    inPort: widePort(Number(rest.inPort)),
    actions: wideActions(actions as readonly Fields[]),
  }),
  port_mod: ofPort,
  flow_stats_request: limited,
  aggregate_stats_request: limited,
  port_stats_request: ofPort,
  // OFPP_ALL stands for every port here.
  queue_stats_request: (message) => {
    const portNo = widePort(Number(message.portNo));
    return { ...message, portNo: portNo === OFPP.ALL ? OFPP.ANY : portNo };
  },
  queue_get_config_request: ofPort,
};

/** OFPGC_INSERT_BUCKET and OFPGC_REMOVE_BUCKET of 1.5. */
const BUCKET_COMMANDS: readonly unknown[] = [3, 5];

const FROM_NEW: Readonly<Record<string, Translate>> = {
  bundle_control: (message) => ({ ...message, type: 'onf_bundle_control' }),
  bundle_add_message: (message) => ({ ...message, type: 'onf_bundle_add_message' }),
  queue_desc_request: (message) => ({ ...message, type: 'queue_stats_request' }),
  flow_desc_request: (message) => ({ ...message, type: 'flow_stats_request' }),
  flow_stats_request: () => {
    throw OpenflowError.named('OFPBRC_BAD_MULTIPART');
  },
  packet_out: ({ match, ...rest }) => ({
    ...rest,
    inPort: (match as { readonly in_port?: number }).in_port ?? OFPP.CONTROLLER,
  }),
  group_mod: ({ buckets, commandBucketId: _id, properties: _properties, ...rest }) => {
    if (BUCKET_COMMANDS.includes(rest.command)) throw OpenflowError.named('OFPGMFC_BAD_COMMAND');
    return { ...rest, buckets: (buckets as readonly Bucket15[]).map(bucketOf15) };
  },
  flow_mod: ({ instructions, ...rest }) => ({
    ...rest,
    instructions: (instructions as readonly Fields[]).flatMap(withoutMeterActions),
  }),
};
/** Of these, what 1.4 says differently from 1.3. */
const SINCE_14: readonly string[] = ['bundle_control', 'bundle_add_message', 'queue_desc_request'];

interface Bucket15 {
  readonly bucketId: number;
  readonly actions: readonly unknown[];
  readonly properties: readonly {
    readonly type: string;
    readonly weight?: number;
    readonly watch?: number;
  }[];
}

function bucketOf15({ bucketId, actions, properties }: Bucket15): object {
  const find = (type: string) => properties.find((one) => one.type === type);
  return {
    bucketId,
    actions,
    weight: find('weight')?.weight ?? 0,
    watchPort: find('watch_port')?.watch ?? OFPP.ANY,
    watchGroup: find('watch_group')?.watch ?? OFPG.ANY,
  };
}

/** In 1.5 the meter is an action; the first of a list of applied ones is the instruction of before. */
function withoutMeterActions(instruction: Fields): readonly object[] {
  if (instruction.type !== 'apply_actions') return [instruction];
  const actions = instruction.actions as readonly Fields[];
  const meters = actions.filter(({ type }) => type === 'meter');
  if (meters.length === 0) return [instruction];
  const rest = actions.filter(({ type }) => type !== 'meter');
  const instructions = meters.map(({ meterId }) => ({ type: 'meter', meterId }));
  return rest.length === 0 ? instructions : [...instructions, { ...instruction, actions: rest }];
}
