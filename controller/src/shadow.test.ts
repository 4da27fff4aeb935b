/** A whole controller in shadow mode: it answers like any other, and nothing leaves it. */
import { expect, it } from 'vitest';
import { parseConfig } from './config.ts';
import { createMemoryStore } from './store/index.ts';
import { startTestController } from './testing/index.ts';
import { testInventory } from './testing/inventory.ts';

it('admits, tells what it would do, and asks neither the network nor an agent for anything', async () => {
  const test = await startTestController({ store: createMemoryStore(), config: { shadow: true } });
  try {
    const answer = await fetch(`${test.url}/v1/migrations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ vm: 'web', destination: 'h2', id: 'm1' }),
    });
    expect(answer.status).toBe(202);
    const told = async () => (await test.store.recentEvents(100)).map(({ type }) => type);
    await expect.poll(told).toContain('would_run');
    expect(await told()).toContain('would_send_command');
    const held = (await (await fetch(`${test.url}/v1/reservations?migration=m1`)).json()) as object;
    expect(JSON.stringify(held)).toContain('"migrationId":"m1"');
    expect(test.network.calls).toEqual([]);
    expect(test.network.installed.size).toBe(0);
  } finally {
    await test.close();
  }
  expect(test.bugs).toEqual([]);
});

it('is off unless it is asked for', () => {
  expect(parseConfig({ inventory: testInventory }).shadow).toBe(false);
});
