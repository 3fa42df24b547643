package dev.namespaces.benchmarks;

/** When the clock is stopped, which starts at the call that spawns. */
enum Endpoint {
    /** The call that spawns has returned: the program has been executed. */
    EXEC_DONE(0, "exec done"),
    /** The program itself has looked at the clock ({@code tiny.c}). */
    FIRST_INSTRUCTION(1, "first instruction"),
    /** The end has been waited for, and everything is closed. */
    EXIT_SEEN(2, "exit seen");

    private final int number;
    private final String words;

    Endpoint(int number, String words) {
        this.number = number;
        this.words = words;
    }

    /** As the program in C knows it. */
    int number() {
        return number;
    }

    @Override
    public String toString() {
        return words;
    }
}
