/**
 * What decodes may still hold what this library does not know: it is kept as bytes and written again. A switch side
 * that does what it is told cannot accept that; here is the error with which Open vSwitch 3.1 refuses it.
 */
import type { Message } from './codec.ts';
import { fieldOfValue, MASK_BIT } from './runtime/oxm-headers.ts';
import { type Version, wireVersion } from './versions.ts';

/** The name of the error by where an unknown element, or one of an unknown experimenter, stands. */
const BY_LIST: Readonly<Record<string, { readonly unknown: string; readonly experimenter: string }>> = {
  actions: { unknown: 'OFPBAC_BAD_TYPE', experimenter: 'OFPBAC_BAD_EXPERIMENTER' },
  instructions: { unknown: 'OFPBIC_UNKNOWN_INST', experimenter: 'OFPBIC_BAD_EXPERIMENTER' },
  bands: { unknown: 'OFPMMFC_BAD_BAND', experimenter: 'OFPMMFC_BAD_BAND' },
  properties: { unknown: 'OFPBPC_BAD_TYPE', experimenter: 'OFPBPC_BAD_EXP_TYPE' },
};
/** Messages whose properties are refused otherwise. */
const PROPERTIES_OF: Readonly<Record<string, string>> = {
  set_async: 'OFPACFC_UNSUPPORTED',
  table_mod: 'OFPBRC_BAD_TYPE',
};
const NICIRA = 0x2320;
const ONF = 0x4f4e4600;
/** Bytes of Nicira's and the ONF's subtypes: u32 in messages, u16 in actions. */
const SUBTYPE = { message: 4, action: 2 } as const;

/** The name of the error that answers a message with unknown parts; undefined when all of it is known. */
export function unknownIn(message: Message<Version>, version: Version): string | undefined {
  switch (message.type) {
    case 'unknown':
      return 'OFPBRC_BAD_TYPE';
    case 'unknown_multipart_request':
    case 'unknown_multipart_reply':
      return 'OFPBRC_BAD_MULTIPART';
    case 'experimenter':
      if (!isKnown(message.experimenter)) return 'OFPBRC_BAD_EXPERIMENTER';
      return version === '1.0' && message.data.length < SUBTYPE.message
        ? 'OFPBRC_BAD_LEN'
        : 'OFPBRC_BAD_EXP_TYPE';
    case 'experimenter_multipart_request':
      return isKnown(message.experimenter) ? 'OFPBRC_BAD_EXP_TYPE' : 'OFPBRC_BAD_EXPERIMENTER';
    // A hello says what else its sender speaks, and an error quotes anything.
    case 'hello':
    case 'error':
      return undefined;
    default:
      return new Search(message.type, version).inObject(message);
  }
}

const isKnown = (experimenter: number): boolean => experimenter === NICIRA || experimenter === ONF;

/** Values nest as deep as lists of actions may, which the codec limits. */
class Search {
  constructor(
    private readonly message: string,
    private readonly version: Version,
  ) {}

  inObject(value: object): string | undefined {
    for (const [key, part] of Object.entries(value)) {
      if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) continue;
      const found = this.inPart(key, part);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private inPart(key: string, part: object): string | undefined {
    if (Array.isArray(part)) return this.inList(key, part);
    if (key === 'match') return inMatch(part);
    // A message in a bundle.
    if (key === 'message' && 'message' in part) {
      return unknownIn(part.message as Message<Version>, this.version);
    }
    return this.inObject(part);
  }

  private inList(name: string, elements: readonly unknown[]): string | undefined {
    for (const element of elements) {
      if (typeof element !== 'object' || element === null) continue;
      const found = this.inElement(name, element) ?? this.inObject(element);
      // Buckets of 1.5 have one answer for all that is wrong inside.
      if (found !== undefined) return 'bucketId' in element ? 'OFPGMFC_BAD_BUCKET' : found;
    }
    return undefined;
  }

  private inElement(name: string, element: object): string | undefined {
    const errors = BY_LIST[name];
    if (errors === undefined || !('type' in element)) return undefined;
    const isOther = element.type === 'unknown' || element.type === 'experimenter';
    if (isOther && name === 'properties' && this.message in PROPERTIES_OF) return PROPERTIES_OF[this.message];
    if (element.type === 'unknown') return errors.unknown;
    if (element.type === 'experimenter') return experimenterIn(errors.experimenter, element);
    return name === 'actions' ? this.inAction(element) : undefined;
  }

  private inAction(action: object): string | undefined {
    const isSet = 'type' in action && action.type === 'set_field';
    for (const value of Object.values(action)) {
      const header = headerOf(value);
      if (header === undefined) continue;
      if (!isSet || (header & 0xff) === 0) return 'OFPBAC_BAD_SET_TYPE';
      return isMaskOfKnown(header) ? 'OFPBAC_BAD_SET_MASK' : 'OFPBAC_BAD_SET_LEN';
    }
    const isMasked = isSet && 'mask' in action && action.mask !== undefined;
    return isMasked && wireVersion(this.version) < wireVersion('1.5') ? 'OFPBAC_BAD_SET_MASK' : undefined;
  }
}

function experimenterIn(name: string, element: object): string {
  if (!('experimenter' in element) || !isKnown(Number(element.experimenter))) return name;
  const isCut =
    name.startsWith('OFPBAC') &&
    'data' in element &&
    element.data instanceof Uint8Array &&
    element.data.length < SUBTYPE.action;
  return isCut ? 'OFPBAC_BAD_LEN' : name.replace('BAD_EXPERIMENTER', 'BAD_EXP_TYPE');
}

function inMatch(match: object): string | undefined {
  for (const key of Object.keys(match)) {
    const header = headerOf(key);
    if (header !== undefined) return isMaskOfKnown(header) ? 'OFPBMC_BAD_MASK' : 'OFPBMC_BAD_FIELD';
  }
  return undefined;
}

/** The header of a field that nobody has named, by its text. */
function headerOf(text: unknown): number | undefined {
  return typeof text === 'string' && /^0x[0-9a-f]{8}(:|$)/.test(text)
    ? Number.parseInt(text.slice(2, 10), 16)
    : undefined;
}

/** Whether a field has a name, and a mask that it cannot have. */
const isMaskOfKnown = (header: number): boolean =>
  (header & MASK_BIT) !== 0 && fieldOfValue(header) !== undefined;
