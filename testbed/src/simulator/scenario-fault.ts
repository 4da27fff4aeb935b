/** What happens beside requests: `abort web`, `the agent of h1 dies`, `the cable s1 - s2 breaks`. */
import type { Words } from './scenario-words.ts';
import type { Fault } from './types.ts';

/** Names that are referred to; each is checked when the whole scenario has been read. */
export interface Names {
  migratedVm(vm: string): void;
  host(host: string): void;
  switch(name: string): void;
  /** The link of the cable between these switches. @throws LineError */
  cable(a: string, b: string): string;
}

const EXPECTED = [
  'migrate VM -> HOST',
  'abort VM',
  'commit VM',
  'explain VM',
  'the agent of HOST dies, comes back or ignores the next rate',
  'the cable A - B breaks or is mended',
  'the switch S refuses the next change',
].join('; ');

/** Reads on after the time. @throws LineError */
export function faultOf(words: Words, atSec: number, names: Names): Fault {
  if (words.accept('abort')) return ofVm('abort');
  if (words.accept('commit')) return ofVm('commit');
  if (words.accept('explain')) return ofVm('explain');
  if (words.accept('the', 'agent', 'of')) return ofAgent();
  if (words.accept('the', 'cable')) return ofCable();
  if (words.accept('the', 'switch')) {
    const switchName = words.name('a switch');
    names.switch(switchName);
    words.expect('refuses', 'the', 'next', 'change');
    return { kind: 'change_refused', switchName, atSec };
  }
  throw words.error(`expected ${EXPECTED}`);

  function ofVm(kind: 'abort' | 'commit' | 'explain'): Fault {
    const vm = words.name('a VM');
    names.migratedVm(vm);
    return { kind, vm, atSec };
  }
  function ofAgent(): Fault {
    const hostId = words.name('a host');
    names.host(hostId);
    if (words.accept('comes', 'back')) return { kind: 'agent_comes_back', hostId, atSec };
    if (words.accept('ignores', 'the', 'next', 'rate')) return { kind: 'rate_ignored', hostId, atSec };
    words.expect('dies');
    return { kind: 'agent_dies', hostId, atSec };
  }
  function ofCable(): Fault {
    const a = words.name('a switch');
    words.expect('-');
    const link = names.cable(a, words.name('a switch'));
    if (words.accept('is', 'mended')) return { kind: 'link_mended', link, atSec };
    words.expect('breaks');
    return { kind: 'link_breaks', link, atSec };
  }
}
