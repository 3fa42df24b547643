package dev.namespaces.examples;

import static dev.namespaces.NamespaceKind.PID;
import static dev.namespaces.NamespaceKind.USER;

import dev.namespaces.NamespaceInfo;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceSnapshot;
import dev.namespaces.NamespaceTree;
import dev.namespaces.Namespaces;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ns list}: every namespace that can be seen. */
@CommandLine.Command(name = "list", mixinStandardHelpOptions = true, sortOptions = false, //
        description = "Lists the namespaces that can be seen: those that processes and threads are in, those that are pinned to files, and those that own"
                + " them or in which they are nested.", //
        footer = {"",
                "OLDEST is the process in it that was started first, OWNER the user namespace whose capabilities decide over it, CREATOR the user who has"
                        + " created a user namespace. Other users' processes take CAP_SYS_PTRACE to look at; the last line counts them."})
final class ListCommand implements Callable<Integer> {

    private static final String[] HEAD = {"PROCESSES", "OLDEST", "COMMAND", "OWNER", "CREATOR", "PINNED TO"};

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--kind", paramLabel = "KIND", split = ",", converter = KindConverter.class, //
            description = "only these: cgroup, ipc, mnt, net, pid, time, user, uts")
    private List<NamespaceKind> kinds = List.of();

    @Option(names = "--tree", description = "user and pid namespaces, nested as they are")
    private boolean tree;

    @Option(names = "--json", description = "as JSON, for programs")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        CommandLine line = spec.commandLine();
        Set<NamespaceKind> chosen = chosen(line);
        NamespaceSnapshot snapshot = Namespaces.snapshot();
        PrintWriter out = line.getOut();
        if (json) {
            out.println(NamespaceJson.of(snapshot, chosen));
        } else {
            out.print(tree ? trees(snapshot, chosen) : table(snapshot, chosen));
            out.print(unreadable(snapshot.unreadable()));
        }
        out.flush();
        return 0;
    }

    private Set<NamespaceKind> chosen(CommandLine line) {
        KindOptions.require(line, !(tree && json), "--tree and --json exclude each other: JSON has the parent of each");
        Set<NamespaceKind> nested = EnumSet.of(USER, PID);
        KindOptions.require(line, !tree || nested.containsAll(kinds), "--tree shows user and pid namespaces alone");
        return !kinds.isEmpty() ? EnumSet.copyOf(kinds) : tree ? nested : EnumSet.allOf(NamespaceKind.class);
    }

    private static String table(NamespaceSnapshot snapshot, Set<NamespaceKind> chosen) {
        TextTable table = new TextTable(head("KIND", "NAMESPACE"));
        snapshot.namespaces().stream().filter(info -> chosen.contains(info.kind())).forEach(
                info -> table.row(words(info, info.kind().procName(), Long.toString(info.id().inode()))));
        return table.toString();
    }

    private static String trees(NamespaceSnapshot snapshot, Set<NamespaceKind> chosen) {
        TextTable table = new TextTable(head("NAMESPACE"));
        for (NamespaceKind kind : List.of(USER, PID)) {
            if (chosen.contains(kind)) {
                snapshot.trees(kind).forEach(root -> add(table, root, ""));
            }
        }
        return table.toString();
    }

    private static void add(TextTable table, NamespaceTree node, String indent) {
        NamespaceInfo info = node.namespace();
        table.row(words(info, indent + info.kind().procName() + " " + info.id().inode()));
        node.children().forEach(child -> add(table, child, indent + "  "));
    }

    private static String[] head(String... first) {
        return Stream.concat(Stream.of(first), Stream.of(HEAD)).toArray(String[]::new);
    }

    private static String[] words(NamespaceInfo info, String... first) {
        OptionalLong oldest = info.oldestProcess();
        return Stream.concat(Stream.of(first), Stream.of(Integer.toString(info.processes()), word(oldest),
                oldest.isPresent() ? ProcessStatus.nameOf(oldest.getAsLong()) : "",
                info.owner().map(owner -> Long.toString(owner.inode())).orElse(""), word(info.creatorUid()),
                info.pins().stream().map(Path::toString).collect(Collectors.joining(", ")))).toArray(String[]::new);
    }

    private static String word(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "";
    }

    private static String unreadable(List<Long> pids) {
        return switch (pids.size()) {
            case 0 -> "";
            case 1 -> "1 process may not be looked at, and is not counted: " + pids.getFirst() + "\n";
            default -> pids.size() + " processes may not be looked at, and are not counted: " + ranges(pids) + "\n";
        };
    }

    /** Ascending numbers, those that follow each other in short: {@code 1-3, 7}. */
    static String ranges(List<Long> numbers) {
        List<String> ranges = new ArrayList<>();
        for (int first = 0, next; first < numbers.size(); first = next) {
            next = first + 1;
            while (next < numbers.size() && numbers.get(next) == numbers.get(next - 1) + 1) {
                next++;
            }
            ranges.add(next == first + 1 ? "" + numbers.get(first) : numbers.get(first) + "-" + numbers.get(next - 1));
        }
        return String.join(", ", ranges);
    }
}
