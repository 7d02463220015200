/* The programs beside which the link is measured across processes: an echo, a client that keeps
   datagrams outstanding, and a relay as plain as C allows (poll, recvfrom, sendto).

       datagrams echo               prints its port, then sends each datagram back
       datagrams relay PORT         prints its port, then passes on between one client and PORT
       datagrams client PORT COUNT OUTSTANDING
                                    prints how many round trips a second it has made

   Echo and relay end when their standard input does. */

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST = 65536, PAYLOAD = 64, PATIENCE = 1000 /* milliseconds */ };

static char buffer[LARGEST];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

static int open_socket(void) {
    int sock = socket(AF_INET, SOCK_DGRAM, 0), room = 4 << 20;
    if (sock < 0) fail("socket");
    setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    return sock;
}

static int listening(void) {
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    int sock = open_socket();
    if (bind(sock, (struct sockaddr *)&address, length) < 0) fail("bind");
    getsockname(sock, (struct sockaddr *)&address, &length);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return sock;
}

static int connected(int port) {
    struct sockaddr_in address = loopback(port);
    int sock = open_socket();
    if (connect(sock, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
    return sock;
}

/* An echo waits for standard input as well, as the relay does; so both cost one poll a turn. */
static int echo(void) {
    int sock = listening();
    struct pollfd watched[] = {{sock, POLLIN, 0}, {0, POLLIN, 0}};
    for (;;) {
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        ssize_t size;
        if (poll(watched, 2, -1) < 0) fail("poll");
        if (watched[1].revents) return 0;
        size = recvfrom(sock, buffer, LARGEST, 0, (struct sockaddr *)&peer, &length);
        if (size >= 0) sendto(sock, buffer, size, 0, (struct sockaddr *)&peer, length);
    }
}

static int relay(int port) {
    int front = listening(), upstream = connected(port);
    struct sockaddr_in client, server = loopback(port);
    socklen_t length = 0, any;
    struct pollfd watched[] = {{front, POLLIN, 0}, {upstream, POLLIN, 0}, {0, POLLIN, 0}};
    for (;;) {
        ssize_t size;
        if (poll(watched, 3, -1) < 0) fail("poll");
        if (watched[2].revents) return 0;
        if (watched[0].revents) {
            length = sizeof client;
            size = recvfrom(front, buffer, LARGEST, 0, (struct sockaddr *)&client, &length);
            if (size >= 0) sendto(upstream, buffer, size, 0, (struct sockaddr *)&server, sizeof server);
        }
        if (watched[1].revents) {
            struct sockaddr_in sender;
            any = sizeof sender;
            size = recvfrom(upstream, buffer, LARGEST, 0, (struct sockaddr *)&sender, &any);
            if (size >= 0) sendto(front, buffer, size, 0, (struct sockaddr *)&client, length);
        }
    }
}

static double now(void) {
    struct timespec moment;
    clock_gettime(CLOCK_MONOTONIC, &moment);
    return moment.tv_sec + moment.tv_nsec * 1e-9;
}

/* A datagram that does not come back within the patience counts as lost, and another is sent. */
static int client(int port, long count, int outstanding) {
    int sock = connected(port);
    struct pollfd watched = {sock, POLLIN, 0};
    char payload[PAYLOAD] = {0};
    double start = now();
    for (int sent = 0; sent < outstanding; sent++) send(sock, payload, PAYLOAD, 0);
    for (long back = 0; back < count; back++) {
        if (recv(sock, buffer, LARGEST, MSG_DONTWAIT) < 0) {
            poll(&watched, 1, PATIENCE);
            recv(sock, buffer, LARGEST, MSG_DONTWAIT);
        }
        send(sock, payload, PAYLOAD, 0);
    }
    printf("%.1f\n", count / (now() - start));
    return 0;
}

int main(int count, char **words) {
    if (count == 2 && !strcmp(words[1], "echo")) return echo();
    if (count == 3 && !strcmp(words[1], "relay")) return relay(atoi(words[2]));
    if (count == 5 && !strcmp(words[1], "client"))
        return client(atoi(words[2]), atol(words[3]), atoi(words[4]));
    fprintf(stderr, "usage: datagrams echo | relay PORT | client PORT COUNT OUTSTANDING\n");
    return 2;
}
