/** Entry for tests: a host that begins a slow migration of `vm` under libvirt, says so, and waits to be killed. */
import { LibvirtDriver } from '../libvirt/driver.ts';

const { driver: options, destination } = JSON.parse(process.argv.at(-1) ?? '');
const driver = new LibvirtDriver(options);
await driver.start({ onEvent: (event) => process.send?.(event), onVmsChanged: () => undefined });
await driver.startMigration({ migrationId: 'm', vmId: 'vm', destination, rateCapBitsPerSec: 8e6 });
