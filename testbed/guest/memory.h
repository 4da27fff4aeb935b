/*
 * The guest's memory as its workload sees it: pages that are written at a set rate and pattern, and that know whether
 * they still hold what was written.
 */
#ifndef SLUICE_GUEST_MEMORY_H
#define SLUICE_GUEST_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_BYTES 4096u

enum pattern { PATTERN_CYCLIC, PATTERN_RANDOM, PATTERN_HOT_COLD };

/* What the writer does until told otherwise. */
struct load {
    uint64_t pages_per_sec;
    /* The writer stays within the first so many bytes; whole pages. */
    uint64_t working_set_bytes;
    enum pattern pattern;
    /* Bytes changed at the head of each page that is written; a multiple of 8, at most a page. */
    uint32_t write_bytes;
};

struct memory_status {
    struct load load;
    uint64_t memory_bytes;
    uint64_t written_pages;
    /* Pages that were due while the guest was stalled for so long that they are not made up for. */
    uint64_t skipped_pages;
};

struct verdict {
    uint64_t checked_pages;
    uint64_t wrong_pages;
    /* -1: none. */
    int64_t first_wrong_page;
    /* Whether the pages' own counts add up to the number of writes. */
    bool sequence_matches;
};

/* Maps the memory and fills its first fill_bytes with random content; ends the program when it cannot. */
void memory_start(uint64_t memory_bytes, uint64_t fill_bytes, struct load first);

/* NULL when taken, else why not. */
const char *memory_set_load(struct load wanted);

struct memory_status memory_status(void);

/* Reads every page; the writer rests meanwhile. */
struct verdict memory_verify(void);

/* For a test of the check itself: changes one word behind its back. False: there is no such page. */
bool memory_spoil(uint64_t page);

const char *pattern_name(enum pattern pattern);
bool pattern_from(const char *name, enum pattern *pattern);

#endif
