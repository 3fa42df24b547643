/*
 * How soon the end of one of many children is noticed. It starts so many of a program that never ends, watches them all by one epoll, and at a request of
 * TIMES (side.h) kills one after the other. The answers are how long it took: if the last number is REAPED, until the thread that watches had reaped the child
 * and closed its pidfd; if it is TOLD, until it had told another thread of that.
 *
 *     watch CHILDREN PROGRAM
 */
#include "side.h"
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { REAPED, TOLD };

static int epoll, *pidfds, next;
static int64_t until, reaped;
static sem_t told;

static void *watch(void *nothing) {
    for (;;) {
        struct epoll_event event;
        if (epoll_wait(epoll, &event, 1, -1) == 1) {
            int pidfd = pidfds[event.data.u32];
            siginfo_t end;
            must(waitid(P_PIDFD, pidfd, &end, WEXITED), "waitid");
            close(pidfd);
            reaped = now();
            sem_post(&told);
        }
    }
    return nothing;
}

static int64_t kill_next(void) {
    int64_t start = now();
    must(syscall(SYS_pidfd_send_signal, pidfds[next++], SIGKILL, NULL, 0), "pidfd_send_signal");
    while (sem_wait(&told) != 0) {}
    return (until == TOLD ? now() : reaped) - start;
}

int main(int count, char **words) {
    if (count != 3) {
        fprintf(stderr, "usage: watch CHILDREN PROGRAM\n");
        return 2;
    }
    int children = atoi(words[1]);
    char *command[] = {words[2], NULL}, *environment[] = {NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int stream = 0; stream < 2; stream++) {
        posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
    }
    epoll = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    pidfds = calloc(children, sizeof *pidfds);
    for (int i = 0; i < children; i++) {
        pid_t pid;
        must(-posix_spawn(&pid, command[0], &actions, NULL, command, environment), command[0]);
        pidfds[i] = must(syscall(SYS_pidfd_open, pid, 0), "pidfd_open");
        struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.u32 = i};
        must(epoll_ctl(epoll, EPOLL_CTL_ADD, pidfds[i], &event), "epoll_ctl");
    }
    sem_init(&told, 0, 0);
    pthread_t watcher;
    must(-pthread_create(&watcher, NULL, watch, NULL), "pthread_create");
    for (struct request request; next_request(&request);) {
        until = request.c;
        answer_times(&request, kill_next);
    }
    while (next < children) {
        kill_next();
    }
    return 0;
}
