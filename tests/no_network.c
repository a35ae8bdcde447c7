/* Preloaded into a process, this refuses every way out of the machine and onto it over a network, and
 * writes down who tried: by name, so that libraries in other languages are seen as well as Python.
 *
 * NETWORK_LOG  a file that gets a line for each attempt
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void note(const char *what, const char *whom) {
    const char *name = getenv("NETWORK_LOG");
    char line[512];
    int length = snprintf(line, sizeof line, "%s %s\n", what, whom ? whom : "");
    int log = name ? open(name, O_WRONLY | O_APPEND | O_CREAT, 0644) : -1;
    if (log < 0) abort(); /* a log that cannot be written must not look like silence */
    if (write(log, line, length) != length) abort();
    close(log);
}

static int is_network(int family) { return family == AF_INET || family == AF_INET6; }

int socket(int family, int type, int protocol) {
    static int (*next)(int, int, int);
    if (!next) next = dlsym(RTLD_NEXT, "socket");
    if (!is_network(family)) return next(family, type, protocol);
    note("socket", family == AF_INET ? "IPv4" : "IPv6");
    errno = EACCES;
    return -1;
}

int connect(int fd, const struct sockaddr *address, socklen_t length) {
    static int (*next)(int, const struct sockaddr *, socklen_t);
    if (!next) next = dlsym(RTLD_NEXT, "connect");
    if (!address || !is_network(address->sa_family)) return next(fd, address, length);
    note("connect", "");
    errno = EACCES;
    return -1;
}

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                struct addrinfo **found) {
    (void)service, (void)hints, (void)found;
    note("getaddrinfo", host);
    return EAI_FAIL;
}

struct hostent *gethostbyname(const char *host) {
    note("gethostbyname", host);
    return NULL;
}
