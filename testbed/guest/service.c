/*
 * The same service as in an emulated guest. TCP: the client sends one line of JSON,
 * {"rateBitsPerSec":N|null,"direction":"download"|"upload"|"echo"}, and then receives a stream, sends one, or gets back
 * what it sends. UDP: every datagram comes back.
 */
#include "service.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "stall.h"

#define CHUNK_BYTES 8192
#define REQUEST_MAX_BYTES 1024
#define CONNECTIONS_MAX 64
#define DATAGRAM_MAX_BYTES 2048
#define STACK_BYTES (64 * 1024)
/* A paced stream makes up for this much after a stall, then goes on at its rate. */
#define CATCH_UP_SEC 0.05

enum direction { DOWNLOAD, UPLOAD, ECHO };

struct request {
    enum direction direction;
    /* 0: as fast as TCP goes. */
    double bytes_per_sec;
};

static int connections;
static pthread_mutex_t connections_lock = PTHREAD_MUTEX_INITIALIZER;

static bool send_all(int fd, const char *data, size_t length) {
    while (length > 0) {
        ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        data += sent;
        length -= (size_t)sent;
    }
    return true;
}

/* Reads byte by byte up to the end of the line, so that nothing of what follows is lost. */
static bool read_line(int fd, char *line, size_t room) {
    for (size_t i = 0; i + 1 < room; i++) {
        if (recv(fd, line + i, 1, 0) != 1) return false;
        if (line[i] == '\n') {
            line[i] = '\0';
            return true;
        }
    }
    return false;
}

static bool parse(const char *line, struct request *request) {
    const char *rate = strstr(line, "\"rateBitsPerSec\":");
    request->bytes_per_sec = rate ? strtod(rate + strlen("\"rateBitsPerSec\":"), NULL) / 8 : 0;
    if (strstr(line, "\"download\"")) request->direction = DOWNLOAD;
    else if (strstr(line, "\"upload\"")) request->direction = UPLOAD;
    else if (strstr(line, "\"echo\"")) request->direction = ECHO;
    else return false;
    return request->bytes_per_sec >= 0;
}

static void stream(int fd, double bytes_per_sec) {
    static const char chunk[CHUNK_BYTES] = "sluice";
    double due = uptime_sec();
    while (send_all(fd, chunk, sizeof chunk)) {
        if (bytes_per_sec <= 0) continue;
        due += sizeof chunk / bytes_per_sec;
        double wait = due - uptime_sec();
        if (wait < -CATCH_UP_SEC) due = uptime_sec() - CATCH_UP_SEC;
        if (wait <= 0) continue;
        struct timespec pause = {(time_t)wait, (long)((wait - (double)(time_t)wait) * 1e9)};
        nanosleep(&pause, NULL);
    }
}

static void take(int fd, bool echo) {
    char data[CHUNK_BYTES];
    for (ssize_t got; (got = recv(fd, data, sizeof data, 0)) > 0;)
        if (echo && !send_all(fd, data, (size_t)got)) return;
}

static void *serve_client(void *connection) {
    int fd = (int)(intptr_t)connection;
    char line[REQUEST_MAX_BYTES];
    struct request request;
    static const char refusal[] =
        "{\"error\":\"expected {\\\"rateBitsPerSec\\\":N|null,\\\"direction\\\":\\\"download\\\"|\\\"upload\\\"|\\\"echo\\\"}\"}\n";
    if (!read_line(fd, line, sizeof line) || !parse(line, &request)) send_all(fd, refusal, sizeof refusal - 1);
    else if (request.direction == DOWNLOAD) stream(fd, request.bytes_per_sec);
    else take(fd, request.direction == ECHO);
    close(fd);
    pthread_mutex_lock(&connections_lock);
    connections -= 1;
    pthread_mutex_unlock(&connections_lock);
    return NULL;
}

/* One thread per connection; more than the limit are turned away. */
static void hand_over(int fd, const pthread_attr_t *small) {
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    pthread_mutex_lock(&connections_lock);
    bool free = connections < CONNECTIONS_MAX;
    if (free) connections += 1;
    pthread_mutex_unlock(&connections_lock);
    pthread_t thread;
    if (!free) close(fd);
    else if (pthread_create(&thread, small, serve_client, (void *)(intptr_t)fd) != 0) {
        close(fd);
        pthread_mutex_lock(&connections_lock);
        connections -= 1;
        pthread_mutex_unlock(&connections_lock);
    }
}

static int open_port(int type, uint16_t port) {
    int fd = socket(AF_INET, type, 0), one = 1;
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(port)};
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&own, sizeof own) == 0) return fd;
    perror("sluice-guest: service port");
    exit(1);
}

static void *serve_tcp(void *port) {
    int fd = open_port(SOCK_STREAM, (uint16_t)(uintptr_t)port);
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK_BYTES);
    pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
    listen(fd, CONNECTIONS_MAX);
    for (;;) {
        int client = accept(fd, NULL, NULL);
        if (client >= 0) hand_over(client, &small);
    }
    return NULL;
}

static void *serve_udp(void *port) {
    int fd = open_port(SOCK_DGRAM, (uint16_t)(uintptr_t)port);
    struct sched_param first = {.sched_priority = 1};
    pthread_setschedparam(pthread_self(), SCHED_FIFO, &first); /* A prober measures the network, not our scheduler. */
    for (;;) {
        char data[DATAGRAM_MAX_BYTES];
        struct sockaddr_in from;
        socklen_t size = sizeof from;
        ssize_t got = recvfrom(fd, data, sizeof data, 0, (struct sockaddr *)&from, &size);
        if (got >= 0) sendto(fd, data, (size_t)got, 0, (struct sockaddr *)&from, size);
    }
    return NULL;
}

void service_start(uint16_t port) {
    pthread_t thread;
    pthread_create(&thread, NULL, serve_tcp, (void *)(uintptr_t)port);
    pthread_create(&thread, NULL, serve_udp, (void *)(uintptr_t)port);
}
