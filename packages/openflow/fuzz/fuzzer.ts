/**
 * Coverage-guided fuzzing of the codec: mutants of real messages go through it; those that reach new blocks become
 * parents themselves.
 */
import { Coverage } from './coverage.ts';
import { broken } from './laws.ts';
import { mutate, randomFrom } from './mutate.ts';

export interface FuzzOptions {
  /** Of mutation; what the parents take themselves comes before. */
  readonly seconds: number;
  readonly seed: number;
  readonly parents: readonly Uint8Array[];
  readonly onProgress?: (progress: Progress) => void;
  /** Ends it before its time. */
  readonly isEnough?: (progress: Progress) => boolean;
}

export interface Progress {
  readonly seconds: number;
  readonly inputs: number;
  readonly blocks: number;
  /** Of these, reached by the given parents as they are. V8 counts anew, and otherwise, each time it is asked to begin. */
  readonly blocksOfParents: number;
  readonly parents: number;
}

export interface Finding {
  readonly bytes: Uint8Array;
  readonly complaint: string;
}

export interface FuzzResult extends Progress {
  readonly findings: readonly Finding[];
}

const BATCH = 256;
/** One mistake can have thousands of faces. */
const FINDINGS_MAX = 20;
/** The oldest give way. */
const PARENTS_MAX = 20_000;

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { seconds, seed, parents: given, onProgress, isEnough = () => false } = options;
  const random = randomFrom(seed);
  const coverage = new Coverage((url) => url.includes('/openflow/src/'));
  const parents = [...given];
  const findings: Finding[] = [];
  let start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  let inputs = 0;
  let blocksOfParents = 0;
  const progress = (): Progress => ({
    ...{ seconds: elapsed(), inputs, blocks: coverage.blocks, blocksOfParents, parents: parents.length },
  });
  const pick = (): Uint8Array => parents[Math.floor(random() * parents.length)] ?? new Uint8Array(8);
  const run = (bytes: Uint8Array): void => {
    inputs += 1;
    const complaint = broken(bytes);
    if (complaint !== undefined && findings.length < FINDINGS_MAX) findings.push({ bytes, complaint });
  };
  await coverage.start();
  try {
    for (const parent of given) run(parent);
    await coverage.takeNew();
    blocksOfParents = coverage.blocks;
    start = performance.now();
    while (elapsed() < seconds && findings.length < FINDINGS_MAX) {
      const batch = Array.from({ length: BATCH }, () => mutate(pick(), pick(), random));
      for (const bytes of batch) run(bytes);
      if ((await coverage.takeNew()) > 0) parents.push(...batch.filter(() => random() < PROMOTED));
      if (parents.length > PARENTS_MAX) parents.splice(given.length, parents.length - PARENTS_MAX);
      onProgress?.(progress());
      if (isEnough(progress())) break;
    }
  } finally {
    await coverage.stop();
  }
  return { ...progress(), findings };
}

/** Which mutant of a batch reached the new block is not known; a few of it are kept. */
const PROMOTED = 0.1;
