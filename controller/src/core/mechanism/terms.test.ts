import { describe, expect, it } from 'vitest';
import type { MechanismName } from '../request.ts';
import { profile, request, World } from '../testing/world.ts';

/** What the destination is told to prepare, where these hypervisors can do post-copy. */
function prepared(mechanisms: readonly MechanismName[], able: readonly string[], throttleMax?: number) {
  const world = new World();
  for (const hostId of world.state.hosts.keys())
    world.hostProfile(hostId, hostId === 'h1' ? [profile('web')] : [], {
      capabilities: able.includes(hostId) ? ['postcopy'] : [],
    });
  const effects = world.ask(request('m1', { mechanisms, throttleMax: throttleMax ?? null }));
  const [command] = effects.flatMap((effect) =>
    effect.kind === 'send_command' && effect.command.kind === 'prepare_incoming' ? [effect.command] : [],
  );
  return command?.mechanism;
}

describe('what hypervisors prepare', () => {
  it('is nothing for pre-copy alone', () => {
    expect(prepared(['precopy'], ['h1', 'h3'])).toBeUndefined();
  });

  it('is post-copy where it is allowed and both can do it, chosen or not', () => {
    expect(prepared(['precopy', 'postcopy'], ['h1', 'h3'])).toEqual({ postcopy: true });
    expect(prepared(['precopy', 'postcopy'], ['h1'])).toBeUndefined();
  });

  it('is post-copy where nothing else is allowed, so that a hypervisor that lacks it says so', () => {
    expect(prepared(['postcopy'], [])).toEqual({ postcopy: true });
  });

  it('is a throttle where the guest may be slowed', () => {
    expect(prepared(['precopy'], [], 0.3)).toEqual({ throttle: true });
  });
});
