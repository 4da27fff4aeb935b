/** Entry for tests: a host that begins a slow migration of `vm`, says so, and waits to be killed. */
import { EmulatedDriver } from '../emulated/driver.ts';

const { stateDir, destination } = JSON.parse(process.argv.at(-1) ?? '');
const driver = new EmulatedDriver({ stateDir, listenIp: '127.0.0.1', host: null, vms: [] });
await driver.start({
  onEvent: (event) => process.send?.(event),
  onVmsChanged: () => undefined,
});
await driver.startMigration({ migrationId: 'm', vmId: 'vm', destination, rateCapBitsPerSec: 10e6 });
