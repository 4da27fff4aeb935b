/*
 * A request is one line, `ID VERB [key=value ...]`, and its answer one line of JSON that repeats the id, so that a
 * request whose answer was lost can simply be sent again. Verbs: status, load, verify, reset_stall, spoil.
 */
#include "control.h"

#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "disk.h"
#include "memory.h"
#include "stall.h"

#define LINE_MAX_BYTES 512
#define ANSWER_MAX_BYTES 1024

struct answer {
    char text[ANSWER_MAX_BYTES];
    size_t length;
};

__attribute__((format(printf, 2, 3))) static void say(struct answer *to, const char *format, ...) {
    va_list values;
    va_start(values, format);
    size_t room = sizeof to->text - to->length;
    int wanted = vsnprintf(to->text + to->length, room, format, values);
    va_end(values);
    if (wanted > 0) to->length += (size_t)wanted < room ? (size_t)wanted : room - 1;
}

static void say_status(struct answer *to) {
    struct memory_status status = memory_status();
    struct stall stall = stall_read();
    struct disk_status disk = disk_status();
    say(to,
        ",\"uptimeSec\":%.3f,\"memoryBytes\":%" PRIu64 ",\"pagesPerSec\":%" PRIu64 ",\"workingSetBytes\":%" PRIu64
        ",\"pattern\":\"%s\",\"writeBytes\":%" PRIu32 ",\"writtenPages\":%" PRIu64 ",\"skippedPages\":%" PRIu64
        ",\"longestStallMs\":%.1f,\"stallEndedAtSec\":%.3f,\"diskBlocks\":%" PRIu64 ",\"diskBlocksPerSec\":%" PRIu64
        ",\"diskWrittenBlocks\":%" PRIu64 ",\"diskFailedWrites\":%" PRIu64,
        uptime_sec(), status.memory_bytes, status.load.pages_per_sec, status.load.working_set_bytes,
        pattern_name(status.load.pattern), status.load.write_bytes, status.written_pages, status.skipped_pages,
        stall.longest_ms, stall.ended_at_sec, disk.blocks, disk.blocks_per_sec, disk.written_blocks, disk.failed_writes);
}

static bool whole(const char *text, uint64_t *value) {
    char *end;
    if (*text < '0' || *text > '9') return false;
    *value = strtoull(text, &end, 10);
    return *end == '\0';
}

/* NULL when the word is a setting of the load with a value that can be one. */
static const char *set_one(struct load *load, uint64_t *disk_rate, char *word) {
    char *value = strchr(word, '=');
    uint64_t number = 0;
    if (!value) return "a setting is key=value";
    *value++ = '\0';
    if (strcmp(word, "pattern") == 0)
        return pattern_from(value, &load->pattern) ? NULL : "pattern is cyclic, random or hot_cold";
    if (!whole(value, &number)) return "a value is not a whole number";
    if (strcmp(word, "pagesPerSec") == 0) load->pages_per_sec = number;
    else if (strcmp(word, "workingSetBytes") == 0) load->working_set_bytes = number;
    else if (strcmp(word, "writeBytes") == 0) load->write_bytes = number > PAGE_BYTES ? PAGE_BYTES + 1 : (uint32_t)number;
    else if (strcmp(word, "diskBlocksPerSec") == 0) *disk_rate = number;
    else return "settings are pagesPerSec, workingSetBytes, pattern, writeBytes, diskBlocksPerSec";
    return NULL;
}

/* What is not named stays as it is. */
static const char *change_load(char **rest) {
    struct load load = memory_status().load;
    uint64_t disk_rate = disk_status().blocks_per_sec;
    for (char *word; (word = strtok_r(NULL, " \r\n", rest));) {
        const char *problem = set_one(&load, &disk_rate, word);
        if (problem) return problem;
    }
    const char *problem = memory_set_load(load);
    return problem ? problem : disk_set_rate(disk_rate);
}

static const char *spoil(char **rest) {
    uint64_t page;
    char *word = strtok_r(NULL, " \r\n", rest);
    if (!word || !whole(word, &page) || !memory_spoil(page)) return "spoil takes the number of a page";
    return NULL;
}

