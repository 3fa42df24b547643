package dev.namespaces.ffm.spawn;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is waited for, each under a token that is never given twice: an index, and how often it has been used. Thread-safe; allocates nothing in
 * the steady state.
 */
final class Requests {

    private @Nullable Runnable[] actions = new Runnable[64];
    private int[] uses = new int[64];
    /** The indexes that are free, {@code freeCount} of them. */
    private int[] free = new int[64];
    private int freeCount;
    private int used;
    private int count;

    synchronized long add(Runnable action) {
        int index = freeCount > 0 ? free[--freeCount] : used++;
        if (index == actions.length) {
            actions = Arrays.copyOf(actions, 2 * index);
            uses = Arrays.copyOf(uses, 2 * index);
            free = Arrays.copyOf(free, 2 * index);
        }
        actions[index] = action;
        if (count++ == 0) {
            notifyAll();
        }
        return (long) uses[index] << 32 | index;
    }

    /** The action, once; null if it has been removed before. */
    synchronized @Nullable Runnable remove(long token) {
        int index = (int) token;
        Runnable action = actions[index];
        if (action == null || uses[index] != (int) (token >>> 32)) {
            return null;
        }
        actions[index] = null;
        uses[index]++;
        free[freeCount++] = index;
        count--;
        return action;
    }

    synchronized boolean isEmpty() {
        return count == 0;
    }

    /** Waits, in Java, until there is a request. */
    synchronized void awaitOne() throws InterruptedException {
        while (count == 0) {
            wait();
        }
    }
}
