package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import java.util.Arrays;

/**
 * Low numbers that are kept for descriptors which children get, and lead to {@code /dev/null} in the meantime.
 *
 * <p>
 * A child copies that part of the JVM's table in which all that it needs is found. A pipe that is made when thousands of descriptors are open has a
 * high number; while the child is cloned it has a low one as well. How low those are depends on what was open when the first process was started.
 */
final class LowDescriptors {

    private static final int COUNT = 32;
    /** Whoever may have but a few descriptors is left them. */
    private static final int LEAST_LIMIT = 1024;
    /** To copy fewer descriptors than this costs less than the two calls that lend a number and take it back. */
    private static final int WORTHWHILE = 16;

    /** In ascending order. */
    private static int[] numbers = {};
    /** Bit n stands for the nth. */
    private static int free;
    private static int nullDevice = -1;

    private LowDescriptors() {}

    /** Takes the numbers, once. */
    static synchronized void reserve(int device) {
        nullDevice = device;
        int[] found = new int[limit() < LEAST_LIMIT ? 0 : COUNT];
        for (int i = 0; i < found.length; i++) {
            found[i] = Syscalls.fcntl(nullDevice, Linux.F_DUPFD_CLOEXEC, FirstStage.LOWEST_LENT);
            if (found[i] < 0) {
                found = Arrays.copyOf(found, i);
            }
        }
        Arrays.sort(found);
        numbers = found;
        free = (int) ((1L << found.length) - 1);
    }

    private static long limit() {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            return Syscalls.limit(Linux.RLIMIT_NOFILE, buffer.address()) < 0 ? 0 : buffer.getLong(0);
        }
    }

    /**
     * Lends a descriptor a lower number, if it gains from that and there is one left.
     *
     * @return a number for the same, to be {@linkplain #takeBack taken back}, or the descriptor itself
     */
    static int lend(int fd) {
        int number;
        synchronized (LowDescriptors.class) {
            if (free == 0) {
                return fd;
            }
            number = numbers[Integer.numberOfTrailingZeros(free)];
            if (fd - number < WORTHWHILE) {
                return fd;
            }
            free &= free - 1;
        }
        if (Syscalls.dup3(fd, number, Linux.O_CLOEXEC) < 0) {
            takeBack(number);
            return fd;
        }
        return number;
    }

    /** Gives a descriptor a lower number for good, if it gains from that: one that programs contain. */
    static int settle(int fd) {
        int number = lend(fd);
        if (number != fd) {
            Syscalls.close(fd);
        }
        return number;
    }

    /** Has a number lead to {@code /dev/null} again. */
    static void takeBack(int number) {
        Syscalls.dup3(nullDevice, number, Linux.O_CLOEXEC);
        synchronized (LowDescriptors.class) {
            free |= 1 << Arrays.binarySearch(numbers, number);
        }
    }
}
