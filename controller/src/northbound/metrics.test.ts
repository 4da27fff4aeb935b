import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryStore, type MemoryStore } from '../store/index.ts';
import { startTestController, type TestController } from '../testing/index.ts';

let test: TestController<MemoryStore>;
beforeEach(async () => {
  test = await startTestController({ store: createMemoryStore() });
});
afterEach(() => test.close());

const metrics = async () => (await fetch(`${test.url}/metrics`)).text();
const create = () =>
  fetch(`${test.url}/v1/migrations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"vm":"web","destination":"h2","id":"m1"}',
  });

describe('/metrics', () => {
  it('shows what is promised on links in bytes per second, and the live migration until it has ended', async () => {
    test.agents.pauseAfterRound(1);
    await create();
    await expect.poll(metrics).toContain('sluice_migration_data_remaining_bytes{migration="m1"}');
    const live = await metrics();
    expect(live).toMatch(/sluice_link_capacity_bytes_per_second\{link="h1>s1:1"\} 12500000/);
    expect(live).toMatch(/sluice_link_reserved_bytes_per_second\{link="h1>s1:1"\} [1-9]/);
    expect(live).toMatch(/sluice_migrations\{phase="precopy"\} 1/);
    test.agents.resume();
    await expect.poll(metrics).toContain('sluice_migrations_total{result="completed",reason="none"} 1');
    const ended = await metrics();
    expect(ended).not.toContain('migration="m1"');
    expect(ended).toContain('sluice_migration_duration_seconds_count 1');
    expect(ended).toMatch(/sluice_host_agent_up\{host="h1"\} 1/);
  });

  it('counts refusals by their code', async () => {
    await fetch(`${test.url}/v1/migrations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"vm":"ghost","destination":"h2"}',
    });
    expect(await metrics()).toContain('sluice_migrations_total{result="refused",reason="unknown_vm"} 1');
  });

  it('times requests by route, not by address', async () => {
    await fetch(`${test.url}/v1/migrations/some-id`);
    const text = await metrics();
    expect(text).toContain('route="/v1/migrations/:id",status="404"');
    expect(text).not.toContain('some-id');
  });
});

describe('health', () => {
  it('is ready when store and network are', async () => {
    expect((await fetch(`${test.url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${test.url}/readyz`)).json()).toEqual({ ready: true, reasons: [] });
  });

  it('names the switches that are missing', async () => {
    const s2 = { dpid: '0000000000000002', name: 's2', connected: false, description: null };
    test.network.setStatus({ ready: false, switches: [s2] });
    const response = await fetch(`${test.url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ready: false, reasons: ['network_not_ready: without s2'] });
  });
});
