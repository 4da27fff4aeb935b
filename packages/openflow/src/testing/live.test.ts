/** Sessions with a real Open vSwitch: private, dummy devices, no rights. */
import { describe, expect, it } from 'vitest';
import {
  action,
  BatchError,
  band,
  bucket,
  flowMod,
  flowStatsRequest,
  groupDescRequest,
  groupMod,
  groupStatsRequest,
  instruction,
  type Message,
  meterConfigRequest,
  meterMod,
  meterStatsRequest,
  OFPFC,
  OFPGC,
  OFPGT,
  OFPMC,
  OFPMF,
  of10,
  of11,
  of12,
  of13,
  of14,
  of15,
  portDescRequest,
  queueStatsRequest,
  RequestError,
  VERSIONS,
  type Version,
} from '../index.ts';
import { multipartRequests, replyTypesOf } from './multipart-requests.ts';
import { arrivalAt, isWithoutOpenVswitch, realSwitch, refusalOf } from './real-switch.ts';

const SPACES = { '1.0': of10, '1.1': of11, '1.2': of12, '1.3': of13, '1.4': of14, '1.5': of15 };

/** What Open vSwitch does not know, in any version; the newest and the Nicira ones of old only in some. */
const NOT_KNOWN_ANYWHERE = [
  'experimenter_multipart_request',
  'nx_ipfix_bridge_stats_request',
  'nx_ipfix_flow_stats_request',
];
const NOT_KNOWN: Readonly<Record<Version, readonly string[]>> = {
  '1.0': [],
  '1.1': ['nx_aggregate_stats_request', 'nx_flow_stats_request', 'nx_group_desc_request'],
  '1.2': ['nx_group_desc_request'],
  '1.3': ['nx_group_desc_request'],
  '1.4': ['nx_group_desc_request'],
  '1.5': ['flow_stats_request', 'controller_status_request', 'bundle_features_request'],
};

/** In 1.1 Open vSwitch tells of matches in the TLVs of Nicira. */
const oxmKeys = (match: object): object =>
  Object.fromEntries(Object.entries(match).map(([key, value]) => [key.replace(/^nxm_/, ''), value]));

