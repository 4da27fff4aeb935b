/** QMP, QEMU's monitor protocol: one connection, its messages and its errors. */
export { COMMAND_LIMIT_MS, type QmpAddress, QmpClient, type QmpClientOptions } from './client.ts';
export { QmpError, type QmpErrorCode } from './error.ts';
export { type QemuVersion, type QmpEvent, versionText } from './messages.ts';
export { UrgentPipe } from './urgent-pipe.ts';
