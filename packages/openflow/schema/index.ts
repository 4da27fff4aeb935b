/** Every schema of this version in one place: what the generator and the annotator read. */
import { aggregateStatsReply } from './messages/aggregate-stats-reply.ts';
import { aggregateStatsRequest } from './messages/aggregate-stats-request.ts';
import { barrierReply } from './messages/barrier-reply.ts';
import { barrierRequest } from './messages/barrier-request.ts';
import { descReply } from './messages/desc-reply.ts';
import { descRequest } from './messages/desc-request.ts';
import { echoReply } from './messages/echo-reply.ts';
import { echoRequest } from './messages/echo-request.ts';
import { error } from './messages/error.ts';
import { experimenter } from './messages/experimenter.ts';
import { experimenterMultipartReply } from './messages/experimenter-multipart-reply.ts';
import { experimenterMultipartRequest } from './messages/experimenter-multipart-request.ts';
import { featuresReply } from './messages/features-reply.ts';
import { featuresRequest } from './messages/features-request.ts';
import { flowMod } from './messages/flow-mod.ts';
import { flowRemoved } from './messages/flow-removed.ts';
import { flowStatsReply } from './messages/flow-stats-reply.ts';
import { flowStatsRequest } from './messages/flow-stats-request.ts';
import { getAsyncReply } from './messages/get-async-reply.ts';
import { getAsyncRequest } from './messages/get-async-request.ts';
import { getConfigReply } from './messages/get-config-reply.ts';
import { getConfigRequest } from './messages/get-config-request.ts';
import { groupDescReply } from './messages/group-desc-reply.ts';
import { groupDescRequest } from './messages/group-desc-request.ts';
import { groupMod } from './messages/group-mod.ts';
import { groupStatsReply } from './messages/group-stats-reply.ts';
import { groupStatsRequest } from './messages/group-stats-request.ts';
import { hello } from './messages/hello.ts';
import { meterConfigReply } from './messages/meter-config-reply.ts';
import { meterConfigRequest } from './messages/meter-config-request.ts';
import { meterFeaturesReply } from './messages/meter-features-reply.ts';
import { meterFeaturesRequest } from './messages/meter-features-request.ts';
import { meterMod } from './messages/meter-mod.ts';
import { meterStatsReply } from './messages/meter-stats-reply.ts';
import { meterStatsRequest } from './messages/meter-stats-request.ts';
import { packetIn } from './messages/packet-in.ts';
import { packetOut } from './messages/packet-out.ts';
import { portDescReply } from './messages/port-desc-reply.ts';
import { portDescRequest } from './messages/port-desc-request.ts';
import { portMod } from './messages/port-mod.ts';
import { portStatsReply } from './messages/port-stats-reply.ts';
import { portStatsRequest } from './messages/port-stats-request.ts';
import { portStatus } from './messages/port-status.ts';
import { queueGetConfigReply } from './messages/queue-get-config-reply.ts';
import { queueGetConfigRequest } from './messages/queue-get-config-request.ts';
import { queueStatsReply } from './messages/queue-stats-reply.ts';
import { queueStatsRequest } from './messages/queue-stats-request.ts';
import { roleReply } from './messages/role-reply.ts';
import { roleRequest } from './messages/role-request.ts';
import { setAsync } from './messages/set-async.ts';
import { setConfig } from './messages/set-config.ts';
import { tableMod } from './messages/table-mod.ts';
import { tableStatsReply } from './messages/table-stats-reply.ts';
import { tableStatsRequest } from './messages/table-stats-request.ts';
import { bandStats as bandStatsStruct } from './structs/band-stats.ts';
import { bucket as bucketStruct } from './structs/bucket.ts';
import { bucketCounter as bucketCounterStruct } from './structs/bucket-counter.ts';
import { flowStats as flowStatsStruct } from './structs/flow-stats.ts';
import { groupDesc as groupDescStruct } from './structs/group-desc.ts';
import { groupStats as groupStatsStruct } from './structs/group-stats.ts';
import { meterConfig as meterConfigStruct } from './structs/meter-config.ts';
import { meterStats as meterStatsStruct } from './structs/meter-stats.ts';
import { packetQueue as packetQueueStruct } from './structs/packet-queue.ts';
import { port as portStruct } from './structs/port.ts';
import { portStats as portStatsStruct } from './structs/port-stats.ts';
import { queueStats as queueStatsStruct } from './structs/queue-stats.ts';
import { tableStats as tableStatsStruct } from './structs/table-stats.ts';
import { actions } from './tables/actions.ts';
import { bands } from './tables/bands.ts';
import { helloElements } from './tables/hello-elements.ts';
import { instructions } from './tables/instructions.ts';
import { queueProperties } from './tables/queue-properties.ts';

export const messages = [
  hello,
  error,
  echoRequest,
  echoReply,
  experimenter,
  featuresRequest,
  featuresReply,
  getConfigRequest,
  getConfigReply,
  setConfig,
  packetIn,
  flowRemoved,
  portStatus,
  packetOut,
  flowMod,
  groupMod,
  portMod,
  tableMod,
  barrierRequest,
  barrierReply,
  queueGetConfigRequest,
  queueGetConfigReply,
  roleRequest,
  roleReply,
  getAsyncRequest,
  getAsyncReply,
  setAsync,
  meterMod,
  descRequest,
  descReply,
  flowStatsRequest,
  flowStatsReply,
  aggregateStatsRequest,
  aggregateStatsReply,
  tableStatsRequest,
  tableStatsReply,
  portStatsRequest,
  portStatsReply,
  queueStatsRequest,
  queueStatsReply,
  groupStatsRequest,
  groupStatsReply,
  groupDescRequest,
  groupDescReply,
  meterStatsRequest,
  meterStatsReply,
  meterConfigRequest,
  meterConfigReply,
  meterFeaturesRequest,
  meterFeaturesReply,
  portDescRequest,
  portDescReply,
  experimenterMultipartRequest,
  experimenterMultipartReply,
];

export const structs = [
  portStruct,
  bucketStruct,
  flowStatsStruct,
  tableStatsStruct,
  portStatsStruct,
  queueStatsStruct,
  bucketCounterStruct,
  groupStatsStruct,
  groupDescStruct,
  bandStatsStruct,
  meterStatsStruct,
  meterConfigStruct,
  packetQueueStruct,
];

export const unions = [actions, instructions, bands, helloElements, queueProperties];
