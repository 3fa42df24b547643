package dev.namespaces.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceId;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.examples.NsProcess.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code ns list}, {@code inspect}, {@code pin} and {@code unpin}. */
class NamespaceCommandsTest {

    private static final Namespace ALL = Namespace.builder().create(EnumSet.allOf(NamespaceKind.class)).build();
    /** What lsns(8) calls what we call otherwise. */
    private static final Map<String, String> NAMES_OF_LSNS = Map.of("ns", "id", "type", "kind", "nprocs", "processes",
            "pid", "oldestProcess", "pns", "parent", "ons", "owner");

    @Test
    void theListAsJsonAgreesWithLsns() throws Exception {
        try (NamespaceProcess process = cat(ALL)) {
            Map<String, Map<String, String>> ours = byId(NsProcess.here("list", "--json").stdout(), "id");
            Map<String, Map<String, String>> theirs = byId(lsns(), "ns");

            for (NamespaceId id : process.namespaces().values()) {
                String key = Long.toString(id.inode());
                assertThat(theirs).containsKey(key);
                NAMES_OF_LSNS.forEach((name, ourName) -> assertThat(ours.getOrDefault(key, Map.of()))
                        .containsEntry(ourName, theirs.getOrDefault(key, Map.of()).getOrDefault(name, "missing")));
            }
        }
    }

