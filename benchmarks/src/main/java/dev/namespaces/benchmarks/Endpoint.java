package dev.namespaces.benchmarks;

/** When the clock is stopped, which starts at the call that spawns. The order is that of {@code floor.c}. */
enum Endpoint {
    /** The call that spawns has returned: the program has been executed. */
    EXEC_DONE("exec done"),
    /** The program itself has looked at the clock ({@code tiny.c}). */
    FIRST_INSTRUCTION("first instruction"),
    /** The end has been waited for, and everything is closed. */
    EXIT_SEEN("exit seen");

    private final String words;

    Endpoint(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
