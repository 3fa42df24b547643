package dev.namespaces.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the benchmark runs on: all that its figures may depend on. */
final class Machine {

    private static final Path PROC = Path.of("/proc");
    private static final long MEBIBYTE = 1024 * 1024;
    private static final List<String> PEERS = List.of("cc", "unshare", "bwrap", "runc", "crun", "firejail");

    private Machine() {}

    static Map<String, String> describe() throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("kernel", "Linux " + Files.readString(PROC.resolve("sys/kernel/osrelease")).strip() + ", "
                + System.getProperty("os.arch"));
        facts.put("processors", Runtime.getRuntime().availableProcessors() + " × " + processor());
        facts.put("virtual machine", field("cpuinfo", "flags").contains(" hypervisor") ? "yes" : "no");
        facts.put("memory", field("meminfo", "MemTotal"));
        facts.put("JDK", System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.put("heap", Runtime.getRuntime().maxMemory() / MEBIBYTE + " MiB at most");
        facts.put("user", ProcessHandle.current().info().user().orElse("unknown"));
        try (Stream<String> mounts = Files.lines(PROC.resolve("self/mountinfo"))) {
            facts.put("mounts", Long.toString(mounts.count()));
        }
        facts.put("control groups", controlGroups());
        for (String peer : PEERS) {
            facts.put(peer, version(peer));
        }
        facts.put("load before", Files.readString(PROC.resolve("loadavg")).strip());
        return facts;
    }

    private static String version(String program) throws IOException {
        if (!Peer.installed(program)) {
            return "not installed";
        }
        Process process = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
        try (BufferedReader output = process.inputReader()) {
            String first = String.valueOf(output.readLine());
            output.transferTo(Writer.nullWriter());
            return first;
        }
    }

    private static String processor() throws IOException {
        String model = field("cpuinfo", "model name");
        return model.isEmpty() ? field("cpuinfo", "CPU part") : model;
    }

    /** The first with that name; nothing if there is none. */
    static String field(String file, String name) throws IOException {
        try (Stream<String> lines = Files.lines(PROC.resolve(file))) {
            return lines.filter(line -> line.startsWith(name)).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("");
        }
    }

    private static String controlGroups() {
        if (Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))) {
            return "version 2";
        }
        return Files.exists(Path.of("/sys/fs/cgroup/unified")) ? "hybrid" : "version 1";
    }
}
