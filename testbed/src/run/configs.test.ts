import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAgentConfig } from '@sluice/agents';
import { parseConfig } from '@sluice/controller';
import { describe, expect, it } from 'vitest';
import { checkSpec } from '../lab/index.ts';
import { parseStory } from '../story/index.ts';
import { agentConfigOf, controllerConfigOf, networkSpecOf } from './configs.ts';

const FILE = fileURLToPath(new URL('../../stories/edge-nfv.yaml', import.meta.url));
const AROUND = {
  prefix: 'sl3fa2',
  stateDir: '/run/sluice/sl3fa2/s',
  redisPrefix: 'sluice-sluice',
  redisSocket: '/run/sluice/sl3fa2/redis.sock',
  ovsdb: 'unix:/run/sluice/sl3fa2/db.sock',
  controllerIp: '169.254.1.1',
};

describe('configurations made from a story', () => {
  const story = parseStory(readFileSync(FILE, 'utf8'), FILE);

  it('are accepted by the lab, the controller and every agent', () => {
    checkSpec(networkSpecOf(story));
    expect(parseConfig(controllerConfigOf(story, AROUND)).core.headroomFraction).toBe(0.1);
    for (const host of story.network.hosts.filter(({ kind }) => kind === 'hypervisor'))
      parseAgentConfig(
        agentConfigOf(
          story,
          { name: host.name, namespace: `sl3fa2-${host.name}`, device: 'eth0', bridge: 'br0' },
          AROUND,
        ),
      );
  });

  it('give a VM to the agent of its host only', () => {
    const vmsOf = (name: string) =>
      agentConfigOf(story, { name, namespace: name, device: 'eth0', bridge: 'br0' }, AROUND).vms?.map(
        ({ vmId }) => vmId,
      );
    expect(vmsOf('h1')).toEqual(['web']);
    expect(vmsOf('h3')).toEqual([]);
  });
});
