/**
 * Writes a cpio archive in the "newc" format, which the kernel unpacks as its initial file system
 * (Documentation/driver-api/early-userspace/buffer-format.rst). Same files, same bytes: owner is root, time is zero.
 */
export type ArchiveEntry =
  | { readonly path: string; readonly kind: 'folder' }
  | { readonly path: string; readonly kind: 'file'; readonly content: Buffer; readonly executable?: boolean };

const MAGIC = '070701';
/** Ends every archive. */
const TRAILER = 'TRAILER!!!';
const ALIGNMENT = 4;
const FOLDER_MODE = 0o040755;
const FILE_MODE = 0o100644;
const PROGRAM_MODE = 0o100755;

/** A folder must come before what lies in it; paths have no leading slash. */
export function cpioArchive(entries: readonly ArchiveEntry[]): Buffer {
  const written = entries.map((entry, index) => member(index + 1, entry));
  return Buffer.concat([...written, record({ inode: 0, mode: 0, name: TRAILER, content: Buffer.alloc(0) })]);
}

function member(inode: number, entry: ArchiveEntry): Buffer {
  if (entry.kind === 'folder')
    return record({ inode, mode: FOLDER_MODE, name: entry.path, content: Buffer.alloc(0) });
  const mode = entry.executable ? PROGRAM_MODE : FILE_MODE;
  return record({ inode, mode, name: entry.path, content: entry.content });
}

interface Member {
  readonly inode: number;
  readonly mode: number;
  readonly name: string;
  readonly content: Buffer;
}

/** Thirteen numbers of eight hex digits in the order of the format, then name and content, each padded to four bytes. */
function record({ inode, mode, name, content }: Member): Buffer {
  const nameBytes = Buffer.from(`${name}\0`, 'latin1');
  const [owner, group, links, time, device, checksum] = [0, 0, 1, 0, 0, 0];
  const numbers = [
    inode,
    mode,
    owner,
    group,
    links,
    time,
    content.length,
    device,
    device,
    device,
    device,
    nameBytes.length,
    checksum,
  ];
  const header = MAGIC + numbers.map((number) => number.toString(16).padStart(8, '0')).join('');
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), nameBytes])), padded(content)]);
}

const padded = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)]);
