// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
export { port } from './port.ts';
export { bucket } from './bucket.ts';
export { flowStats } from './flow-stats.ts';
export { tableStats } from './table-stats.ts';
export { portStats } from './port-stats.ts';
export { queueStats } from './queue-stats.ts';
export { bucketCounter } from './bucket-counter.ts';
export { groupStats } from './group-stats.ts';
export { groupDesc } from './group-desc.ts';
export { bandStats } from './band-stats.ts';
export { meterStats } from './meter-stats.ts';
export { meterConfig } from './meter-config.ts';
export { packetQueue } from './packet-queue.ts';
