/*
 * The least that a program can do: end. Without libc: in a virtual machine its questions to the processor (cpuid) cost more than the rest.
 * With STAMP it writes the time to standard output first, in nanoseconds and as this machine writes numbers: that of its first instruction. With STAY it
 * does not end before the thread that has started it.
 */
#include <linux/prctl.h>
#include <linux/signal.h>
#include <linux/time_types.h>
#include <sys/syscall.h>

#define CLOCK_MONOTONIC 1

void _start(void);

static inline __attribute__((always_inline)) long call(long number, long first, long second, long third) {
#if defined(__x86_64__)
    long result;
    register long fourth __asm__("r10") = 0;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(first), "S"(second), "d"(third), "r"(fourth) : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number, x0 __asm__("x0") = first, x1 __asm__("x1") = second, x2 __asm__("x2") = third, x3 __asm__("x3") = 0;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
#else
#error "written for x86-64 and AArch64"
#endif
}

void _start(void) {
#ifdef STAMP
    struct __kernel_timespec time;
    call(SYS_clock_gettime, CLOCK_MONOTONIC, (long) &time, 0);
    long nanos = time.tv_sec * 1000000000L + time.tv_nsec;
    call(SYS_write, 1, (long) &nanos, sizeof nanos);
#endif
#ifdef STAY
    call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0);
    for (;;) {
        call(SYS_ppoll, 0, 0, 0);
    }
#endif
    call(SYS_exit, 0, 0, 0);
    __builtin_unreachable();
}
