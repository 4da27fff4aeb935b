/** Requests that ovs-ofctl never makes, written by hand from the specifications, to hear how a switch answers. */
import type { WireVersion } from './ovs-ofctl.ts';

export interface HandMade {
  readonly text: string;
  readonly type: number;
  /** Hexadecimal; blanks do not count. */
  readonly body: string;
}

/** Asynchronous configuration as properties: everything, for slaves and masters. */
const ALL_ASYNC = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
  .map(
    (type) =>
      `00${type.toString(16).padStart(2, '0')} 0008 ${['0000003f', '00000007', '0000003f', '00000007', '00000018', '00000003'][type >> 1]}`,
  )
  .join(' ');
/** Before OpenFlow 1.4 there are three kinds of messages, and three reasons of a packet-in. */
const ALL_ASYNC_BEFORE_14 = [
  ...[7, 7, 7, 7, 15, 15].map((mask, type) => `000${type} 0008 0000000${mask.toString(16)}`),
  ...['0006', '0007'].map((type) => `${type} 0008 00000007`),
  ...['000a', '000b'].map((type) => `${type} 0008 00000003`),
].join(' ');
const ALL_ASYNC_MASKS = '00000007 00000007 00000007 00000007 0000000f 0000000f';

/** Generations must grow over the life of a switch, which is asked in one version after the other. */
export function generationOf(version: WireVersion, count: number): string {
  return (version * 0x100 + count).toString(16).padStart(16, '0');
}

export function requestsByHand(version: WireVersion): readonly HandMade[] {
  const nicira = (text: string, kind: number, body: string): HandMade => ({
    text,
    type: 4,
    body: `00002320 ${kind.toString(16).padStart(8, '0')} ${body}`,
  });
  const common: HandMade[] = [
    { text: 'OFPT_FEATURES_REQUEST', type: 5, body: '' },
    { text: 'OFPT_GET_CONFIG_REQUEST', type: 7, body: '' },
    { text: 'OFPT_ECHO_REQUEST with 3 bytes', type: 2, body: '010203' },
    { text: 'a message type that does not exist', type: 99, body: '' },
    { text: 'an experimenter that does not exist', type: 4, body: '00abcdef 00000001 01020304' },
    nicira('NXT_SET_CONTROLLER_ID 0', 20, '000000000000 0000'),
    nicira('a Nicira message that does not exist', 999, ''),
    nicira('NXT_SET_ASYNC_CONFIG2 of everything', 27, version < 5 ? ALL_ASYNC_BEFORE_14 : ''),
    nicira('NXT_SET_ASYNC_CONFIG of everything', 19, ALL_ASYNC_MASKS),
    nicira('NXT_FLOW_MONITOR_CANCEL of none', 21, '00000009'),
  ];
  const roles: HandMade[] =
    version <= 2
      ? [1, 2, 0, 7].map((role) => nicira(`NXT_ROLE_REQUEST ${role}`, 10, `0000000${role}`))
      : [
          {
            text: 'OFPT_ROLE_REQUEST nochange',
            type: 24,
            body: `00000000 00000000 ${generationOf(version, 0)}`,
          },
          {
            text: 'OFPT_ROLE_REQUEST master 5',
            type: 24,
            body: `00000002 00000000 ${generationOf(version, 5)}`,
          },
          {
            text: 'OFPT_ROLE_REQUEST slave 6',
            type: 24,
            body: `00000003 00000000 ${generationOf(version, 6)}`,
          },
          {
            text: 'OFPT_ROLE_REQUEST stale',
            type: 24,
            body: `00000002 00000000 ${generationOf(version, 4)}`,
          },
          {
            text: 'OFPT_ROLE_REQUEST of no role',
            type: 24,
            body: `00000009 00000000 ${generationOf(version, 7)}`,
          },
          {
            text: 'OFPT_ROLE_REQUEST equal',
            type: 24,
            body: `00000001 00000000 ${generationOf(version, 7)}`,
          },
        ];
  const asynchronous: HandMade[] =
    version === 4
      ? [
          { text: 'OFPT_SET_ASYNC of everything', type: 28, body: ALL_ASYNC_MASKS },
          { text: 'OFPT_GET_ASYNC_REQUEST', type: 26, body: '' },
        ]
      : version >= 5
        ? [
            { text: 'OFPT_SET_ASYNC of everything', type: 28, body: ALL_ASYNC },
            { text: 'OFPT_SET_ASYNC of an unknown property', type: 28, body: '00ff 0008 00000001' },
            { text: 'OFPT_GET_ASYNC_REQUEST', type: 26, body: '' },
          ]
        : [];
  const multipart = version === 1 ? 16 : 18;
  const pad = version === 1 ? '' : '00000000';
  return [
    ...common,
    ...roles,
    ...asynchronous,
    { text: 'a multipart kind that does not exist', type: multipart, body: `1234 0000 ${pad}` },
    {
      text: 'an experimenter multipart that does not exist',
      type: multipart,
      body: `ffff 0000 ${pad} 00abcdef 00000001`,
    },
  ];
}
