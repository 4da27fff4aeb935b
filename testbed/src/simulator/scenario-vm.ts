/** The line of a VM: `vm web on h1 64 MiB dirties 1 MB/s in 32 MiB for 10 s, then 3 MB/s in 48 MiB`. */
import { type ReadTrace, type StoryInput, traceOf } from '../story/index.ts';
import type { Words } from './scenario-words.ts';

type Vm = StoryInput['vms'][number];
type Phase = NonNullable<Vm['workload']['phases']>[number];

/** A phase without a length lasts longer than any story. */
const LAST_PHASE_SEC = 3600;

/** @throws LineError */
export function vmOf(words: Words, number: number, readTrace: ReadTrace | null): Vm {
  const name = words.name('a VM');
  words.expect('on');
  const host = words.name('a host');
  const memoryBytes = words.amount('volume');
  return {
    name,
    host,
    memoryBytes,
    ip: `10.0.${100 + (number >> 8)}.${number & 0xff}`,
    mac: `02:00:00:01:${hex(number >> 8)}:${hex(number & 0xff)}`,
    workload: words.accept('follows') ? traced(words, memoryBytes, readTrace) : written(words),
  };
}

/** `follows web.csv`, with `again and again` at the end when it repeats. */
function traced(words: Words, memoryBytes: number, readTrace: ReadTrace | null): Vm['workload'] {
  const { phases, problems } = traceOf(words.name('a file of a trace'), memoryBytes, readTrace);
  if (problems.length > 0) throw words.error(problems.join('; '));
  return { phases: [...phases], repeat: repeats(words) };
}

function written(words: Words): Vm['workload'] {
  words.expect('dirties');
  const phases: Phase[] = [];
  do {
    const dirtyRateBytesPerSec = words.amount('dirty_rate');
    words.expect('in');
    const workingSetBytes = words.amount('volume');
    if (phases.length === 0 && words.accept('bursts')) {
      const burstRateBytesPerSec = words.amount('dirty_rate');
      words.expect('for');
      const burstSec = words.amount('time');
      words.expect('every');
      const periodSec = words.amount('time');
      const bursts = {
        baseRateBytesPerSec: dirtyRateBytesPerSec,
        burstRateBytesPerSec,
        periodSec,
        dutyFraction: burstSec / periodSec,
        workingSetBytes,
      };
      return { bursts };
    }
    phases.push({
      dirtyRateBytesPerSec,
      workingSetBytes,
      durationSec: words.accept('for') ? words.amount('time') : LAST_PHASE_SEC,
    });
  } while (words.accept('then'));
  return { phases, repeat: repeats(words) };
}

const repeats = (words: Words): boolean => words.accept('again', 'and', 'again');

const hex = (value: number): string => value.toString(16).padStart(2, '0');
