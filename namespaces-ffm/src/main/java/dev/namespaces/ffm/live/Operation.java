package dev.namespaces.ffm.live;

import org.jspecify.annotations.Nullable;

/** An operation and what came of it. */
final class Operation<T, E extends Throwable> implements Runnable {

    private final ScopedValue.CallableOp<? extends T, E> operation;
    private @Nullable T result;
    private @Nullable Throwable thrown;

    Operation(ScopedValue.CallableOp<? extends T, E> operation) {
        this.operation = operation;
    }

    @Override
    @SuppressWarnings("checkstyle:IllegalCatch")
    public void run() {
        try {
            result = operation.call();
        } catch (Throwable e) { // whatever it is, the caller gets it
            thrown = e;
        }
    }

    /** In another thread, once this one's has ended. */
    @SuppressWarnings({"unchecked", "NullAway"}) // the operation throws nothing else, and returns what it returns
    T outcome(@Nullable RuntimeException stayed) throws E {
        if (thrown != null) {
            if (stayed != null) {
                thrown.addSuppressed(stayed);
            }
            throw (E) thrown;
        }
        if (stayed != null) {
            throw stayed;
        }
        return result;
    }
}
