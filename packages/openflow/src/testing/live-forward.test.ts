/** Where the fake switch sends a packet is where Open vSwitch sends it (ofproto/trace of a private one). */
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Action,
  action,
  bucket,
  createController,
  flowMod,
  groupMod,
  type Instruction,
  instruction,
  type Match,
  type Message,
  OFPFC,
  OFPGC,
  OFPGT,
  OFPP,
  type Switch,
} from '../index.ts';
import { createFakeSwitch, type FakeSwitch, type PacketFields } from './index.ts';
import { BRIDGE } from './open-vswitch.ts';
import { arrivalAt, isWithoutOpenVswitch, realSwitch } from './real-switch.ts';

const add = (priority: number, match: Match, instructions: readonly Instruction[], tableId = 0): Message =>
  flowMod({ command: OFPFC.ADD, priority, match, instructions, tableId });
const apply = (...actions: Action[]): Instruction => instruction.applyActions(actions);
const out = (port: number): Action => action.output({ port });
const group = (groupId: number, groupType: number, ...buckets: Parameters<typeof bucket>[0][]): Message =>
  groupMod({ command: OFPGC.ADD, groupId, groupType, buckets: buckets.map((one) => bucket(one)) });
const resubmit = (tableId: number): Action => ({ type: 'nx_resubmit_table', inPort: 0xfff8, tableId });

const IPV4 = 0x0800;
const UDP = 17;
const network = (value: string, mask: string): Match => ({ eth_type: IPV4, ipv4_dst: { value, mask } });
const program: readonly Message[] = [
  group(1, OFPGT.INDIRECT, { actions: [out(3)] }),
  group(2, OFPGT.ALL, { actions: [out(2)] }, { actions: [action.group(1)] }),
  group(3, OFPGT.FF, { watchPort: 99, actions: [out(2)] }, { watchPort: 3, actions: [out(3)] }),
  add(1, { in_port: 1 }, [apply(out(OFPP.FLOOD))]),
  add(10, network('10.0.0.0', '255.0.0.0'), [apply(out(2))]),
  add(11, network('10.1.0.0', '255.255.0.0'), [apply(out(3), out(1))]),
  add(12, network('10.2.0.0', '255.255.0.0'), [apply(action.group(2))]),
  add(13, network('10.3.0.0', '255.255.0.0'), [apply(action.group(3))]),
  add(14, network('10.4.0.0', '255.255.0.0'), [
    instruction.writeActions([out(2)]),
    instruction.writeMetadata({ metadata: 7n }),
    instruction.gotoTable(1),
  ]),
  add(15, network('10.5.0.0', '255.255.0.0'), [apply(resubmit(2), out(2))]),
  add(16, network('10.6.0.0', '255.255.0.0'), [
    apply({ type: 'nx_reg_load', dst: 'reg0', range: { offset: 0, bits: 16 }, value: 3n }),
    instruction.gotoTable(3),
  ]),
  add(17, network('10.7.0.0', '255.255.0.0'), [instruction.writeActions([out(2), action.group(1)])]),
  add(18, network('10.8.0.0', '255.255.0.0'), [instruction.writeActions([out(2)]), instruction.gotoTable(4)]),
  add(19, network('10.9.0.0', '255.255.0.0'), [
    apply(action.setField('ip_dscp', 10), out(OFPP.IN_PORT)),
    instruction.gotoTable(5),
  ]),
  add(1, { metadata: 7n, eth_type: IPV4, ip_proto: UDP }, [instruction.clearActions(), apply(out(3))], 1),
  add(0, { metadata: { value: 6n, mask: 6n } }, [], 1),
  add(1, { eth_type: IPV4, ip_proto: UDP }, [apply(out(3))], 2),
  add(
    1,
    { reg0: 3 },
    [apply({ type: 'nx_output_reg', src: 'reg0', range: { offset: 0, bits: 16 }, maxLen: 0 })],
    3,
  ),
  add(1, { eth_type: IPV4, ip_dscp: 10 }, [apply(out(2))], 5),
];

const packets = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((net) =>
  [UDP, 6].flatMap((protocol) =>
    [1, 2].map((inPort) => ({ inPort, protocol, destination: `10.${net}.0.9` })),
  ),
);
const fieldsOf = ({ inPort, protocol, destination }: (typeof packets)[number]): PacketFields => ({
  in_port: inPort,
  eth_type: IPV4,
  ip_proto: protocol,
  ip_dscp: 0,
  ipv4_src: '10.200.0.1',
  ipv4_dst: destination,
});

describe.skipIf(isWithoutOpenVswitch('where packets go, compared with a real switch'))('a packet', () => {
  const real = realSwitch();
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  const trace = ({ inPort, protocol, destination }: (typeof packets)[number]): readonly number[] => {
    const flow = `in_port=${inPort},eth_type=0x0800,nw_proto=${protocol},nw_src=10.200.0.1,nw_dst=${destination},nw_ttl=64`;
    const said = real.ovs.appctl('ofproto/trace', BRIDGE, flow);
    const actions = /Datapath actions: (.*)/.exec(said)?.[1] ?? '';
    return actions
      .replace(/\([^()]*(\([^()]*\)[^()]*)*\)/g, '')
      .split(',')
      .flatMap((one) => portOf(Number(one)) ?? [])
      .sort();
  };

  /** The datapath numbers its ports in its own way, and has one more, of the bridge itself. */
  function portOf(datapathPort: number): number | undefined {
    const shown = real.ovs.appctl('dpif/show').matchAll(/p\d (\d+)\/(\d+):/g);
    for (const [, openflow, datapath] of shown) {
      if (Number(datapath) === datapathPort) return Number(openflow);
    }
    return undefined;
  }

  async function fakeTwin(): Promise<{ fake: FakeSwitch; sw: Switch }> {
    const controller = createController({ port: 0 });
    const ports = [1, 2, 3].map((portNo) => ({ portNo, name: `p${portNo}` }));
    const fake = createFakeSwitch({ dpid: '00000000000000ab', ports });
    open.push(controller, fake);
    const arrived = arrivalAt(controller);
    await fake.connect(await controller.listen());
    return { fake, sw: await arrived };
  }

  it('leaves the fake switch where it leaves Open vSwitch', async () => {
    real.ovs.vsctl(
      '--may-exist',
      'add-port',
      BRIDGE,
      'p3',
      '--',
      'set',
      'interface',
      'p3',
      'ofport_request=3',
    );
    const sw = await real.joined('1.3');
    const { fake, sw: twin } = await fakeTwin();
    await sw.sendBatch(program);
    await twin.sendBatch(program);
    for (const packet of packets) {
      const leaves = fake
        .forward(fieldsOf(packet))
        .outputs.map(({ port }) => port)
        .sort();
      expect([packet, leaves]).toEqual([packet, trace(packet)]);
    }
  });
});
