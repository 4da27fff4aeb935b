/** The contract of switches, on the fake and, when it is installed, on Open vSwitch (private, dummy devices). */
import { afterAll, beforeAll, describe } from 'vitest';
import { type Controller, createController, type Switch } from '../index.ts';
import { createFakeSwitch, type FakeSwitch } from './index.ts';
import { BRIDGE, OpenVswitch } from './open-vswitch.ts';
import { isWithoutOpenVswitch } from './real-switch.ts';
import { switchContract } from './switch.contract.ts';

describe('the fake switch', () => {
  let controller: Controller;
  let fake: FakeSwitch;
  let arrived: Promise<Switch>;

  beforeAll(async () => {
    controller = createController({ port: 0 });
    const address = await controller.listen();
    arrived = new Promise((resolve) => controller.once('switch', resolve));
    const ports = [
      { portNo: 1, name: 'p1' },
      { portNo: 2, name: 'p2' },
    ];
    fake = createFakeSwitch({ dpid: '00000000000000aa', ports });
    await fake.connect(address);
  });

  afterAll(async () => {
    await fake.close();
    await controller.close();
  });

  switchContract(() => arrived);
});

describe.skipIf(isWithoutOpenVswitch('the contract of switches on a real one'))(
  'Open vSwitch (when it is installed)',
  () => {
    let controller: Controller;
    let ovs: OpenVswitch;
    let arrived: Promise<Switch>;

    beforeAll(async () => {
      ovs = new OpenVswitch();
      await ovs.start();
      controller = createController({ port: 0 });
      const { port } = await controller.listen();
      arrived = new Promise((resolve) => controller.once('switch', resolve));
      ovs.vsctl('set-controller', BRIDGE, `tcp:127.0.0.1:${port}`);
      await arrived;
    });

    afterAll(async () => {
      await controller.close();
      await ovs.stop();
    });

    switchContract(() => arrived);
  },
);