    private static String lsns() throws IOException {
        Process lsns = new ProcessBuilder("lsns", "--json", "--output", "NS,TYPE,NPROCS,PID,PNS,ONS").start();
        return new String(lsns.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Namespaces by their ids, each with its fields as text; lsns writes 0 where there is none. */
    private static Map<String, Map<String, String>> byId(String json, String id) throws IOException {
        Map<String, Map<String, String>> byId = new HashMap<>();
        if (JSON.std.mapFrom(json).get("namespaces") instanceof List<?> list) {
            for (Object each : list) {
                Map<String, String> fields = new HashMap<>();
                ((Map<?, ?>) each).forEach((name, value) -> fields.put(String.valueOf(name),
                        "0".equals(String.valueOf(value)) ? "null" : String.valueOf(value)));
                byId.put(fields.getOrDefault(id, ""), fields);
            }
        }
        return byId;
    }

    @ParameterizedTest
    @EnumSource(NamespaceKind.class)
    void theListHasALineForEachNamespaceOfTheKind(NamespaceKind kind) throws Exception {
        try (NamespaceProcess process = cat(ALL)) {
            Ended ended = NsProcess.here("list", "--kind", kind.procName());
            long id = id(process, kind);
            long owner = id(process, NamespaceKind.USER);

            assertThat(ended.exitCode()).isZero();
            assertThat(ended.stdout().lines().filter(line -> line.contains(" " + id + " "))).singleElement().asString()
                    .matches(kind.procName() + " +" + id + " +2 +" + process.pid() + " +namespaces-init +"
                            + (kind == NamespaceKind.USER ? own(kind) : owner) + " +\\S+ +-");
            assertThat(ended.stdout().lines().skip(1))
                    .allMatch(line -> line.startsWith(kind.procName() + " ") || line.contains("may not be looked at"));
        }
    }

    @Test
    void theTreeIsIndented() throws Exception {
        try (NamespaceProcess process = cat(ALL)) {
            List<String> lines = NsProcess.here("list", "--tree").stdout().lines().toList();

            String user = " +user " + id(process, NamespaceKind.USER) + " .*";
            String pid = " +pid " + id(process, NamespaceKind.PID) + " .*";
            assertThat(lines).anyMatch(line -> line.matches("user " + own(NamespaceKind.USER) + " .*"))
                    .anyMatch(line -> line.matches(user)).anyMatch(line -> line.matches(pid))
                    .noneMatch(line -> line.contains("net "));
        }
    }

    @Test
    void whatMayNotBeReadIsCounted() throws Exception {
        String listed = Namespace.builder().user().run(Command.of(NsProcess.ns("list"))).orThrow().stdout();

        assertThat(listed.lines().reduce((_, last) -> last).orElseThrow())
                .matches("\\d+ processes may not be looked at, and are not counted: 1[-,].*");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1|1", "1 2|1-2", "1 2 3 7|1-3, 7", "4 6 8|4, 6, 8", "5 7 8 9|5, 7-9"})
    void manyNumbersAreSaidInShort(String numbers, String ranges) {
        assertThat(ListCommand.ranges(List.of(numbers.split(" ", -1)).stream().map(Long::valueOf).toList()))
                .isEqualTo(ranges);
    }

    @Test
    void aProcessIsInspected() throws Exception {
        Namespace namespace = Namespace.builder().user().pid().net().build();
        try (NamespaceProcess process = cat(namespace)) {
            Ended ended = NsProcess.here("inspect", Long.toString(process.commandPid()));
            List<String> lines = ended.stdout().lines().toList();

            assertThat(ended.exitCode()).isZero();
            assertThat(lines).contains("command      cat", "process      " + process.commandPid() + " here, "
                    + process.innerPid() + " inside", "user         " + Caller.user() + " here, 0 inside",
                    "effective    all");
            process.namespaces().forEach((kind, id) -> {
                boolean isNew = kind == NamespaceKind.USER || kind == NamespaceKind.PID || kind == NamespaceKind.NET;
                assertThat(lines).as(kind.procName()).anyMatch(line -> line.matches(
                        kind.procName() + " +" + id.inode() + (isNew ? " +another +" : " +the same +") + "(\\d+|-)"));
            });
        }
    }

    @Test
    void ofAProcessInTheSameUserNamespaceThereAreNoIdsInside() throws Exception {
        Ended ended = NsProcess.here("inspect", Long.toString(ProcessHandle.current().pid()));

        assertThat(ended.stdout()).contains("\nuser         " + Caller.user() + "\n").doesNotContain("another");
    }

    @Test
    void capabilitiesAreNamed() {
        assertThat(CapabilityNames.of(0)).isEqualTo("none");
        assertThat(CapabilityNames.of(-1)).isEqualTo("all");
        assertThat(CapabilityNames.of(1 << 21 | 1 << 12)).isEqualTo("net_admin, sys_admin");
        assertThat(CapabilityNames.of(~(1L << 24))).isEqualTo("all but sys_resource");
    }

    @Test
    void aPinIsMadeListedAndTakenBack() throws Exception {
        Namespace ownRun = Namespace.builder().user().net().mount(m -> m.tmpfs("/run")).build();
        String script = """
                readlink /proc/self/ns/net
                "$@" pin $$ net '/run/a b'
                "$@" list --kind net
                nsenter --net='/run/a b' readlink /proc/self/ns/net
                "$@" pin $$ net '/run/a b' 2>&1
                "$@" unpin '/run/a b'
                ls /run""";
        List<String> words = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        words.addAll(NsProcess.ns());
        List<String> lines = ownRun.run(Command.of(words)).orThrow().stdout().lines().toList();

        String name = lines.getFirst();
        String id = name.replaceAll("\\D", "");
        assertThat(lines).anyMatch(line -> line.matches("net +" + id + " .* /run/a b"));
        assertThat(lines).endsWith(name, "ns: cannot pin " + name + " on /run/a b: File exists (EEXIST)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "list --kind nut|Invalid value for option '--kind' (KIND): there is no kind 'nut', but cgroup, ipc, mnt, net, pid, time, user, uts (see ns list --help)",
            "list --tree --json|--tree and --json exclude each other: JSON has the parent of each (see ns list --help)",
            "list --tree --kind net|--tree shows user and pid namespaces alone (see ns list --help)",
            "inspect 2147483647|there is no process 2147483647",
            "pin 2147483647 net /tmp/x|cannot open the namespace net of process 2147483647: No such process (ESRCH)",
            "pin 0 net /tmp/x|a process's number is positive and no larger than 2147483647: 0",
            "unpin /etc/passwd|cannot unpin /etc/passwd: Invalid argument (EINVAL); no namespace is mounted there"})
    void whatMakesNoSenseIsRefused(String arguments, String message) {
        Ended ended = NsProcess.here(arguments.split(" ", -1));

        assertThat(ended.exitCode()).isEqualTo(Ns.OWN_ERROR);
        assertThat(ended.stderr()).isEqualTo("ns: " + message + "\n");
        assertThat(ended.stdout()).isEmpty();
    }

    private static NamespaceProcess cat(Namespace namespace) throws IOException {
        NamespaceProcess process = namespace.spawn("sh", "-c", "echo ready; exec cat");
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        return process;
    }

    private static long id(NamespaceProcess process, NamespaceKind kind) throws NamespaceException {
        return Objects.requireNonNull(process.namespaces().get(kind)).inode();
    }

    private static String own(NamespaceKind kind) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns", kind.procName())).toString().replaceAll("\\D", "");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
