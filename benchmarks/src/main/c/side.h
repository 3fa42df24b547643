/*
 * How a program in C takes part in a comparison. It reads requests from standard input, each of four numbers, and answers with numbers on standard
 * output; a number is eight bytes, the highest first. What a request means is the program's; the end of its input ends it.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The request that every program takes: do it so many times, with a pause before each; the answers are how long each took. */
enum { TIMES = 0 };

struct request { int64_t what, a, b, c; };

static inline int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static inline void sleep_until(int64_t nanos) {
    struct timespec time = {.tv_sec = nanos / 1000000000, .tv_nsec = nanos % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) != 0) {}
}

/* Ends the program if a call has failed. */
static inline long must(long result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(1);
    }
    return result;
}

/* Whether there is another. */
static inline int next_request(struct request *request) {
    int64_t numbers[4];
    size_t filled = 0;
    while (filled < sizeof numbers) {
        long count = must(read(STDIN_FILENO, (char *) numbers + filled, sizeof numbers - filled), "standard input");
        if (count == 0) {
            return 0;
        }
        filled += count;
    }
    *request = (struct request) {be64toh(numbers[0]), be64toh(numbers[1]), be64toh(numbers[2]), be64toh(numbers[3])};
    return 1;
}

/* Overwrites the numbers. */
static inline void answer(int64_t *numbers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        numbers[i] = htobe64(numbers[i]);
    }
    for (size_t done = 0; done < count * sizeof *numbers;) {
        done += must(write(STDOUT_FILENO, (char *) numbers + done, count * sizeof *numbers - done), "standard output");
    }
}

/* Answers a request of TIMES. */
static inline void answer_times(const struct request *request, int64_t (*once)(void)) {
    int64_t *nanos = calloc(request->a + 1, sizeof *nanos);
    for (int64_t i = 0; i < request->a; i++) {
        if (request->b > 0) {
            sleep_until(now() + request->b);
        }
        nanos[i] = once();
    }
    answer(nanos, request->a);
    free(nanos);
}
