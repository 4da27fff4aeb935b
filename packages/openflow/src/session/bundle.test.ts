import { describe, expect, it } from 'vitest';
import { BatchError, EncodeError, flowMod, OFPFC, OpenflowError, of14, type Version } from '../index.ts';
import * as harness from './harness.ts';

const keep = harness.openedInTest();
const add = (priority: number) => flowMod({ command: OFPFC.ADD, priority });

/** A switch that answers bundles; it refuses messages of the priority 13, and the control type `refusing`. */
async function connected(version: Version, refusing?: number) {
  const { controller, address } = await harness.listening<Version>(keep, { versions: [version] });
  const arrived = harness.arrivalAt(controller);
  const heard: string[] = [];
  const device = harness.deviceOf<Version>(keep, {
    versions: [version],
    handler: {
      answer: (message) => {
        switch (message.type) {
          case 'bundle_control':
          case 'onf_bundle_control':
            heard.push(`control ${message.controlType}`);
            if (message.controlType === refusing) throw new OpenflowError(17, 0);
            return [{ ...message, controlType: message.controlType + 1 }];
          case 'bundle_add_message':
          case 'onf_bundle_add_message': {
            const inner = message.message.message;
            heard.push(`add ${inner.type}`);
            if ('priority' in inner && inner.priority === 13) throw new OpenflowError(17, 6);
            return [];
          }
          default:
            return undefined;
        }
      },
    },
  });
  await device.connect(address);
  return { sw: await arrived, heard };
}

describe.each(['1.3', '1.4', '1.5'] as const)('a bundle of %s', (version) => {
  const message = (priority: number) =>
    version === '1.3' ? add(priority) : of14.flowMod({ command: OFPFC.ADD, priority });

  it('is opened, filled, closed and committed', async () => {
    const { sw, heard } = await connected(version);
    await sw.bundle([message(1), message(2)]);
    expect(heard).toEqual(['control 0', 'add flow_mod', 'add flow_mod', 'control 2', 'control 4']);
  });

  it('of which something is refused is discarded, and names it', async () => {
    const { sw, heard } = await connected(version);
    const error = await sw.bundle([message(1), message(13)]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BatchError);
    expect((error as BatchError).errors).toMatchObject([{ index: 1, name: 'OFPBFC_BAD_TYPE' }]);
    expect(heard.at(-1)).toBe('control 6');
  });
});

describe('a bundle that fails', () => {
  it('because a message cannot be written is discarded', async () => {
    const { sw, heard } = await connected('1.3');
    await expect(sw.bundle([add(1), add(70_000)])).rejects.toBeInstanceOf(EncodeError);
    expect(heard).toEqual(['control 0', 'add flow_mod', 'control 6']);
  });

  it('to close or commit is discarded', async () => {
    for (const control of [2, 4]) {
      const { sw, heard } = await connected('1.3', control);
      await expect(sw.bundle([add(1)])).rejects.toMatchObject({ detail: { code: 'rejected' } });
      expect(heard.slice(-2)).toEqual([`control ${control}`, 'control 6']);
    }
  });

  it('names what was refused also when nothing is left to discard', async () => {
    const { sw } = await connected('1.3', 6);
    await expect(sw.bundle([add(13)])).rejects.toBeInstanceOf(BatchError);
  });

  it('because the switch left in the middle says so', async () => {
    const { sw } = await connected('1.3');
    const done = sw.bundle([add(1)]);
    sw.close('enough');
    await expect(done).rejects.toMatchObject({ detail: { code: 'disconnected' } });
  });
});

it('a version without bundles says so', async () => {
  const { sw } = await connected('1.1');
  await expect(sw.bundle([])).rejects.toThrow('OpenFlow 1.1 has no bundles');
});
