/** Tests that need Open vSwitch say in the summary why they did not run. */
import { appendFileSync } from 'node:fs';
import { hasOpenVswitch } from '../src/testing/open-vswitch.ts';
import { hasOvsOfctl } from './ovs-ofctl.ts';

/** Whether to leave out what needs the programs; then the reason goes to the file that the test script reads. */
export function mustSkipWithoutOpenVswitch(what: string): boolean {
  if (hasOvsOfctl() && hasOpenVswitch()) return false;
  const file = process.env.SLUICE_SKIP_FILE;
  if (file !== undefined)
    appendFileSync(file, `${what}: Open vSwitch is missing (package openvswitch-switch)\n`);
  return true;
}
