package dev.namespaces.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The arguments as they were written. */
final class Arguments {

    private Arguments() {}

    /**
     * Reads the arguments again, as UTF-8: in a locale such as "C", where the JVM takes its arguments for ASCII, whatever else was in them has become
     * question marks. The kernel still has the bytes, proc_pid_cmdline(5).
     */
    static String[] asWritten(String[] decoded) {
        if (Arrays.stream(decoded).noneMatch(argument -> argument.indexOf('\uFFFD') >= 0)) {
            return decoded;
        }
        try {
            String[] all = Files.readString(Path.of("/proc/self/cmdline"), UTF_8).split("\0", -1);
            int end = all.length - 1; // every argument ends with NUL
            return Arrays.copyOfRange(all, end - decoded.length, end);
        } catch (IOException _) {
            return decoded; // not UTF-8 either: then there is no text that means these bytes
        }
    }
}
