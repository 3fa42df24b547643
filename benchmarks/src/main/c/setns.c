/*
 * What it costs a thread without Java to enter namespaces and to leave them. EntryComparison compiles and runs it. For each byte on standard
 * input it enters those of a process and goes back to its own, as often as asked, and writes to standard output how many nanoseconds that took,
 * as eight bytes, the highest first.
 *
 *     setns PID KINDS TIMES
 *
 * KINDS are flags of setns(2), such as 0x40000000 for a network namespace. All go in one call, through a pidfd.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int check(int result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(1);
    }
    return result;
}

static int open_process(pid_t pid) {
    return check(syscall(SYS_pidfd_open, pid, 0), "pidfd_open");
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

int main(int count, char **words) {
    if (count != 4) {
        fprintf(stderr, "usage: setns PID KINDS TIMES\n");
        return 2;
    }
    int there = open_process(atoi(words[1]));
    int home = open_process(getpid());
    int kinds = strtol(words[2], NULL, 0);
    int times = atoi(words[3]);
    char told;
    while (read(STDIN_FILENO, &told, 1) == 1) {
        uint64_t start = now();
        for (int i = 0; i < times; i++) {
            check(setns(there, kinds), "setns");
            check(setns(home, kinds), "setns");
        }
        uint64_t nanos = now() - start;
        unsigned char answer[8];
        for (int i = 0; i < 8; i++) {
            answer[i] = nanos >> (56 - 8 * i);
        }
        check(write(STDOUT_FILENO, answer, sizeof answer), "standard output");
    }
    return 0;
}
