/*
 * A timer of the highest priority that looks at the clock. The guest's clock stops with its processor, so the downtime
 * of a stop-and-copy does not show here; what shows is a guest that was running and did not get on: dirty logging being
 * switched on, a page that post-copy still has to fetch, a host without a free processor.
 */
#include "stall.h"

#include <pthread.h>
#include <sched.h>
#include <time.h>

#define PERIOD_NSEC 5000000
#define PERIOD_MS (PERIOD_NSEC / 1e6)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct stall longest;

double uptime_sec(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void *watch(void *unused) {
    (void)unused;
    struct sched_param first = {.sched_priority = 1};
    pthread_setschedparam(pthread_self(), SCHED_FIFO, &first);
    double before = uptime_sec();
    for (;;) {
        struct timespec period = {0, PERIOD_NSEC};
        clock_nanosleep(CLOCK_MONOTONIC, 0, &period, NULL);
        double now = uptime_sec();
        double stalled_ms = (now - before) * 1000 - PERIOD_MS;
        before = now;
        pthread_mutex_lock(&lock);
        if (stalled_ms > longest.longest_ms) longest = (struct stall){stalled_ms, now};
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

void stall_start(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, watch, NULL);
}

struct stall stall_read(void) {
    pthread_mutex_lock(&lock);
    struct stall now = longest;
    pthread_mutex_unlock(&lock);
    return now;
}

void stall_reset(void) {
    pthread_mutex_lock(&lock);
    longest = (struct stall){0, 0};
    pthread_mutex_unlock(&lock);
}
