/** Keeps a TCP connection busy, paced or greedy, with a bounded buffer in this process. */
import type { Socket } from 'node:net';
import { pace } from './entry.ts';

const CHUNK_BYTES = 64 * 1024;
/** A paced source whose connection is stuck stops piling up here. */
const BUFFERED_MAX_BYTES = 256 * 1024;

export function writeForEver(socket: Socket, rateBitsPerSec: number | null): void {
  if (rateBitsPerSec === null) writeGreedily(socket);
  else writePaced(socket, rateBitsPerSec);
}

function writePaced(socket: Socket, rateBitsPerSec: number): void {
  const zeroes = Buffer.alloc(CHUNK_BYTES);
  pace(rateBitsPerSec, (allowed) => {
    const size = Math.min(Math.floor(allowed), CHUNK_BYTES);
    if (size > 0 && socket.writableLength < BUFFERED_MAX_BYTES) socket.write(zeroes.subarray(0, size));
    return size;
  });
}

function writeGreedily(socket: Socket): void {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const fill = () => {
    while (socket.write(chunk));
  };
  socket.on('drain', fill);
  fill();
}
