/* Preloaded into a process, this counts what it does to files below a folder, and stops it there.
 *
 * STOP_UNDER  the folder; calls about anything else are let through
 * STOP_AT     the call, from 1, before which it happens
 * STOP_HOW    kill: SIGKILL; torn: half of a write is done, then SIGKILL; full: the call, and all
 *             writes after it, fail with ENOSPC
 * STOP_LOG    a file that gets a line for each call
 *
 * What is written through memory maps (SQLite's -shm, which outlives no process) is not seen.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static long calls;
static int is_full;

static int is_below(const char *path) {
    const char *folder = getenv("STOP_UNDER");
    return folder && !strncmp(path, folder, strlen(folder));
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_below(path);
}

static int absolute(int folder, const char *name, char *path) {
    if (name[0] == '/') {
        snprintf(path, PATH_MAX, "%s", name);
    } else if (folder == AT_FDCWD) {
        char here[PATH_MAX];
        if (!getcwd(here, sizeof here)) return 0;
        snprintf(path, PATH_MAX, "%.2000s/%.2000s", here, name);
    } else {
        char above[PATH_MAX];
        path_of(folder, above);
        snprintf(path, PATH_MAX, "%.2000s/%.2000s", above, name);
    }
    return is_below(path);
}

static void note(const char *what, const char *path) {
    const char *name = getenv("STOP_LOG");
    char line[PATH_MAX + 64];
    if (!name) return;
    int length = snprintf(line, sizeof line, "%ld %s %s\n", calls, what, path);
    int fd = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (fd < 0) return;
    syscall(SYS_write, fd, line, length);
    syscall(SYS_close, fd);
}

static void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

/* Returns 1 where the call is to fail with ENOSPC, 2 where half of it is to be done. */
static int reach(const char *what, const char *path, int takes_space) {
    const char *at = getenv("STOP_AT"), *how = getenv("STOP_HOW");
    long now = __sync_add_and_fetch(&calls, 1);
    note(what, path);
    if (!at || !how) return 0;
    if (now == atol(at)) {
        if (!strcmp(how, "kill")) die();
        if (!strcmp(how, "torn")) {
            if (!takes_space) die();
            return 2;
        }
        is_full = 1;
    }
    if (is_full && takes_space) {
        errno = ENOSPC;
        return 1;
    }
    return 0;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    char path[PATH_MAX];
    if (path_of(fd, path)) {
        int done = reach("write", path, 1);
        if (done == 1) return -1;
        if (done == 2) { real(fd, data, size / 2); die(); }
    }
    return real(fd, data, size);
}

static ssize_t stopped_pwrite(
    ssize_t (*real)(int, const void *, size_t, off64_t),
    int fd, const void *data, size_t size, off64_t offset) {
    char path[PATH_MAX];
    if (path_of(fd, path)) {
        int done = reach("pwrite", path, 1);
        if (done == 1) return -1;
        if (done == 2) { real(fd, data, size / 2, offset); die(); }
    }
    return real(fd, data, size, offset);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    return stopped_pwrite(real, fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    return stopped_pwrite(real, fd, data, size, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    char path[PATH_MAX];
    if (path_of(fd, path)) {
        int done = reach("writev", path, 1);
        if (done == 1) return -1;
        if (done == 2) { real(fd, parts, count > 1 ? count / 2 : 0); die(); }
    }
    return real(fd, parts, count);
}

size_t fwrite(const void *data, size_t size, size_t count, FILE *file) {
    REAL(size_t, "fwrite", const void *, size_t, size_t, FILE *);
    char path[PATH_MAX];
    if (path_of(fileno(file), path)) {
        int done = reach("fwrite", path, 1);
        if (done == 1) return 0;
        if (done == 2) { real(data, 1, size * count / 2, file); fflush(file); die(); }
    }
    return real(data, size, count, file);
}

#define WITH_FD(name, takes_space) \
    int name(int fd) { \
        REAL(int, #name, int); \
        char path[PATH_MAX]; \
        if (path_of(fd, path) && reach(#name, path, takes_space) == 1) return -1; \
        return real(fd); \
    }
WITH_FD(fsync, 0)
WITH_FD(fdatasync, 0)

#define WITH_SIZE(name, what) \
    int name(int fd, off64_t size) { \
        REAL(int, #name, int, off64_t); \
        char path[PATH_MAX]; \
        if (path_of(fd, path)) reach(what, path, 0); \
        return real(fd, size); \
    }
WITH_SIZE(ftruncate, "ftruncate")
WITH_SIZE(ftruncate64, "ftruncate")

#define WITH_TWO_PATHS(name) \
    int name(const char *from, const char *to) { \
        REAL(int, #name, const char *, const char *); \
        char path[PATH_MAX]; \
        if (absolute(AT_FDCWD, to, path) && reach(#name, path, 0) == 1) return -1; \
        return real(from, to); \
    }
WITH_TWO_PATHS(rename)
WITH_TWO_PATHS(link)

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    REAL(int, "renameat", int, const char *, int, const char *);
    char path[PATH_MAX];
    if (absolute(to_folder, to, path)) reach("renameat", path, 0);
    return real(from_folder, from, to_folder, to);
}

int unlink(const char *name) {
    REAL(int, "unlink", const char *);
    char path[PATH_MAX];
    if (absolute(AT_FDCWD, name, path)) reach("unlink", path, 0);
    return real(name);
}

int unlinkat(int folder, const char *name, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    char path[PATH_MAX];
    if (absolute(folder, name, path)) reach("unlinkat", path, 0);
    return real(folder, name, flags);
}

int mkdir(const char *name, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    char path[PATH_MAX];
    int is_new = access(name, F_OK) != 0;
    if (absolute(AT_FDCWD, name, path) && is_new && reach("mkdir", path, 1) == 1) return -1;
    return real(name, mode);
}

#define OPENING(name, real_name) \
    int name(const char *file, int flags, ...) { \
        REAL(int, real_name, const char *, int, ...); \
        char path[PATH_MAX]; \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TRUNC)) { \
            va_list rest; \
            va_start(rest, flags); \
            mode = va_arg(rest, int); \
            va_end(rest); \
            int is_new = access(file, F_OK) != 0; \
            if (absolute(AT_FDCWD, file, path) && (is_new || (flags & O_TRUNC)) \
                && reach(is_new ? "create" : "open", path, is_new) == 1) return -1; \
        } \
        return real(file, flags, mode); \
    }
OPENING(open, "open")
OPENING(open64, "open64")
