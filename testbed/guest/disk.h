/* The guest's disk as its workload sees it: blocks that are written at a set rate, and checked past every cache. */
#ifndef SLUICE_GUEST_DISK_H
#define SLUICE_GUEST_DISK_H

#include <stdint.h>

#define BLOCK_BYTES 4096u

struct disk_status {
    /* 0: there is no disk. */
    uint64_t blocks;
    uint64_t blocks_per_sec;
    uint64_t written_blocks;
    /* Writes that the disk refused. */
    uint64_t failed_writes;
};

struct disk_verdict {
    uint64_t checked_blocks;
    uint64_t wrong_blocks;
};

/* A block device, or a file, that is all zeroes; ends the program when it cannot be opened. */
void disk_start(const char *path);

/* NULL when taken, else why not. */
const char *disk_set_rate(uint64_t blocks_per_sec);

struct disk_status disk_status(void);

/* Reads every block; the writer rests meanwhile. */
struct disk_verdict disk_verify(void);

#endif
