package dev.namespaces.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceKind;
import dev.namespaces.examples.NsProcess.Ended;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Namespaces that are joined by descriptors: 5 is a user namespace, 6 a pid namespace, and 7 a file. */
class JoinOptionsTest {

    private static Ended run(Sandbox sandbox, String options, String... command) throws Exception {
        String shell = "exec \"$@\" 5< " + sandbox.file(NamespaceKind.USER) + " 6< " + sandbox.file(NamespaceKind.PID)
                + " 7< /etc/passwd";
        List<String> words = new ArrayList<>(List.of(("run " + options + " --").split(" ", -1)));
        words.addAll(List.of(command));
        Process ns = NsProcess.startUnder(List.of("sh", "-c", shell, "sh"), words.toArray(String[]::new));
        return NsProcess.end(ns, "");
    }

    private static Sandbox sandbox() throws Exception {
        return Sandbox.of(Namespace.builder().user().pid().mount().build());
    }

    @Test
    void theNamespacesAreThoseOfTheDescriptors() throws Exception {
        try (Sandbox sandbox = sandbox()) {
            Ended ended = run(sandbox, "--userns 5 --pidns 6", "readlink", "/proc/thread-self/ns/user",
                    "/proc/thread-self/ns/pid");

            assertThat(ended.stderr()).isEmpty();
            assertThat(ended.stdout().lines()).containsExactly(sandbox.place(NamespaceKind.USER),
                    sandbox.place(NamespaceKind.PID));
        }
    }

    @Test
    void mountsAreMadeThere() throws Exception {
        try (Sandbox sandbox = sandbox()) {
            Ended ended = run(sandbox, "--userns 5 --pidns 6 --ro-bind / / --proc /proc", "sh", "-c",
                    "readlink /proc/self/ns/user; echo /proc/[0-9]*");

            assertThat(ended.stderr()).isEmpty();
            assertThat(ended.stdout().lines()).startsWith(sandbox.place(NamespaceKind.USER)).last().asString()
                    .startsWith("/proc/1 /proc/2 "); // the sandbox's init and its command
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--userns 6 | --userns 6 is no user namespace but pid:[",
            "--pidns 5 | --pidns 5 is no pid namespace but user:[",
            "--userns 7 | cannot open the namespace of descriptor 7",
            "--userns 8 | descriptor 8 is not open", "--userns x | not the number of a descriptor: x",
            "--userns 5 --unshare-user | --userns excludes a new user namespace",
            "--userns 5 --all | --userns excludes a new user namespace",
            "--pidns 6 --unshare-pid | --pidns excludes a new pid namespace"})
    void wrongUseIsOneLineThatSaysWhatIsWrong(String options, String reason) throws Exception {
        try (Sandbox sandbox = sandbox()) {
            Ended ended = run(sandbox, options, "true");

            assertThat(ended.exitCode()).isEqualTo(125);
            assertThat(ended.stderr().lines()).singleElement().asString().startsWith("ns: ").contains(reason);
        }
    }
}
