/*
 * Writes pages and checks them. Each page has a sum over its words that is kept up to date from what the page held
 * before and holds after each write. A page that a migration brought over stale therefore stays wrong for good, even
 * when it is written again: its sum then starts from words that it should not have had.
 */
#include "memory.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define WORDS (PAGE_BYTES / sizeof(uint64_t))
/* The writer wakes this often; short against a migration's rounds, long against the cost of waking. */
#define TICK_NSEC 10000000
#define TICKS_PER_SEC 100
/* A stalled writer makes up for this much at most: a burst of seconds would be no rate at all. */
#define CATCH_UP_TICKS 50
/* Others may use the memory between batches of so many pages. */
#define BATCH_PAGES 64
/* Of hot and cold: nine writes of ten go to a tenth of the pages. */
#define HOT_WRITES_OF_TEN 9
#define HOT_PAGES_DIVISOR 10

struct page_record {
    uint64_t sum;
    uint64_t sequence;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t *memory;
static struct page_record *records;
static uint64_t pages;
static struct load load;
static uint64_t written_pages, skipped_pages, cursor;
/* xorshift64: quick, and no two pages get the same content. */
static uint64_t random_state = 88172645463325252u;

static inline uint64_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* First word of a page: whose it is and how often it was written, so that a page at the wrong place shows, too. */
static inline uint64_t stamp(uint64_t page, uint64_t sequence) { return page << 40 ^ sequence; }

static void write_page(uint64_t page, size_t words) {
    uint64_t *at = memory + page * WORDS;
    struct page_record *record = &records[page];
    uint64_t sum = record->sum;
    record->sequence += 1;
    for (size_t i = 0; i < words; i++) {
        uint64_t fresh = i == 0 ? stamp(page, record->sequence) : next_random();
        sum += fresh - at[i];
        at[i] = fresh;
    }
    record->sum = sum;
    written_pages += 1;
}

static uint64_t choose_page(uint64_t set_pages) {
    if (load.pattern == PATTERN_CYCLIC) {
        cursor = cursor + 1 >= set_pages ? 0 : cursor + 1;
        return cursor;
    }
    if (load.pattern == PATTERN_HOT_COLD && next_random() % 10 < HOT_WRITES_OF_TEN)
        return next_random() % (set_pages / HOT_PAGES_DIVISOR + 1);
    return next_random() % set_pages;
}

/* Takes the lock batch by batch; stops early when the load has changed to none. */
static void write_pages(uint64_t count) {
    while (count > 0) {
        pthread_mutex_lock(&lock);
        uint64_t set_pages = load.working_set_bytes / PAGE_BYTES;
        uint64_t batch = count < BATCH_PAGES ? count : BATCH_PAGES;
        if (set_pages == 0 || load.pages_per_sec == 0) batch = count = 0;
        for (uint64_t i = 0; i < batch; i++) write_page(choose_page(set_pages), load.write_bytes / sizeof(uint64_t));
        pthread_mutex_unlock(&lock);
        count -= batch;
    }
}

static int64_t ticks_late(const struct timespec *due) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return ((now.tv_sec - due->tv_sec) * 1000000000LL + now.tv_nsec - due->tv_nsec) / TICK_NSEC;
}

static void *writer(void *unused) {
    (void)unused;
    /* Hundredths of a page that are due and not written. */
    uint64_t credit = 0;
    struct timespec due;
    clock_gettime(CLOCK_MONOTONIC, &due);
    for (;;) {
        due.tv_nsec += TICK_NSEC;
        if (due.tv_nsec >= 1000000000) {
            due.tv_nsec -= 1000000000;
            due.tv_sec += 1;
        }
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
        pthread_mutex_lock(&lock);
        uint64_t rate = load.pages_per_sec;
        int64_t late = ticks_late(&due);
        if (late > CATCH_UP_TICKS) {
            skipped_pages += rate * (uint64_t)late / TICKS_PER_SEC;
            clock_gettime(CLOCK_MONOTONIC, &due);
        }
        pthread_mutex_unlock(&lock);
        credit = rate == 0 ? 0 : credit + rate;
        write_pages(credit / TICKS_PER_SEC);
        credit %= TICKS_PER_SEC;
    }
    return NULL;
}

