/** Flows: `add-flow`, `mod-flows`, `del-flows` and what a line of `add-flows` says. */
import type { Message } from '../../codec.ts';
import type { Version } from '../../versions.ts';
import type { Act } from './act.ts';
import { actionsOf, checkActs, checkOrder, instructionsOf, parseActs } from './actions.ts';
import { FlowMatch, unknownCondition } from './flow-match.ts';
import {
  ANY,
  FORMAT,
  formatNames,
  formatsOf,
  NXM_OF11_UP,
  OF11_UP,
  OF13_UP,
  OXM,
  type Usable,
} from './formats.ts';
import { matchOf } from './match-keys.ts';
import { bigNumber, number, port, port32 } from './numbers.ts';
import { Problems, parseError, type Word } from './parse-error.ts';
import { ones } from './values.ts';
import { type Pair, pairsOf, part, wordOf } from './words.ts';

export type FlowCommand = 'add' | 'modify' | 'modify_strict' | 'delete' | 'delete_strict';
/** OFPFC_*. */
const COMMANDS: readonly FlowCommand[] = ['add', 'modify', 'modify_strict', 'delete', 'delete_strict'];

/** How 1.0 is spoken: with its own match or Nicira's, and with the table in the command or not. */
export type FlowFormat = 'OpenFlow10' | 'OpenFlow10+table_id' | 'NXM' | 'NXM+table_id';

export interface FlowOptions<V extends Version = Version> {
  readonly version: V;
  /** What a line does that does not begin with a command. Default: add. */
  readonly command?: FlowCommand;
  /** For 1.0. Default: the first that can say the flow, as ovs-ofctl chooses. */
  readonly flowFormat?: FlowFormat;
}

const NO_BUFFER = 0xffffffff;
const NO_PORT = 0xffff;
const ANY_GROUP = 0xffffffff;
const PRIORITY = 0x8000;
const ALL_TABLES = 255;
const FLAGS: Readonly<Record<string, readonly [number, number]>> = {
  send_flow_rem: [1, ANY],
  check_overlap: [2, ANY],
  reset_counts: [4, OXM],
  no_packet_counts: [8, OF13_UP],
  no_byte_counts: [16, OF13_UP],
};
/** Statistics, so that what dump-flows prints can be read. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'duration',
  'n_packets',
  'n_bytes',
  'idle_age',
  'hard_age',
]);

/** A flow of any version. */
export interface ParsedFlow {
  readonly command: FlowCommand;
  readonly flow: FlowMatch;
  readonly acts: readonly Act[];
  readonly settings: Settings;
}

interface Settings {
  tableId: number | undefined;
  priority: number;
  idleTimeout: number;
  hardTimeout: number;
  importance: number;
  cookie: bigint | undefined;
  cookieMask: bigint;
  outPort: number;
  outGroup: number;
  flags: number;
}

/** Reads one line. Problems are kept; what comes back then is not to be used. */
export function parseFlow(line: Word, fallback: FlowCommand, problems: Problems): ParsedFlow {
  const first = /^\s*([a-z_]+)(?=[\s,]|$)/.exec(line.text);
  const told = COMMANDS.find((one) => one === first?.[1]);
  const command = told ?? fallback;
  const rest = told === undefined ? line : part(line, first?.[0].length ?? 0);
  const { conditions, actions } = splitActions(rest);
  const usable: Usable = { formats: ANY };
  const flow = new FlowMatch(usable);
  const settings: Settings = {
    tableId: undefined,
    priority: PRIORITY,
    idleTimeout: 0,
    hardTimeout: 0,
    importance: 0,
    cookie: undefined,
    cookieMask: 0n,
    outPort: NO_PORT,
    outGroup: ANY_GROUP,
    flags: 0,
  };
  const isDelete = command.startsWith('delete');
  for (const pair of problems.try(() => pairsOf(conditions)) ?? [])
    problems.try(() => takeWord(pair, { command, flow, settings }));
  flow.check(problems);
  if (actions === undefined && !isDelete)
    problems.add(part(line, line.text.length), 'actions=... is missing');
  if (actions !== undefined && isDelete) problems.add(actions, 'what is deleted has no actions');
  const acts = actions === undefined || isDelete ? [] : parseActs(actions, usable, problems);
  checkOrder(acts, problems);
  checkActs(acts, flow, settings.tableId, problems);
  return { command, flow, acts, settings };
}

