/**
 * Entry of the program by which a host's agent starts the machine of a guest that is to arrive:
 * `launch-entry.js --machines FOLDER --guests FOLDER --bridge br0 VM`. It runs in the host's namespace, prints the
 * guest's record as one line of JSON and ends with 0; or it says on standard error why not, and ends with 1.
 */
import { parseArgs } from 'node:util';
import { launchGuest } from './launch.ts';
import { readMachineFile } from './machine-file.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    machines: { type: 'string' },
    guests: { type: 'string' },
    bridge: { type: 'string', default: 'br0' },
  },
});

try {
  const { machines, guests, bridge } = values;
  const [vmId] = positionals;
  if (machines === undefined || guests === undefined || vmId === undefined)
    throw new Error('usage: launch-entry.js --machines FOLDER --guests FOLDER [--bridge br0] VM');
  const { spec, image } = readMachineFile(machines, vmId);
  const place = { namespace: null, bridge, folder: guests };
  const record = await launchGuest({ spec, image, place, incoming: true });
  process.stdout.write(`${JSON.stringify(record)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
