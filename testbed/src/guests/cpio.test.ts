import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOnPath } from '../lab/real-parts.ts';
import { type ArchiveEntry, cpioArchive } from './cpio.ts';

const ENTRIES: readonly ArchiveEntry[] = [
  { path: 'bin', kind: 'folder' },
  { path: 'bin/run', kind: 'file', content: Buffer.from('#!/bin/sh\n'), executable: true },
  { path: 'empty', kind: 'file', content: Buffer.alloc(0) },
  { path: 'text', kind: 'file', content: Buffer.from('five!') },
];

describe('an archive of the initial file system', () => {
  it('is the same bytes for the same files', () => {
    expect(cpioArchive(ENTRIES).equals(cpioArchive(ENTRIES))).toBe(true);
  });

  it('is written as the format says, name and content padded to four bytes', () => {
    const archive = cpioArchive([{ path: 'a', kind: 'file', content: Buffer.from('xyz') }]);
    const member = [
      '070701',
      ...['00000001', '000081a4', '00000000', '00000000', '00000001', '00000000'], // inode, mode, owner, group, links, time
      ...['00000003', '00000000', '00000000', '00000000', '00000000'], // size, four device numbers
      ...['00000002', '00000000'], // length of the name with its zero, checksum
      'a\0xyz\0',
    ].join('');
    expect(archive.toString('latin1', 0, member.length)).toBe(member);
    expect(archive.length % 4).toBe(0);
  });

  it.skipIf(!isOnPath('cpio'))('is unpacked by GNU cpio with the contents and modes that went in', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-cpio-'));
    try {
      const options = ['--extract', '--make-directories', '--quiet', '--no-preserve-owner'];
      execFileSync('cpio', options, { cwd: folder, input: cpioArchive(ENTRIES) });
      for (const entry of ENTRIES) {
        const found = statSync(join(folder, entry.path));
        expect(found.isDirectory()).toBe(entry.kind === 'folder');
        if (entry.kind === 'folder') continue;
        expect(readFileSync(join(folder, entry.path))).toEqual(entry.content);
        expect((found.mode & 0o111) !== 0).toBe(entry.executable ?? false);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