static void *map(uint64_t bytes) {
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at != MAP_FAILED) return at;
    perror("sluice-guest: memory");
    exit(1);
}

void memory_start(uint64_t memory_bytes, uint64_t fill_bytes, struct load first) {
    pages = memory_bytes / PAGE_BYTES;
    memory = map(pages * PAGE_BYTES);
    records = map(pages * sizeof *records);
    for (uint64_t page = 0; page < pages && page < fill_bytes / PAGE_BYTES; page++) write_page(page, WORDS);
    load = (struct load){.pattern = PATTERN_CYCLIC, .write_bytes = PAGE_BYTES};
    const char *problem = memory_set_load(first);
    if (problem) {
        fprintf(stderr, "sluice-guest: %s\n", problem);
        exit(1);
    }
    pthread_t thread;
    pthread_create(&thread, NULL, writer, NULL);
}

const char *memory_set_load(struct load wanted) {
    if (wanted.working_set_bytes > pages * PAGE_BYTES) return "workingSetBytes is more than the memory";
    if (wanted.working_set_bytes % PAGE_BYTES != 0) return "workingSetBytes is not whole pages";
    if (wanted.write_bytes < 8 || wanted.write_bytes > PAGE_BYTES || wanted.write_bytes % 8 != 0)
        return "writeBytes is not a multiple of 8 from 8 to 4096";
    if (wanted.pages_per_sec > 0 && wanted.working_set_bytes == 0) return "a rate needs a working set";
    pthread_mutex_lock(&lock);
    load = wanted;
    pthread_mutex_unlock(&lock);
    return NULL;
}

struct memory_status memory_status(void) {
    pthread_mutex_lock(&lock);
    struct memory_status status = {load, pages * PAGE_BYTES, written_pages, skipped_pages};
    pthread_mutex_unlock(&lock);
    return status;
}

static bool page_is_right(uint64_t page) {
    const uint64_t *at = memory + page * WORDS;
    const struct page_record *record = &records[page];
    uint64_t sum = 0;
    for (size_t i = 0; i < WORDS; i++) sum += at[i];
    return sum == record->sum && (record->sequence == 0 || at[0] == stamp(page, record->sequence));
}

struct verdict memory_verify(void) {
    struct verdict verdict = {.first_wrong_page = -1};
    uint64_t sequences = 0;
    pthread_mutex_lock(&lock);
    for (uint64_t page = 0; page < pages; page++) {
        sequences += records[page].sequence;
        verdict.checked_pages += 1;
        if (page_is_right(page)) continue;
        verdict.wrong_pages += 1;
        if (verdict.first_wrong_page < 0) verdict.first_wrong_page = (int64_t)page;
    }
    verdict.sequence_matches = sequences == written_pages;
    pthread_mutex_unlock(&lock);
    return verdict;
}

bool memory_spoil(uint64_t page) {
    if (page >= pages) return false;
    pthread_mutex_lock(&lock);
    /* One more than what would be right, so that a request that came twice does no other harm than one that came once. */
    uint64_t *at = memory + page * WORDS;
    uint64_t right = records[page].sum;
    for (size_t i = 0; i < WORDS - 1; i++) right -= at[i];
    at[WORDS - 1] = right + 1;
    pthread_mutex_unlock(&lock);
    return true;
}

static const char *const names[] = {"cyclic", "random", "hot_cold"};

const char *pattern_name(enum pattern pattern) { return names[pattern]; }

bool pattern_from(const char *name, enum pattern *pattern) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            *pattern = (enum pattern)i;
            return true;
        }
    return false;
}
