/*
 * Runs a program in a mount namespace of its own, in which there are so many mounts: empty file systems in memory, besides those that it finds.
 *
 *     mounts COUNT DIRECTORY PROGRAM [ARG]...
 */
#include "side.h"
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

static int count_mounts(void) {
    FILE *mounts = fopen("/proc/self/mountinfo", "r");
    must(mounts == NULL ? -1 : 0, "/proc/self/mountinfo");
    int lines = 0;
    for (int c; (c = getc(mounts)) != EOF;) {
        lines += c == '\n';
    }
    fclose(mounts);
    return lines;
}

int main(int count, char **words) {
    if (count < 4) {
        fprintf(stderr, "usage: mounts COUNT DIRECTORY PROGRAM [ARG]...\n");
        return 2;
    }
    must(unshare(CLONE_NEWNS), "unshare");
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "mount private");
    must(mount("tmpfs", words[2], "tmpfs", 0, "mode=0755"), words[2]);
    must(chdir(words[2]), words[2]);
    for (int i = count_mounts(); i < atoi(words[1]); i++) {
        char name[16];
        snprintf(name, sizeof name, "%d", i);
        must(mkdir(name, 0755), name);
        must(mount("tmpfs", name, "tmpfs", 0, NULL), name);
    }
    must(chdir("/"), "/");
    execvp(words[3], words + 3);
    must(-1, words[3]);
}
