import { describe, expect, it } from 'vitest';
import {
  createController,
  flowMod,
  hello,
  of10,
  of15,
  VERSIONS,
  type Version,
  wireVersion,
} from '../index.ts';
import * as harness from './harness.ts';
import { agreedVersion } from './negotiation.ts';

const keep = harness.openedInTest();

describe('versions', () => {
  it.each(VERSIONS)('%s shakes hands and carries messages both ways', async (version) => {
    const { controller, address } = await harness.listening<Version>(keep, { versions: [version] });
    const arrived = harness.arrivalAt(controller);
    const heard: string[] = [];
    const device = harness.deviceOf<Version>(keep, {
      versions: VERSIONS,
      handler: {
        answer: (message, _xid, origin) => {
          heard.push(`${origin.version} ${message.type}`);
          return message.type === 'desc_request' ? [of10.descReply({ manufacturer: 'us' })] : [];
        },
      },
    });
    await device.connect(address);
    const sw = await arrived;
    expect(sw.version).toBe(version);
    expect(sw.dpid).toBe(harness.DPID);
    await sw.sendBatch([flowModOf(version)]);
    expect(heard).toEqual([`${version} flow_mod`]);
    expect(await sw.request({ type: 'desc_request', flags: 0 })).toMatchObject({ manufacturer: 'us' });
  });

  it('agree on the highest that both sides have, by bitmap', () => {
    const bitmap = (...versions: number[]) => hello({ elements: [{ type: 'version_bitmap', versions }] });
    expect(agreedVersion(['1.0', '1.3', '1.5'], bitmap(1, 4), 6).agreed).toBe(4);
    expect(agreedVersion(['1.0', '1.3'], bitmap(2, 3), 6).agreed).toBeUndefined();
    expect(agreedVersion(['1.3'], hello({ elements: [] }), 9).agreed).toBe(4);
    expect(agreedVersion(['1.0', '1.3'], hello({ elements: [] }), 2).agreed).toBeUndefined();
  });

  it('that do not exist are refused with the list of those that do', () => {
    expect(() => createController({ versions: ['2.0' as '1.3'] })).toThrow(
      'versions: 2.0 given, choose from 1.0, 1.1, 1.2, 1.3, 1.4, 1.5',
    );
  });
});

const flowModOf = (version: Version) =>
  wireVersion(version) === 1
    ? of10.flowMod({ command: 0, match: { in_port: 1 } })
    : wireVersion(version) >= 5
      ? of15.flowMod({ command: 0, match: { in_port: 1 } })
      : flowMod({ command: 0, match: { in_port: 1 } });
