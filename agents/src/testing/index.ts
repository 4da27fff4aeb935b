/** For the tests of this workspace and of others. */
export { type PrivateRedis, startRedisServer } from './redis-server.ts';
