import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseStory } from './load.ts';
import { tooMuchForRealParts } from './real-limits.ts';

const SMALL = readFileSync(fileURLToPath(new URL('../../stories/small.yaml', import.meta.url)), 'utf8');
const smallWith = (keys: string) =>
  parseStory(SMALL.replace(/(- \{ vm: web, destination: h2[^}]*)\}/, `$1, ${keys} }`), 'story.yaml');

describe('real parts', () => {
  it('take priorities, bookings, holds and a choice of mechanism', () => {
    const keys = 'priority: 7, weight: 2, mayPreempt: true, startAtSec: 4, holdForSec: 3, throttleMax: 0.3';
    const story = smallWith(`${keys}, tenant: blue, mechanisms: [precopy, postcopy]`);
    expect(tooMuchForRealParts(story)).toEqual([]);
  });

  it('move an emulated VM by pre-copy only, a real guest as it is asked', () => {
    const story = smallWith('mechanisms: [postcopy]');
    expect(tooMuchForRealParts(story)).toEqual([
      'migrations.0.mechanisms: emulated VMs move by pre-copy only; add precopy, or run it with --guests qemu',
    ]);
    expect(tooMuchForRealParts(story, 'qemu')).toEqual([]);
  });

  it('have nothing to do in shadow mode', () => {
    const story = parseStory(`${SMALL}\ncontroller: { shadow: true }\n`, 'story.yaml');
    expect(tooMuchForRealParts(story)).toEqual(['controller.shadow: real parts would have nothing to do']);
  });
});
