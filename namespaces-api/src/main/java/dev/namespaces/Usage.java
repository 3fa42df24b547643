package dev.namespaces;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What an ended process has used, as the kernel counted it; see getrusage(2).
 *
 * <p>
 * The times are those of the process and of those of its descendants that it has waited for. Under a pid namespace's init the figures come
 * from inside the namespace, where a process that is root there may have falsified them: they inform, they do not prove.
 *
 * @param userTime processor time spent in the process's own code
 * @param systemTime processor time spent in the kernel for it
 * @param peakResidentBytes the largest resident memory of any one of these processes; empty where it cannot be told apart from the JVM's
 *     own, which is so whenever the command was started without a pid namespace's init
 */
public record Usage(Duration userTime, Duration systemTime, OptionalLong peakResidentBytes) {}
