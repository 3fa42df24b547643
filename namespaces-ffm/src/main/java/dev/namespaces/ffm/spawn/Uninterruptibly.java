package dev.namespaces.ffm.spawn;

/** Waiting that no interrupt ends. The thread's interrupt status is as it was, or set if there was one meanwhile. */
public final class Uninterruptibly {

    private Uninterruptibly() {}

    /** What waits, and can be begun again. */
    public interface Waiting {

        /**
         * Waits.
         *
         * @throws InterruptedException if the thread is interrupted
         */
        void await() throws InterruptedException;
    }

    /**
     * Waits to the end.
     *
     * @param waiting such as the {@code join} of a thread
     */
    public static void await(Waiting waiting) {
        boolean interrupted = false;
        boolean done = false;
        while (!done) {
            try {
                waiting.await();
                done = true;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
