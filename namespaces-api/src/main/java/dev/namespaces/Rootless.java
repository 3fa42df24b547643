package dev.namespaces;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Starts this very JVM once more, as root of a user namespace, so that an ordinary user's threads may enter namespaces, and interfaces, mounts and
 * everything else inside can be set up without privilege.
 *
 * {@snippet class="snippets.OrdinaryUsers" region="main"}
 *
 * <p>
 * A thread of a JVM enters namespaces ({@link OpenNamespace#call}) with CAP_SYS_ADMIN in the user namespace that the JVM is in, and a process of many threads cannot
 * change that: so the JVM has to be born there. The namespaces that it comes from belong to the host: a thread can leave them and not go back, which does not matter
 * to those of {@link OpenNamespace}, as they end. See user_namespaces(7), setns(2).
 */
public final class Rootless {

    static final long CAP_NET_ADMIN = 1L << 12;
    static final long CAP_SYS_ADMIN = 1L << 21;
    /** Tells the other JVM what it is, lest it start one more. */
    private static final String AGAIN = "NAMESPACES_ROOTLESS";
    private static final Path SELF = Path.of("/proc/self");

    private Rootless() {}

    /**
     * Goes on with CAP_SYS_ADMIN: returns at once in a JVM that has it, such as root's; otherwise starts this JVM again as root of a new user namespace, in
     * which this user is the only one, and <strong>never returns</strong>. Meant for the first line of a {@code main} method.
     *
     * <p>
     * The other JVM gets the same program, options, class path and arguments, as {@code /proc/self/cmdline} has them, the same environment and
     * working directory, and this JVM's standard streams. This one waits for it and ends with its exit code. SIGTERM, SIGINT and SIGHUP to this JVM become
     * a SIGTERM to the other; what is typed at a terminal reaches both. When this JVM is killed, so is the other. An option that two JVMs cannot both have,
     * such as the port of a debugger, keeps the other from starting.
     *
     * @throws NamespaceException if no user namespace can be made here, with the reason and the remedy; this JVM goes on then
     * @throws InterruptedException if this thread is interrupted while it waits; the other JVM has been killed then
     * @throws IllegalStateException if this JVM is root without CAP_SYS_ADMIN, which a user namespace would not change
     */
    public static void enter() throws NamespaceException, InterruptedException {
        enter(UserConfig::mapRoot);
    }

    /**
     * The same, in a user namespace with other maps, such as {@link UserConfig#mapSubordinate()}. This user has to be root there.
     *
     * @param user says how ids are mapped
     * @throws NamespaceException if no such user namespace can be made here, with the reason and the remedy; this JVM goes on then
     * @throws InterruptedException if this thread is interrupted while it waits; the other JVM has been killed then
     * @throws IllegalStateException if this JVM is root without CAP_SYS_ADMIN, which a user namespace would not change; in
     *     the other JVM, if the maps have not made this user root
     */
    public static void enter(Consumer<? super UserConfig> user) throws NamespaceException, InterruptedException {
        if (isCapable(CAP_SYS_ADMIN)) {
            return;
        }
        if (System.getenv(AGAIN) != null) {
            throw new IllegalStateException(
                    "this JVM has been started by Rootless and is not root even so: the maps must make this user root");
        }
        if (uid() == 0) {
            throw new IllegalStateException(
                    "this JVM runs as root without CAP_SYS_ADMIN, as in a container: a user namespace of its own would not give it"
                            + " back");
        }
        try (NamespaceProcess other = Namespace.builder().user(user).dieWithJvm()
                .spawn(self().environment(AGAIN, "1"))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> passOn(other), "namespaces-rootless-exit"));
            Runtime.getRuntime().exit(other.waitFor());
        }
    }

    /** At the end of this JVM: that of the other comes first. */
    private static void passOn(NamespaceProcess other) {
        if (other.isAlive()) {
            other.destroy();
            Runtime.getRuntime().halt(other.onExit().join().exitValue());
        }
    }

    private static Command self() {
        List<String> words = new ArrayList<>(List.of(read("cmdline").split("\0", -1)));
        words.removeLast(); // what follows the last NUL
        words.set(0, link("exe"));
        return Command.of(words).stdin(Stdio.inherit()).stdout(Stdio.inherit()).stderr(Stdio.inherit());
    }

    /** Whether this JVM has all of these capabilities, in the user namespace that it is in. */
    static boolean isCapable(long capabilities) {
        return (Long.parseUnsignedLong(status("CapEff:"), 16) & capabilities) == capabilities;
    }

    private static int uid() {
        return Integer.parseUnsignedInt(status("Uid:").split("\\s+", -1)[1]); // the effective one
    }

    private static String status(String field) {
        return read("status").lines().filter(line -> line.startsWith(field))
                .map(line -> line.substring(field.length()).strip())
                .findFirst().orElseThrow(() -> new IllegalStateException("/proc/self/status has no " + field));
    }

    private static String read(String file) {
        try {
            return new String(Files.readAllBytes(SELF.resolve(file)), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("/proc cannot be read, without which there is nothing to start again", e);
        }
    }

    private static String link(String file) {
        try {
            return Files.readSymbolicLink(SELF.resolve(file)).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("/proc cannot be read, without which there is nothing to start again", e);
        }
    }
}
