/** The contract of versions, on the fake switch and, when it is installed, on Open vSwitch. */
import { afterEach, describe } from 'vitest';
import { createController, type Switch, VERSIONS, type Version } from '../index.ts';
import { createFakeSwitch } from './index.ts';
import { arrivalAt, isWithoutOpenVswitch, realSwitch } from './real-switch.ts';
import { versionsContract } from './versions.contract.ts';

describe('the fake switch', () => {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  versionsContract(async (version: Version): Promise<Switch<Version>> => {
    const controller = createController<Version>({ port: 0, versions: [version] });
    const ports = [1, 2].map((portNo) => ({ portNo, name: `p${portNo}` }));
    const fake = createFakeSwitch({ dpid: '00000000000000aa', ports, versions: VERSIONS });
    open.push(controller, fake);
    const arrived = arrivalAt(controller);
    await fake.connect(await controller.listen());
    return arrived;
  });
});

const isMissing = isWithoutOpenVswitch('the contract of switches in versions other than 1.3, on a real one');
describe.skipIf(isMissing)('Open vSwitch (when it is installed)', () => {
  // One connection a version: the cases come version by version.
  const real = realSwitch({ keepsControllers: true });
  const joined = new Map<Version, Promise<Switch<Version>>>();
  versionsContract((version) => {
    const known = joined.get(version) ?? real.joined<Version>(version);
    joined.set(version, known);
    return known;
  });
});
