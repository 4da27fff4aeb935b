/** Prints the corpus, one JSON object a line; `print.ts refused` prints the texts that ovs-ofctl refuses. */
import { corpus } from './corpus.ts';

const { messages, refused } = await corpus();
const lines = process.argv[2] === 'refused' ? refused : messages;
process.stdout.write(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
