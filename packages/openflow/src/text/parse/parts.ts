/** A match alone, and actions alone. */
import type { Match } from '../../generated/match-types.ts';
import type { Action as Action10 } from '../../generated/of10/index.ts';
import type { Action as Action11, Instruction as Instruction11 } from '../../generated/of11/index.ts';
import type { Action as Action12, Instruction as Instruction12 } from '../../generated/of12/index.ts';
import type { Action as Action13, Instruction as Instruction13 } from '../../generated/of13/index.ts';
import type { Action as Action14, Instruction as Instruction14 } from '../../generated/of14/index.ts';
import type { Action as Action15, Instruction as Instruction15 } from '../../generated/of15/index.ts';
import type { Version } from '../../versions.ts';
import { actionsOf, checkOrder, instructionsOf, parseActs } from './actions.ts';
import { requireFormats } from './flow.ts';
import { FlowMatch, unknownCondition } from './flow-match.ts';
import { ANY, FORMAT, formatsOf, type Usable } from './formats.ts';
import { matchOf } from './match-keys.ts';
import { Problems, parseError } from './parse-error.ts';
import { pairsOf, part, wordOf } from './words.ts';

export interface ActionsByVersion {
  readonly '1.0': Action10;
  readonly '1.1': Action11;
  readonly '1.2': Action12;
  readonly '1.3': Action13;
  readonly '1.4': Action14;
  readonly '1.5': Action15;
}

/** 1.0 has no instructions. */
export interface InstructionsByVersion {
  readonly '1.0': never;
  readonly '1.1': Instruction11;
  readonly '1.2': Instruction12;
  readonly '1.3': Instruction13;
  readonly '1.4': Instruction14;
  readonly '1.5': Instruction15;
}

export interface PartOptions<V extends Version = Version> {
  readonly version: V;
}

/**
 * The match of `tcp,nw_dst=10.0.0.0/8`. For 1.0 in its own words where they can say it, otherwise in Nicira's. Throws
 * ParseError with all problems.
 */
export function parseMatch(text: string, { version }: PartOptions): Match {
  const problems = new Problems();
  const usable: Usable = { formats: ANY };
  const flow = new FlowMatch(usable);
  const word = part(wordOf(text), 0);
  for (const pair of problems.try(() => pairsOf(word)) ?? [])
    problems.try(() => {
      if (!flow.take(pair)) throw parseError(pair.key, unknownCondition(pair.key));
    });
  flow.check(problems);
  const formats = requireFormats(usable, formatsOf(version), word, problems);
  problems.finish();
  return matchOf(flow, { version, isNicira: version === '1.0' && (formats & FORMAT.of10) === 0 });
}

/** Actions without instructions, as in a bucket or a packet-out. Throws ParseError with all problems. */
export function parseActions<V extends Version>(
  text: string,
  options: PartOptions<V>,
): readonly ActionsByVersion[V][] {
  const { version } = options;
  const problems = new Problems();
  const usable: Usable = { formats: ANY };
  const word = part(wordOf(text), 0);
  const acts = parseActs(word, usable, problems);
  for (const act of acts)
    if (act.stage !== 'apply' && !(act.stage === 'meter' && version === '1.5'))
      problems.add(act.word, 'it is an instruction, not an action');
  requireFormats(usable, formatsOf(version), word, problems);
  problems.finish();
  return actionsOf(acts, version) as readonly unknown[] as readonly ActionsByVersion[V][];
}

/** Instructions of 1.1 and later, with actions among them, as behind `actions=` of a flow. Throws ParseError. */
export function parseInstructions<V extends Exclude<Version, '1.0'>>(
  text: string,
  options: PartOptions<V>,
): readonly InstructionsByVersion[V][] {
  const { version } = options;
  const problems = new Problems();
  const usable: Usable = { formats: ANY };
  const word = part(wordOf(text), 0);
  const acts = parseActs(word, usable, problems);
  checkOrder(acts, problems);
  requireFormats(usable, formatsOf(version), word, problems);
  problems.finish();
  return instructionsOf(acts, version) as readonly unknown[] as readonly InstructionsByVersion[V][];
}
