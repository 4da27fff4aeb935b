// Bad input against a real controller, in real HTTP: a code and what to do instead, and nothing left behind anywhere.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { run } from '../src/lab/command.ts';
import { mustSkip } from '../src/lab/index.ts';
import { poll } from '../src/lab/poll.ts';
import { type ApiAnswer, openStage, type Stage, type StageSnapshot } from '../src/stage/index.ts';
import { figures } from './observe.ts';
import { twoSites } from './stages.ts';

const CONTROLLER = fileURLToPath(new URL('../../controller/dist/main.js', import.meta.url));
const story = twoSites({
  name: 'e2e-refusals',
  trunkFloorMegabits: 20,
  vms: [{ name: 'web', memoryMebibytes: 16, phases: [[600, 0.3, 4]] }],
});
const good = { vm: 'web', destination: 'h2' };
const problemSchema = z.object({
  status: z.number(),
  code: z.string(),
  title: z.string().min(1),
  detail: z.string().min(1),
  fix: z.string().min(1),
});

describe.skipIf(mustSkip('refusals on real parts'))('a real controller refuses', () => {
  let stage: Stage;
  let clean: StageSnapshot;

  beforeAll(async () => {
    stage = await openStage(story, { run: 'managed' });
    clean = await stage.snapshot();
  });
  afterAll(async () => {
    await stage?.close();
  });

  async function expectRefusal(answer: ApiAnswer, status: number, code: string): Promise<void> {
    expect(answer.type).toContain('application/problem+json');
    expect(problemSchema.parse(answer.body)).toMatchObject({ status, code });
    expect(answer.status).toBe(status);
    expect((await stage.ask('GET', '/v1/migrations')).body).toMatchObject({ migrations: [] });
    expect((await stage.ask('GET', '/v1/reservations')).body).toEqual({ reservations: [] });
    expect(await stage.snapshot()).toEqual(clean);
  }

  it.each<readonly [string, unknown, number, string]>([
    ['an unknown VM', { ...good, vm: 'ghost' }, 404, 'unknown_vm'],
    ['an unknown host', { ...good, destination: 'h9' }, 404, 'unknown_host'],
    ['the host on which the VM is', { ...good, destination: 'h1' }, 422, 'same_host'],
    ['a host that runs no VMs', { ...good, destination: 'c1' }, 422, 'not_a_hypervisor'],
    ['a deadline that cannot be met', { ...good, deadlineSec: 0.5 }, 422, 'deadline_infeasible'],
    ['more rate than there is', { ...good, rateMinBitsPerSec: 99e6 }, 409, 'insufficient_capacity'],
    ['a rate with its unit as text', { ...good, rateMaxBitsPerSec: '60Mbit/s' }, 400, 'invalid_request'],
    ['a rate in another unit', { ...good, rateMbps: 60 }, 400, 'invalid_request'],
    ['a rate of zero', { ...good, rateMaxBitsPerSec: 0 }, 400, 'invalid_request'],
    ['a time in milliseconds', { ...good, deadlineMs: 60_000 }, 400, 'invalid_request'],
    ['text that is no JSON', '{"vm": "web",', 400, 'malformed_json'],
  ])('%s', async (_, body, status, code) => {
    await expectRefusal(await stage.ask('POST', '/v1/migrations', body), status, code);
  });

  it('a destination to which no path leads, and accepts it when the cable is whole again', async () => {
    const { device } = stage.network.port('s1', 10);
    const cable = (state: 'up' | 'down') =>
      run('ip', ['-n', stage.lab.switchNamespace, 'link', 'set', device, state]);
    await cable('down');
    try {
      await trunk(stage, 'down');
      const answer = await stage.ask('POST', '/v1/migrations', good);
      expect(problemSchema.parse(answer.body)).toMatchObject({ status: 409, code: 'no_path' });
    } finally {
      await cable('up');
    }
    await trunk(stage, 'up');
    expect(await stage.snapshot()).toEqual(clean);
    await stage.migrate({ id: 'after', ...good });
    expect(await stage.untilEnded('after')).toMatchObject({ outcome: 'completed' });
  });

  it('an inventory with a capacity of 0, by name, with exit code 2', async () => {
    const [first, ...others] = story.network.hosts;
    const file = `${stage.lab.dir}/capacity-0.json`;
    const inventory = { ...story.network, hosts: [{ ...first, nicBitsPerSec: 0 }, ...others] };
    await writeFile(file, JSON.stringify({ inventory, redis: { socketPath: stage.lab.redis.socketPath } }));
    const child = stage.lab.spawnNode({ name: 'capacity-0', entry: CONTROLLER, args: ['--config', file] });
    expect(await child.exited).toMatchObject({ code: 2 });
    const said = child.errorLines.join('\n');
    figures('capacity 0', { said: JSON.stringify(said.slice(0, 200)) });
    expect(said).toMatch(/hosts\.0\.nicBitsPerSec/);
  });
});

const trunk = (stage: Stage, status: 'up' | 'down'): Promise<true> =>
  poll(`the trunk ${status}`, 15_000, async () => {
    const { body } = await stage.ask('GET', '/v1/topology');
    const { links } = z
      .object({ links: z.array(z.object({ id: z.string(), status: z.string() })) })
      .parse(body);
    const own = links.filter((link) => /^s\d:10>s\d:10$/.test(link.id));
    return own.length === 2 && own.every((link) => link.status === status) ? true : null;
  });
