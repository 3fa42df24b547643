package dev.namespaces.examples;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ns inspect}: one process. */
@CommandLine.Command(name = "inspect", mixinStandardHelpOptions = true, //
        description = "Shows the namespaces of a process, who owns them and whether they are this command's own; who the process is inside; and its capabilities.")
final class InspectCommand implements Callable<Integer> {

    private static final String UNREADABLE = "unreadable";
    private static final String SAME = "the same";
    /** The sets, and the lines of proc_pid_status(5) that have them. */
    private static final Map<String, String> CAPABILITIES = sets();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "PID", description = "the process")
    private long pid;

    private static Map<String, String> sets() {
        Map<String, String> sets = new LinkedHashMap<>();
        sets.put("effective", "CapEff");
        sets.put("permitted", "CapPrm");
        sets.put("inheritable", "CapInh");
        sets.put("ambient", "CapAmb");
        sets.put("bounding", "CapBnd");
        return sets;
    }

    /** What is said of one of its namespaces. */
    private record Line(String id, String here, String owner) {}

    @Override
    public Integer call() throws IOException {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow(() -> new IOException("there is no process " + pid));
        ProcessStatus status = ProcessStatus.of(pid);
        Map<NamespaceKind, Line> lines = new EnumMap<>(NamespaceKind.class);
        for (NamespaceKind kind : NamespaceKind.values()) {
            if (Files.exists(Path.of("/proc/self/ns", kind.procName()))) {
                lines.put(kind, line(kind, process));
            }
        }
        Line user = lines.getOrDefault(NamespaceKind.USER, new Line(UNREADABLE, "", ""));
        String text = identity(status, user) + capabilities(status) + namespaces(lines);
        if (!process.isAlive()) {
            throw new IOException("process " + pid + " has ended meanwhile");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
        return 0;
    }

    private static Line line(NamespaceKind kind, ProcessHandle process) throws NamespaceException {
        try (NamespaceHandle its = NamespaceHandle.of(kind, process);
                NamespaceHandle own = NamespaceHandle.ofCurrentThread(kind)) {
            return new Line(Long.toString(its.id().inode()), its.equals(own) ? SAME : "another", owner(its));
        } catch (NamespaceException e) {
            if (e.errnoName().equals("EACCES")) {
                return new Line(UNREADABLE, "", "");
            }
            throw e;
        }
    }

    private static String owner(NamespaceHandle namespace) throws NamespaceException {
        Optional<NamespaceHandle> owner = namespace.owner();
        if (owner.isEmpty()) {
            return "";
        }
        try (NamespaceHandle user = owner.get()) {
            return Long.toString(user.id().inode());
        }
    }

    /** Who it is, here and inside. The map of one's own user namespace is shown as its parent sees it, and says nothing of this. */
    private String identity(ProcessStatus status, Line user) throws IOException {
        boolean elsewhere = !user.here().equals(SAME) && !user.id().equals(UNREADABLE);
        List<Long> numbers = status.numbers("NSpid");
        return entry("command", TextTable.printable(ProcessStatus.nameOf(pid)))
                + entry("process", pid + (numbers.size() > 1 ? " here, " + numbers.getLast() + " inside" : ""))
                + entry("user", ids(status.numbers("Uid"), status, elsewhere ? "uid_map" : ""))
                + entry("group", ids(status.numbers("Gid"), status, elsewhere ? "gid_map" : ""))
                + entry("groups", ids(status.numbers("Groups"), status, elsewhere ? "gid_map" : ""));
    }

    /** Each once; of the four ids of a process the second is the one that counts, but they seldom differ. */
    private static String ids(List<Long> ids, ProcessStatus status, String map) throws IOException {
        List<String> here = new ArrayList<>();
        List<String> inside = new ArrayList<>();
        for (long id : new LinkedHashSet<>(ids)) {
            here.add(Long.toString(id));
            OptionalLong mapped = map.isEmpty() ? OptionalLong.empty() : status.inside(map, id);
            inside.add(mapped.isPresent() ? Long.toString(mapped.getAsLong()) : "unmapped");
        }
        return here.isEmpty()
                ? "none"
                : String.join(" ", here) + (map.isEmpty() ? "" : " here, " + String.join(" ", inside) + " inside");
    }

    private static String capabilities(ProcessStatus status) {
        return CAPABILITIES.entrySet().stream().map(each -> entry(each.getKey(), status.capabilities(each.getValue())))
                .collect(Collectors.joining());
    }

    private static String namespaces(Map<NamespaceKind, Line> lines) {
        TextTable table = new TextTable("KIND", "NAMESPACE", "AS HERE", "OWNER");
        lines.forEach((kind, line) -> table.row(kind.procName(), line.id(), line.here(), line.owner()));
        return "\n" + table;
    }

    private static String entry(String name, String value) {
        return "%-12s %s\n".formatted(name, value);
    }
}