/** Everything behind `actions=`. */
function splitActions(line: Word): { conditions: Word; actions: Word | undefined } {
  const found = /(?:^|[\s,])actions?\s*=/.exec(line.text);
  if (found === null) return { conditions: line, actions: undefined };
  return { conditions: part(line, 0, found.index), actions: part(line, found.index + found[0].length) };
}

function takeWord(pair: Pair, { command, flow, settings }: Omit<ParsedFlow, 'acts'>): void {
  const { key, value, form } = pair;
  const { usable } = flow;
  const isDelete = command.startsWith('delete');
  const flag = FLAGS[key.text];
  if (flag !== undefined && form === '' && !isDelete) {
    settings.flags |= flag[0];
    usable.formats &= flag[1];
    return;
  }
  if (PASSED_OVER.has(key.text)) return;
  switch (key.text) {
    case 'table':
      settings.tableId = number(value, 8, 'a table');
      return;
    case 'priority':
      if (command === 'delete') throw parseError(key, 'only --strict deletes by priority');
      settings.priority = number(value, 16, 'a priority');
      return;
    case 'cookie':
      takeCookie(value, command, settings, usable);
      return;
    default:
  }
  if (isDelete && key.text === 'out_port') {
    settings.outPort = port(value);
    return;
  }
  if (isDelete && key.text === 'out_group') {
    usable.formats &= OF11_UP;
    settings.outGroup = number(value, 32, 'a group');
    return;
  }
  if (!isDelete && takeTimeout(pair, settings)) return;
  if (!flow.take(pair)) throw parseError(key, unknownCondition(key));
}

function takeTimeout({ key, value }: Pair, settings: Settings): boolean {
  if (key.text === 'idle_timeout') settings.idleTimeout = number(value, 16, 'a number of seconds');
  else if (key.text === 'hard_timeout') settings.hardTimeout = number(value, 16, 'a number of seconds');
  else if (key.text === 'importance') settings.importance = number(value, 16, 'an importance');
  else return false;
  return true;
}

function takeCookie(word: Word, command: FlowCommand, settings: Settings, usable: Usable): void {
  const slash = word.text.indexOf('/');
  settings.cookie = bigNumber(slash < 0 ? word : part(word, 0, slash), 64, 'a cookie');
  if (slash < 0) {
    if (command.startsWith('delete'))
      throw parseError(word, 'deleting by cookie needs a mask: cookie=0x1/-1');
    return;
  }
  if (command === 'add') throw parseError(word, 'a flow that is added has a cookie without a mask');
  settings.cookieMask = bigNumber(part(word, slash + 1), 64, 'a mask');
  usable.formats &= NXM_OF11_UP;
}

/** Throws ParseError when the version cannot say it. */
export function requireFormats(usable: Usable, formats: number, word: Word, problems: Problems): number {
  const left = usable.formats & formats;
  if (left === 0)
    problems.add(word, `the version cannot say this; these can: ${formatNames(usable.formats)}`);
  return left;
}

/**
 * Messages of flows in the syntax of ovs-ofctl, one a line; `#` begins a comment. A line may begin with add, modify,
 * modify_strict, delete or delete_strict. Throws ParseError with all problems that do not depend on each other.
 */