describe.skipIf(isWithoutOpenVswitch('OpenFlow sessions with a real switch'))('with Open vSwitch', () => {
  const real = realSwitch();

  describe.each(VERSIONS)('OpenFlow %s', (version) => {
    it('is agreed on, and every multipart that the switch knows is answered', async () => {
      const sw = await real.joined<Version>(version);
      expect(sw.version).toBe(version);
      const requests = multipartRequests(version);
      expect(requests.length).toBeGreaterThan(10);
      const silent: string[] = [];
      for (const request of requests) {
        const answer: unknown = await sw.request(request).catch((error: unknown) => error);
        if (!(answer instanceof RequestError)) {
          const expected = replyTypesOf(version)[request.type];
          expect((answer as Message<Version>).type).toBe(expected);
        } else if (answer.detail.code === 'rejected') {
          silent.push(request.type);
        } else throw answer;
      }
      expect(silent.sort()).toEqual([...NOT_KNOWN_ANYWHERE, ...NOT_KNOWN[version]].sort());
    });

    it('adds a flow and reads it back', async () => {
      const sw = await real.joined<Version>(version);
      const { flowMod: build } = SPACES[version] as { flowMod(init: object): Message<Version> };
      const actions = [{ type: 'output', port: 2, maxLen: 0 }];
      const carried =
        version === '1.0' ? { actions } : { instructions: [{ type: 'apply_actions', actions }] };
      const match = { in_port: 1, eth_type: 0x0800, ipv4_dst: '10.0.0.9' };
      await sw.sendBatch([build({ command: OFPFC.ADD, priority: 7, cookie: 77n, match, ...carried })]);
      const asked = version === '1.5' ? of15.flowDescRequest() : SPACES[version].flowStatsRequest();
      const reply = (await sw.request(asked as Message<Version>)) as unknown as {
        flows: readonly { readonly match: object }[];
      };
      expect(reply.flows).toMatchObject([{ priority: 7, cookie: 77n, ...carried }]);
      expect(oxmKeys(reply.flows[0]?.match ?? {})).toMatchObject(match);
      await sw.sendBatch([build({ command: OFPFC.DELETE, tableId: version === '1.1' ? 0 : 0xff })]);
    });
  });

  it('the highest version that both sides speak is agreed', async () => {
    const { controller, target } = await real.listening<Version>({ versions: ['1.0', '1.2', '1.4'] });
    const arrived = arrivalAt(controller);
    real.pointTo(target);
    expect((await arrived).version).toBe('1.4');
  });

  it('meters and groups come back as they went, with their counters', async () => {
    const sw = await real.joined('1.3');
    const bands = [band.drop({ rate: 5_000, burstSize: 100 })];
    const buckets = [
      bucket({ weight: 3, actions: [action.output({ port: 1 })] }),
      bucket({ weight: 1, actions: [action.output({ port: 2 })] }),
    ];
    const inBoth = [instruction.meter(3), instruction.applyActions([action.group(4)])];
    await sw.sendBatch([
      meterMod({ command: OFPMC.ADD, flags: OFPMF.KBPS | OFPMF.BURST | OFPMF.STATS, meterId: 3, bands }),
      groupMod({ command: OFPGC.ADD, groupId: 4, groupType: OFPGT.SELECT, buckets }),
      flowMod({ command: OFPFC.ADD, priority: 2, instructions: inBoth }),
    ]);
    const { meters } = await sw.request(meterConfigRequest({ meterId: 3 }));
    expect(meters).toMatchObject([{ meterId: 3, bands }]);
    const { meters: counted } = await sw.request(meterStatsRequest({ meterId: 3 }));
    expect(counted).toMatchObject([{ meterId: 3, packetInCount: 0n, bands: [{ packetBandCount: 0n }] }]);
    const { groups } = await sw.request(groupDescRequest());
    expect(groups).toMatchObject([
      { groupId: 4, groupType: OFPGT.SELECT, buckets: [{ weight: 3 }, { weight: 1 }] },
    ]);
    const { groups: stats } = await sw.request(groupStatsRequest());
    expect(stats).toMatchObject([{ groupId: 4, refCount: 1, buckets: [{}, {}] }]);
    const { ports } = await sw.request(portDescRequest());
    expect(ports.map(({ name }) => name)).toEqual(expect.arrayContaining(['p1', 'p2']));
    const { queues } = await sw.request(queueStatsRequest({ portNo: 1 }));
    expect(queues).toMatchObject([{ portNo: 1, queueId: 0 }]);
    expect(await refusalOf(sw.request(queueStatsRequest({ portNo: 1, queueId: 8 })))).toBe(
      'OFPQOFC_BAD_QUEUE',
    );
    await sw.sendBatch([
      flowMod({ command: OFPFC.DELETE, tableId: 0xff }),
      meterMod({ command: OFPMC.DELETE, meterId: 3 }),
      groupMod({ command: OFPGC.DELETE, groupId: 4 }),
    ]);
  });

  it.each(['1.3', '1.4', '1.5'] as const)(
    'a bundle of %s comes into force whole or not at all',
    async (version) => {
      const sw = await real.joined<Version>(version);
      const add = (priority: number, meterId?: number) => {
        const instructions = meterId === undefined ? [] : [{ type: 'meter', meterId }];
        const { flowMod: build } = SPACES[version] as unknown as {
          flowMod(init: object): Message<Version>;
        };
        return build({ command: OFPFC.ADD, priority, match: { in_port: 1 }, instructions });
      };
      const bad =
        version === '1.5'
          ? of15.flowMod({ command: OFPFC.ADD, instructions: [{ type: 'goto_table', tableId: 0 }] })
          : add(3, 99);
      const count = async () => {
        const reply = await sw.request(of13.aggregateStatsRequest() as Message<Version>);
        const said = reply as unknown as { flowCount?: number; stats?: { flow_count?: number } };
        return said.flowCount ?? said.stats?.flow_count;
      };
      await sw.bundle([add(1), add(2)]);
      expect(await count()).toBe(2);
      const error = await sw.bundle([add(4), bad, add(5)]).catch((reason: unknown) => reason);
      if (!(error instanceof BatchError)) throw error;
      expect(error.errors.map(({ index }) => index)).toEqual([1]);
      expect(await count()).toBe(2);
      const clear = (SPACES[version] as { flowMod(init: object): Message<Version> }).flowMod({
        command: OFPFC.DELETE,
        tableId: 0xff,
      });
      await sw.bundle([clear]);
      expect(await count()).toBe(0);
    },
  );

  it('has one master; a stale generation is refused and a slave changes nothing', async () => {
    const one = await real.listening({});
    const two = await real.listening({});
    const arrivals = [arrivalAt(one.controller), arrivalAt(two.controller)] as const;
    real.pointTo(one.target, two.target);
    const [a, b] = await Promise.all(arrivals);
    expect(await a.setRole('master', 100n)).toMatchObject({ role: 2, generationId: 100n });
    expect(await refusalOf(b.setRole('master', 99n))).toBe('OFPRRFC_STALE');
    await b.setRole('master', 101n);
    expect(await a.setRole('nochange', 0n)).toMatchObject({ role: 3, generationId: 101n });
    const error = await a.sendBatch([flowMod({ command: OFPFC.ADD })]).catch((reason: unknown) => reason);
    expect((error as BatchError).errors.map(({ name }) => name)).toEqual(['OFPBRC_IS_SLAVE']);
    expect(await refusalOf(a.setRole('slave', 5n))).toBe('OFPRRFC_STALE');
    await a.setRole('equal', 0n);
    await a.sendBatch([flowMod({ command: OFPFC.DELETE, tableId: 0xff })]);
  });

  it('a dump of many flows comes in many parts, all of them', async () => {
    const sw = await real.joined('1.3');
    const flows = Array.from({ length: 4_000 }, (_, index) =>
      flowMod({
        command: OFPFC.ADD,
        priority: 1 + index,
        match: { eth_type: 0x0800, ipv4_src: `10.1.${index >> 8}.${index & 255}` },
        instructions: [instruction.applyActions([action.output({ port: 2 })])],
      }),
    );
    await sw.sendBatch(flows, { timeoutMs: 30_000 });
    const sizes: number[] = [];
    for await (const part of sw.parts(flowStatsRequest())) sizes.push(part.flows.length);
    expect(sizes.length).toBeGreaterThan(4);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(flows.length);
    const whole = await sw.request(flowStatsRequest());
    expect(new Set(whole.flows.map(({ priority }) => priority)).size).toBe(flows.length);
    await sw.sendBatch([flowMod({ command: OFPFC.DELETE, tableId: 0xff })]);
  });
});
