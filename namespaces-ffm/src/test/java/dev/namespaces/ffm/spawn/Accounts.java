package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.OrdinaryUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * JVMs of an ordinary user with subordinate ids. If this JVM is an ordinary user's, it is that one, with what the host grants to it. As root, other
 * files are mounted over the host's for that JVM alone, which give an account and ids to the user that nobody else uses.
 */
final class Accounts {

    /** Another than the low one, which has numbers short enough for 340 ranges in one page. */
    static final String GRANTED = "ordinary:300000:65536\nordinary:20000:10000\n";

    private final Path folder;
    private final Map<String, Path> files = new LinkedHashMap<>();

    private Accounts(Path folder) {
        this.folder = folder;
    }

    /** With files that are made in a folder. */
    static Accounts in(Path folder) throws IOException {
        Accounts accounts = new Accounts(folder);
        if (!OrdinaryUser.isSelf()) {
            accounts.file("/etc/passwd",
                    Files.readString(Path.of("/etc/passwd")) + "ordinary:x:61234:61234::/:/bin/sh\n",
                    "rw-r--r--");
            accounts.file("/etc/subuid", GRANTED, "rw-r--r--");
            accounts.file("/etc/subgid", GRANTED, "rw-r--r--");
        }
        return accounts;
    }

    /** Puts another file over one of the host's; as root. */
    Accounts file(String path, String content, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve(Path.of(path).getFileName()), content);
        return file(path, Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions)));
    }

    Accounts file(String path, Path instead) {
        files.put(path, instead);
        return this;
    }

    ChildJvm jvm(Class<?> main, String... arguments) throws IOException {
        ChildJvm jvm = ChildJvm.of(main, arguments).asOrdinaryUser();
        if (OrdinaryUser.isSelf()) {
            return jvm;
        }
        String mounts = files.entrySet().stream().map(file -> "mount --bind " + file.getValue() + " " + file.getKey())
                .collect(Collectors.joining(" && "));
        return jvm.by("unshare", "--mount", "--propagation", "private", "sh", "-ec", mounts + " && exec \"$@\"", "sh");
    }
}