static void say_verdict(struct answer *to) {
    struct verdict verdict = memory_verify();
    struct disk_verdict disk = disk_verify();
    say(to,
        ",\"checkedPages\":%" PRIu64 ",\"wrongPages\":%" PRIu64 ",\"firstWrongPage\":%" PRId64 ",\"sequenceMatches\":%s,\"diskCheckedBlocks\":%" PRIu64 ",\"diskWrongBlocks\":%" PRIu64,
        verdict.checked_pages, verdict.wrong_pages, verdict.first_wrong_page,
        verdict.sequence_matches ? "true" : "false", disk.checked_blocks, disk.wrong_blocks);
}

static void answer_line(char *line, struct answer *to) {
    char *rest = NULL;
    char *id_word = strtok_r(line, " \r\n", &rest);
    uint64_t id = 0;
    to->length = 0;
    if (!id_word) return;
    if (!whole(id_word, &id)) {
        say(to, "{\"id\":0,\"ok\":false,\"problem\":\"a request is ID VERB [key=value ...]\"}\n");
        return;
    }
    char *verb = strtok_r(NULL, " \r\n", &rest);
    const char *problem = NULL;
    bool verify = false;
    if (!verb) problem = "the verb is missing";
    else if (strcmp(verb, "load") == 0) problem = change_load(&rest);
    else if (strcmp(verb, "spoil") == 0) problem = spoil(&rest);
    else if (strcmp(verb, "reset_stall") == 0) stall_reset();
    else if (strcmp(verb, "verify") == 0) verify = true;
    else if (strcmp(verb, "status") != 0) problem = "verbs are status, load, verify, reset_stall, spoil";
    if (problem) {
        say(to, "{\"id\":%" PRIu64 ",\"ok\":false,\"problem\":\"%s\"}\n", id, problem);
        return;
    }
    say(to, "{\"id\":%" PRIu64 ",\"ok\":true", id);
    if (verify) say_verdict(to);
    say_status(to);
    say(to, "}\n");
}

static void *serve_udp(void *port) {
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons((uint16_t)(uintptr_t)port)};
    if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof own) != 0) {
        perror("sluice-guest: control port");
        return NULL;
    }
    for (;;) {
        char line[LINE_MAX_BYTES];
        struct answer answer;
        struct sockaddr_in from;
        socklen_t size = sizeof from;
        ssize_t got = recvfrom(fd, line, sizeof line - 1, 0, (struct sockaddr *)&from, &size);
        if (got <= 0) continue;
        line[got] = '\0';
        answer_line(line, &answer);
        sendto(fd, answer.text, answer.length, 0, (struct sockaddr *)&from, size);
    }
}

static void write_all(int fd, const char *text, size_t length) {
    while (length > 0) {
        ssize_t wrote = write(fd, text, length);
        if (wrote <= 0) return;
        text += wrote;
        length -= (size_t)wrote;
    }
}

static void *serve_device(void *path) {
    int fd = open(path, O_RDWR | O_NOCTTY);
    struct termios raw;
    if (fd < 0 || tcgetattr(fd, &raw) != 0) {
        perror("sluice-guest: control device");
        return NULL;
    }
    cfmakeraw(&raw);
    cfsetspeed(&raw, B115200);
    tcsetattr(fd, TCSANOW, &raw);
    FILE *lines = fdopen(fd, "r");
    char line[LINE_MAX_BYTES];
    /* Half of a line that was on its way during a migration makes one wrong request, and the next line is whole. */
    while (lines && fgets(line, sizeof line, lines)) {
        struct answer answer;
        answer_line(line, &answer);
        write_all(fd, answer.text, answer.length);
    }
    return NULL;
}

void control_start(uint16_t udp_port, const char *device) {
    pthread_t thread;
    pthread_create(&thread, NULL, serve_udp, (void *)(uintptr_t)udp_port);
    if (device) pthread_create(&thread, NULL, serve_device, (void *)(uintptr_t)device);
}
