/*
 * What it costs a thread without Java to enter namespaces and to leave them. At a request of TIMES (side.h) it enters those of a process and goes back to its own,
 * as often as asked, each time LOOPS times in a row.
 *
 *     setns PID KINDS LOOPS
 *
 * KINDS are flags of setns(2), such as 0x40000000 for a network namespace. All go in one call, through a pidfd.
 */
#include "side.h"
#include <sched.h>
#include <sys/syscall.h>

static int there, home, kinds, loops;

static int open_process(pid_t pid) {
    return must(syscall(SYS_pidfd_open, pid, 0), "pidfd_open");
}

static int64_t once(void) {
    int64_t start = now();
    for (int i = 0; i < loops; i++) {
        must(setns(there, kinds), "setns");
        must(setns(home, kinds), "setns");
    }
    return now() - start;
}

int main(int count, char **words) {
    if (count != 4) {
        fprintf(stderr, "usage: setns PID KINDS LOOPS\n");
        return 2;
    }
    there = open_process(atoi(words[1]));
    home = open_process(getpid());
    kinds = strtol(words[2], NULL, 0);
    loops = atoi(words[3]);
    for (struct request request; next_request(&request);) {
        answer_times(&request, once);
    }
    return 0;
}
