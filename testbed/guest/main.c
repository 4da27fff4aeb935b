/*
 * The program of a test guest: memory that is written and checked, a service that is used, a control line.
 * Settings are key=value words; the guest's init passes on those of the kernel command line.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "disk.h"
#include "memory.h"
#include "service.h"
#include "stall.h"

struct settings {
    uint64_t memory, fill, rate, set, write, service, control, disk_rate;
    const char *pattern, *device, *disk;
};

static int refuse(const char *word) {
    fprintf(stderr, "sluice-guest: bad setting %s\n", word);
    return 1;
}

static bool take_number(const char *word, const char *key, uint64_t *value) {
    size_t length = strlen(key);
    char *end;
    if (strncmp(word, key, length) != 0 || word[length] != '=') return false;
    *value = strtoull(word + length + 1, &end, 10);
    return word[length + 1] != '\0' && *end == '\0';
}

static bool take_word(struct settings *to, char *word) {
    if (strncmp(word, "pattern=", 8) == 0) to->pattern = word + 8;
    else if (strncmp(word, "device=", 7) == 0) to->device = word + 7;
    else if (strncmp(word, "disk=", 5) == 0) to->disk = word + 5;
    else
        return take_number(word, "memory", &to->memory) || take_number(word, "fill", &to->fill) ||
               take_number(word, "rate", &to->rate) || take_number(word, "set", &to->set) ||
               take_number(word, "write", &to->write) || take_number(word, "service", &to->service) ||
               take_number(word, "control", &to->control) || take_number(word, "disk_rate", &to->disk_rate);
    return true;
}

int main(int count, char **words) {
    struct settings wanted = {.memory = 64u << 20, .write = PAGE_BYTES, .service = 5000, .control = 7000, .pattern = "cyclic"};
    struct load first;
    for (int i = 1; i < count; i++)
        if (!take_word(&wanted, words[i])) return refuse(words[i]);
    if (!pattern_from(wanted.pattern, &first.pattern)) return refuse(wanted.pattern);
    first.pages_per_sec = wanted.rate;
    first.working_set_bytes = wanted.set;
    first.write_bytes = (uint32_t)wanted.write;
    memory_start(wanted.memory, wanted.fill, first);
    if (wanted.disk) disk_start(wanted.disk);
    if (disk_set_rate(wanted.disk_rate)) return refuse("disk_rate");
    stall_start();
    service_start((uint16_t)wanted.service);
    control_start((uint16_t)wanted.control, wanted.device);
    printf("sluice-guest: ready\n");
    fflush(stdout);
    for (;;) pause();
}
