/* What a power cut leaves: each time a file is forced to the disk, a copy of it is kept.

   Loaded into the workers with LD_PRELOAD. CHAOS_FILES is the folder that is watched, CHAOS_DISK the folder of the
   copies. A file that was never forced to the disk has no copy. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void keep(int fd) {
    const char *files = getenv("CHAOS_FILES"), *disk = getenv("CHAOS_DISK");
    char link[64], path[PATH_MAX], draft[PATH_MAX], copy[PATH_MAX], piece[65536];
    if (!files || !disk) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = 0;
    size_t start = strlen(files);
    if (strncmp(path, files, start) || path[start] != '/' || strchr(path + start + 1, '/')) return;
    snprintf(copy, sizeof copy, "%s/%s", disk, path + start + 1);
    snprintf(draft, sizeof draft, "%s.%d", copy, getpid());
    int out = open(draft, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (out < 0) return;
    off_t at = 0;
    ssize_t got;
    while ((got = pread(fd, piece, sizeof piece, at)) > 0) {
        if (write(out, piece, got) != got) break;
        at += got;
    }
    close(out);
    rename(draft, copy);
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    int result = real(fd);
    if (!result) keep(fd);
    return result;
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    int result = real(fd);
    if (!result) keep(fd);
    return result;
}
