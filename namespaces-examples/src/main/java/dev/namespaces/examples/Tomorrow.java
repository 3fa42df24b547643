package dev.namespaces.examples;

import dev.namespaces.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A program that lives a day later: on a machine that has been up for a day more than it has. Software with a fault that shows after so many days of uptime
 * is tested like this. The time of day is the same.
 *
 * <p>
 * {@code ./ns example Tomorrow} prints what the host and the program see.
 */
public final class Tomorrow {

    private static final Duration DAY = Duration.ofDays(1);

    private Tomorrow() {}

    /**
     * Runs the program.
     *
     * @param arguments none
     * @throws IOException if it cannot be started
     * @throws InterruptedException never: nobody interrupts this thread
     */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Namespace tomorrow = Namespace.builder().user().time(t -> t.boottime(DAY).monotonic(DAY)).build();
        long here = hours(Files.readString(Path.of("/proc/uptime")));
        long inside = hours(tomorrow.run("cat", "/proc/uptime").orThrow().stdout());
        System.out.println("the host has been up for " + here + " hours");
        System.out.println("to the program it is " + inside + " hours");
        System.out.print(tomorrow.run("cat", "/proc/self/timens_offsets").orThrow().stdout());
    }

    private static long hours(String uptime) {
        return Duration.ofSeconds((long) Double.parseDouble(uptime.split(" ", 2)[0])).toHours();
    }
}
