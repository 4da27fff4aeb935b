import { describe, expect, it } from 'vitest';
import { fuzz, type Progress } from './fuzzer.ts';
import { broken } from './laws.ts';
import { seeds } from './seeds.ts';

/** A short run in every test; longer ones by hand: npm run fuzz -w @oflib/openflow -- --seconds 600. */
const SECONDS = 5;

describe('the codec under fuzzing', () => {
  it('keeps its laws on every seed', () => {
    const complaints = seeds().map(broken);
    expect(complaints.filter((complaint) => complaint !== undefined)).toEqual([]);
  });

  it('keeps its laws on what mutation finds', async () => {
    const result = await fuzz({ seconds: SECONDS, seed: 1, parents: seeds() });
    const said = result.findings.map(
      ({ bytes, complaint }) => `${complaint}: ${Buffer.from(bytes).toString('hex')}`,
    );
    expect(said).toEqual([]);
    expect(result.inputs).toBeGreaterThan(seeds().length);
  });

  it('reaches more of the code than the seeds do', async () => {
    const isEnough = ({ blocks, blocksOfParents }: Progress) => blocks > blocksOfParents;
    const result = await fuzz({ seconds: 60, seed: 1, parents: seeds(), isEnough });
    expect(result.blocks).toBeGreaterThan(result.blocksOfParents);
  });
});