export function parseFlowMods<V extends Version>(
  text: string,
  options: FlowOptions<V>,
): readonly Message<V>[] {
  const problems = new Problems();
  const flows = linesOf(text).map((line) => ({
    line,
    flow: parseFlow(line, options.command ?? 'add', problems),
  }));
  let formats = allowedFormats(options);
  for (const { line, flow } of flows) {
    const left = requireFormats(flow.flow.usable, formats, line, problems);
    if (left !== 0) formats = left;
  }
  problems.finish();
  const isNicira = options.version === '1.0' && (formats & FORMAT.of10) === 0;
  const hasTable = flows.some(({ flow }) => flow.settings.tableId !== undefined);
  const inCommand = options.flowFormat === undefined ? hasTable : options.flowFormat.endsWith('+table_id');
  return flows.map(
    // V is the version in the options; the value of a type parameter cannot narrow it.
    ({ flow }) => flowMod(flow, { version: options.version, isNicira, inCommand }) as unknown as Message<V>,
  );
}

function allowedFormats({ version, flowFormat }: FlowOptions): number {
  if (version !== '1.0' || flowFormat === undefined) return formatsOf(version);
  return flowFormat.startsWith('NXM') ? FORMAT.nxm : FORMAT.of10;
}

/** Lines without comments, each at its place. */
export function linesOf(text: string): readonly Word[] {
  const lines: Word[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    const comment = line.search(/(^|\s)#/);
    const word = part(wordOf(line, at), 0, comment < 0 ? line.length : comment);
    if (word.text !== '') lines.push(word);
    at += line.length + 1;
  }
  return lines.length === 0 ? [wordOf('', 0)] : lines;
}

interface Form {
  readonly version: Version;
  readonly isNicira: boolean;
  /** 1.0: the table stands in the upper half of the command. */
  readonly inCommand: boolean;
}

function flowMod(
  { command, flow, acts, settings }: ParsedFlow,
  form: Form,
): Readonly<Record<string, unknown>> {
  const { version, isNicira, inCommand } = form;
  const isDelete = command.startsWith('delete');
  const code = COMMANDS.indexOf(command);
  const match = matchOf(flow, { version, isNicira });
  const { idleTimeout, hardTimeout, priority, flags, outPort, importance } = settings;
  const common = { idleTimeout, hardTimeout, priority, bufferId: NO_BUFFER, flags, match };
  if (version === '1.0') {
    const type = isNicira ? 'nx_flow_mod' : 'flow_mod';
    const full = inCommand ? code | ((settings.tableId ?? ALL_TABLES) << 8) : code;
    const actions = actionsOf(acts, version);
    const unchanged = isDelete ? 0n : ones(64);
    const cookie = settings.cookieMask === 0n ? (settings.cookie ?? 0n) : unchanged;
    const withMask = settings.cookieMask === 0n ? match : { ...match, nxm_cookie: maskedCookie(settings) };
    return { ...common, type, match: withMask, cookie, command: full, outPort, actions };
  }
  const anyTable = settings.tableId === undefined ? isDelete : settings.tableId === ALL_TABLES;
  // ovs-ofctl knows no number for all tables in 1.1.
  const noTable = anyTable && version !== '1.1' ? ALL_TABLES : 0;
  return {
    ...common,
    type: 'flow_mod',
    command: code,
    cookie: cookieOf(settings, command, version),
    cookieMask: settings.cookieMask,
    tableId: anyTable ? noTable : (settings.tableId ?? 0),
    outPort: port32(outPort),
    outGroup: settings.outGroup,
    ...(version === '1.4' || version === '1.5' ? { importance } : {}),
    instructions: instructionsOf(acts, version),
  };
}

/** From 1.2 on only the bits to look for are told of flows that are there already: they keep their cookie. */
function cookieOf({ cookie = 0n, cookieMask }: Settings, command: FlowCommand, version: Version): bigint {
  const isWhole = command === 'add' || (version === '1.1' && cookieMask === 0n);
  return isWhole ? cookie : cookie & cookieMask;
}

const maskedCookie = ({ cookie = 0n, cookieMask }: Settings): unknown =>
  cookieMask === ones(64) ? cookie : { value: cookie & cookieMask, mask: cookieMask };
