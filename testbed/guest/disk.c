/*
 * Writes blocks in random order and checks them. What a block holds follows from its number and from how often it was
 * written, and that count is in memory: disk and memory have to arrive together, or the check fails.
 */
#define _GNU_SOURCE /* O_DIRECT */
#include "disk.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WORDS (BLOCK_BYTES / sizeof(uint64_t))
#define TICK_NSEC 50000000
#define TICKS_PER_SEC 20
/* Each write waits for the disk; more than this no emulated one does. */
#define BLOCKS_PER_SEC_MAX 10000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int fd = -1;
static struct disk_status status;
static uint32_t *sequences;
static uint64_t order_state = 0x9e3779b97f4a7c15u;

static uint64_t next(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A block that was never written is zero. */
static void content_of(uint64_t block, uint32_t sequence, uint64_t *words) {
    memset(words, 0, BLOCK_BYTES);
    if (sequence == 0) return;
    uint64_t state = (block + 1) * 0x9e3779b97f4a7c15u ^ sequence;
    for (size_t i = 0; i < WORDS; i++) words[i] = next(&state);
}

/* Not once the rate has become 0: who has set that may change the disk himself. */
static void write_one(uint64_t *buffer) {
    pthread_mutex_lock(&lock);
    if (status.blocks_per_sec == 0) {
        pthread_mutex_unlock(&lock);
        return;
    }
    uint64_t block = next(&order_state) % status.blocks;
    content_of(block, sequences[block] + 1, buffer);
    if (pwrite(fd, buffer, BLOCK_BYTES, (off_t)(block * BLOCK_BYTES)) == BLOCK_BYTES) {
        sequences[block] += 1;
        status.written_blocks += 1;
    } else
        status.failed_writes += 1;
    pthread_mutex_unlock(&lock);
}

static uint64_t *new_buffer(void) {
    void *buffer;
    if (posix_memalign(&buffer, BLOCK_BYTES, BLOCK_BYTES) == 0) return buffer;
    perror("sluice-guest: disk buffer");
    exit(1);
}

static void *writer(void *unused) {
    (void)unused;
    uint64_t *buffer = new_buffer();
    uint64_t credit = 0;
    for (;;) {
        struct timespec tick = {0, TICK_NSEC};
        nanosleep(&tick, NULL);
        for (credit += disk_status().blocks_per_sec; credit >= TICKS_PER_SEC; credit -= TICKS_PER_SEC) write_one(buffer);
    }
    return NULL;
}

void disk_start(const char *path) {
    /* Past the page cache, so that the check sees the disk. A file system in memory has no other way. */
    fd = open(path, O_RDWR | O_DIRECT);
    if (fd < 0) fd = open(path, O_RDWR);
    off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
    if (size < (off_t)BLOCK_BYTES) {
        fprintf(stderr, "sluice-guest: %s is no disk\n", path);
        exit(1);
    }
    status.blocks = (uint64_t)size / BLOCK_BYTES;
    sequences = calloc(status.blocks, sizeof *sequences);
    pthread_t thread;
    if (sequences && pthread_create(&thread, NULL, writer, NULL) == 0) return;
    perror("sluice-guest: disk");
    exit(1);
}

const char *disk_set_rate(uint64_t blocks_per_sec) {
    if (blocks_per_sec > BLOCKS_PER_SEC_MAX) return "diskBlocksPerSec is more than 10000";
    if (blocks_per_sec > 0 && fd < 0) return "there is no disk";
    pthread_mutex_lock(&lock);
    status.blocks_per_sec = blocks_per_sec;
    pthread_mutex_unlock(&lock);
    return NULL;
}

struct disk_status disk_status(void) {
    pthread_mutex_lock(&lock);
    struct disk_status now = status;
    pthread_mutex_unlock(&lock);
    return now;
}

static bool block_is_right(uint64_t block, uint64_t *found, uint64_t *wanted) {
    content_of(block, sequences[block], wanted);
    return pread(fd, found, BLOCK_BYTES, (off_t)(block * BLOCK_BYTES)) == BLOCK_BYTES &&
           memcmp(found, wanted, BLOCK_BYTES) == 0;
}

struct disk_verdict disk_verify(void) {
    struct disk_verdict verdict = {0, 0};
    if (fd < 0) return verdict;
    uint64_t *found = new_buffer(), *wanted = new_buffer();
    pthread_mutex_lock(&lock);
    for (uint64_t block = 0; block < status.blocks; block++) {
        verdict.checked_blocks += 1;
        if (!block_is_right(block, found, wanted)) verdict.wrong_blocks += 1;
    }
    pthread_mutex_unlock(&lock);
    free(found);
    free(wanted);
    return verdict;
}
