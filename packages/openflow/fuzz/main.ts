/** `npm run fuzz -w @oflib/openflow -- [--seconds N] [--seed N] [--seeds FILE]`: the fuzzer by hand. */
import { parseArgs } from 'node:util';
import { fuzz } from './fuzzer.ts';
import { seeds, seedsOf } from './seeds.ts';

const PROGRESS_MS = 5_000;

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, seed: { type: 'string' }, seeds: { type: 'string' } },
});
let told = performance.now();
const result = await fuzz({
  seconds: Number(values.seconds ?? 60),
  seed: Number(values.seed ?? Date.now() % 1_000_000),
  parents: [...seeds(), ...(values.seeds === undefined ? [] : seedsOf(values.seeds))],
  onProgress({ seconds, inputs, blocks, parents }) {
    if (performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    console.log(`${seconds.toFixed(0)} s: ${inputs} inputs, ${blocks} blocks, ${parents} parents`);
  },
});
for (const { bytes, complaint } of result.findings) {
  console.log(`${Buffer.from(bytes).toString('hex')}\n  ${complaint}`);
}
console.log(
  `${result.findings.length} findings in ${result.inputs} inputs, ${result.blocks} blocks reached, ${result.seconds.toFixed(0)} s`,
);
process.exitCode = result.findings.length === 0 ? 0 : 1;
