/** For tests that ask a switch for everything. */
import { type Message, of10, of11, of12, of13, of14, of15, type Version } from '../index.ts';
import { codecOf, wireVersion } from '../versions.ts';

const SPACES = { '1.0': of10, '1.1': of11, '1.2': of12, '1.3': of13, '1.4': of14, '1.5': of15 };

/** The type of the reply, by the type of the request. */
export const replyTypesOf = (version: Version): Readonly<Record<string, string>> =>
  codecOf(wireVersion(version))?.replyTypes ?? {};

/** Every multipart request that a version names, as its builder fills it in. */
export function multipartRequests(version: Version): readonly Message<Version>[] {
  // Builders are looked up by name; one that is missing is undefined at run time.
  const builders = SPACES[version] as unknown as Record<string, (init: object) => Message<Version>>;
  const codec = codecOf(wireVersion(version));
  const init = { body: [], data: new Uint8Array(0), experimenter: 0x2320, expType: 77 };
  return Object.keys(replyTypesOf(version))
    .filter((type) => codec?.codes[type] === codec?.multipartRequest)
    .map((type) => {
      const name = type.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
      return builders[name]?.(init) ?? ({ type } as Message<Version>);
    });
}
