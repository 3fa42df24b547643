package dev.namespaces.examples;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The names of capabilities(7), by number. */
final class CapabilityNames {

    private static final List<String> NAMES = List.of("chown", "dac_override", "dac_read_search", "fowner", "fsetid",
            "kill", "setgid", "setuid", "setpcap", "linux_immutable", "net_bind_service", "net_broadcast", "net_admin",
            "net_raw", "ipc_lock", "ipc_owner", "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct",
            "sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time", "sys_tty_config", "mknod", "lease",
            "audit_write", "audit_control", "setfcap", "mac_override", "mac_admin", "syslog", "wake_alarm",
            "block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore");

    private CapabilityNames() {}

    /** A set, as short as it can be said: what is missing where that is less. */
    static String of(long set) {
        long all = (1L << NAMES.size()) - 1;
        long missing = all & ~set;
        if (set == 0) {
            return "none";
        }
        if (missing == 0) {
            return "all";
        }
        return Long.bitCount(missing) < Long.bitCount(set) ? "all but " + words(missing) : words(set);
    }

    private static String words(long set) {
        return IntStream.range(0, Long.SIZE).filter(bit -> (set >> bit & 1) != 0)
                .mapToObj(bit -> bit < NAMES.size() ? NAMES.get(bit) : Integer.toString(bit))
                .collect(Collectors.joining(", "));
    }
}
