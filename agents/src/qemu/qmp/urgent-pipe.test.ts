import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PipesOfQemu, pipesOfQemu } from '../../testing/pipes-of-qemu.ts';
import { UrgentPipe } from './urgent-pipe.ts';

const NEGOTIATED = { class: 'CommandNotFound', desc: 'Capabilities negotiation is already complete' };
const NOT_ACTIVE = { class: 'GenericError', desc: 'only supported during postcopy-active state' };

describe('the monitor in named pipes', () => {
  let dir: string;
  let qemu: PipesOfQemu | undefined;
  let pipe: UrgentPipe | undefined;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'slu-'));
  });
  afterEach(async () => {
    pipe?.close();
    await qemu?.close();
    await rm(dir, { recursive: true, force: true });
  });

  it('negotiates in turn, once for all who come after, then gives its commands beside the queue', async () => {
    const asked: object[] = [];
    qemu = await pipesOfQemu(join(dir, 'vm'), (command, { id: _, ...message }) => {
      asked.push(message);
      return command === 'qmp_capabilities' ? { error: NEGOTIATED } : { return: { done: true } };
    });
    pipe = await UrgentPipe.open(join(dir, 'vm'));
    await pipe.negotiate();
    const args = { uri: 'tcp:127.0.0.1:1' };
    expect(await pipe.execute('migrate-recover', args)).toEqual({ done: true });
    expect(asked).toEqual([
      { execute: 'qmp_capabilities', arguments: { enable: ['oob'] } },
      { 'exec-oob': 'migrate-recover', arguments: args },
    ]);
  });

  it("tells a refusal in QEMU's words, read behind what was meant for somebody before it", async () => {
    const other = '{"return": {}, "id": 7}\r\n{"event": "STOP"}\r\n{"event": "RES';
    qemu = await pipesOfQemu(join(dir, 'vm'), () => ({ error: NOT_ACTIVE }));
    await qemu.say(`us": "setup"}}\r\n${other}`);
    pipe = await UrgentPipe.open(join(dir, 'vm'));
    await qemu.say('UME"}\r\n');
    const refusal = await pipe.execute('migrate-pause').catch((cause) => cause);
    expect(refusal).toMatchObject({ code: 'refused', desc: NOT_ACTIVE.desc });
  });

  it('is closed for who waits, and is none where there are no pipes', async () => {
    qemu = await pipesOfQemu(join(dir, 'vm'), () => null);
    pipe = await UrgentPipe.open(join(dir, 'vm'));
    const waiting = pipe.execute('migrate-pause').catch((cause) => cause);
    pipe.close();
    expect(await waiting).toMatchObject({ code: 'closed' });
    await expect(UrgentPipe.open(join(dir, 'none'))).rejects.toMatchObject({ code: 'connect_failed' });
  });
});
