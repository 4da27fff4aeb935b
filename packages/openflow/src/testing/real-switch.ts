/** What the tests with a real Open vSwitch share: a private one, controllers that it connects to, and the end of it all. */
import { appendFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll } from 'vitest';
import {
  type Controller,
  type ControllerOptions,
  createController,
  RequestError,
  type Switch,
  VERSIONS,
  type Version,
} from '../index.ts';
import { BRIDGE, hasOpenVswitch, OpenVswitch } from './open-vswitch.ts';

export interface RealSwitch {
  readonly ovs: OpenVswitch;
  /** Ended after the test. */
  keep(one: { close(): unknown }): void;
  /** A controller that listens, and how the switch is told of it. */
  listening<V extends Version>(
    options: ControllerOptions<V>,
    scheme?: 'tcp' | 'ssl',
  ): Promise<{ readonly controller: Controller<V>; readonly target: string; readonly port: number }>;
  /** The switch as a controller of this version alone sees it. */
  joined<V extends Version>(version: V, options?: ControllerOptions<V>): Promise<Switch<V>>;
  /** Lets the bridge connect to these controllers. */
  pointTo(...targets: readonly string[]): void;
}

/** Tells the summary of `npm test` that something did not run. */
export function sayNotRun(reason: string): void {
  const file = process.env.SLUICE_SKIP_FILE;
  if (file !== undefined) appendFileSync(file, `${reason}\n`);
}

/** Whether tests with Open vSwitch are left out because it is not installed; then the summary says so. */
export function isWithoutOpenVswitch(what: string): boolean {
  if (hasOpenVswitch()) return false;
  sayNotRun(`${what}: Open vSwitch is missing (package openvswitch-switch)`);
  return true;
}

/**
 * For the top of a `describe`. The bridge speaks every version and connects again within a second. What tests opened
 * ends with the test, or with all of them when `keepsControllers`.
 */
export function realSwitch({ keepsControllers = false } = {}): RealSwitch {
  const ovs = new OpenVswitch();
  const open: { close(): unknown }[] = [];
  const protocols = VERSIONS.map((version) => `OpenFlow${version.replace('.', '')}`).join(',');

  beforeAll(async () => {
    await ovs.start();
    ovs.vsctl('set', 'bridge', BRIDGE, `protocols=${protocols}`);
  });
  const end = async (): Promise<void> => {
    ovs.vsctl('del-controller', BRIDGE);
    for (const one of open.splice(0).reverse()) await one.close();
  };
  afterEach(async () => {
    if (!keepsControllers) await end();
  });
  afterAll(async () => {
    await end();
    await ovs.stop();
  });

  const self: RealSwitch = {
    ovs,
    keep: (one) => void open.push(one),
    async listening<V extends Version>(options: ControllerOptions<V>, scheme = 'tcp') {
      const controller = createController<V>({ port: 0, ...options });
      self.keep(controller);
      const { port } = await controller.listen();
      return { controller, target: `${scheme}:127.0.0.1:${port}`, port };
    },
    async joined(version, options = {}) {
      const { controller, target } = await self.listening({ versions: [version], ...options });
      const arrived = arrivalAt(controller);
      self.pointTo(target);
      return arrived;
    },
    pointTo(...targets) {
      ovs.vsctl('set-controller', BRIDGE, ...targets);
      for (const uuid of ovs.vsctl('--columns=_uuid', '--bare', 'find', 'controller').split(/\s+/)) {
        if (uuid !== '') ovs.vsctl('set', 'controller', uuid, 'max_backoff=1000');
      }
    },
  };
  return self;
}

export const arrivalAt = <V extends Version>(controller: Controller<V>): Promise<Switch<V>> =>
  new Promise((resolve) => controller.once('switch', resolve));

/** The name of the error that a request meets. */
export const refusalOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'answered',
    (error: unknown) => {
      if (error instanceof RequestError && error.detail.code === 'rejected') return error.detail.name;
      throw error;
    },
  );
