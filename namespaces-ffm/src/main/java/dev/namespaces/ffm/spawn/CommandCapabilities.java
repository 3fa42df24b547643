package dev.namespaces.ffm.spawn;

import dev.namespaces.Capability;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.CapabilitySpec;
import dev.namespaces.spi.NamespaceSpec;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the command may do; capabilities(7). An exec makes the permitted and effective sets anew: for root of the bounding set, for anybody else of the
 * ambient one. So the process keeps what it has permitted until then, and acts as the command would; if the command cannot be executed, it still has
 * what it takes to take back what it has made.
 *
 * @param bounding what the command and its descendants may have
 * @param added what the command gets whoever it is: inheritable, and ambient
 * @param known every capability that is to be had
 * @param held what its process has permitted
 * @param effective what its process acts with at the end
 * @param change whether its process has others until then, or would lose them by a change of ids
 */
record CommandCapabilities(long bounding, long added, long known, long held, long effective, boolean change) {

    static CommandCapabilities of(Job job, Route route, Ids ids, Capabilities capabilities, Identity identity)
            throws NamespaceException {
        CapabilitySpec said = job.spec().process().capabilities();
        boolean user = job.hasUserNamespace();
        long known = Capabilities.known();
        long added = said.added() & (user ? known : capabilities.all());
        if (!CapabilitySpec.isAllBut(said.added()) && added != said.added()) {
            throw Refusals.exception(Step.ADD_CAPABILITY, names(said.added() & ~added), Errno.EPERM,
                    Remedies.ofAddedCapability());
        }
        boolean givesAll = user && !job.kindsOfFirstProcess().contains(NamespaceKind.USER); // later than the exec of stage 2
        long held = givesAll || NestedOps.isWanted(job.spec()) ? known : capabilities.held();
        boolean inherits = user
                ? route != Route.DIRECT && capabilities.ambient() != 0
                : Capabilities.inheritable() != 0;
        return new CommandCapabilities(said.bounding(), added, known, held,
                identity.mayBeRoot(job, ids) ? held & said.bounding() : added,
                !said.isDefault() || inherits || identity.changesIds());
    }

    private static String names(long set) {
        return IntStream.range(0, Long.SIZE).filter(capability -> (set & 1L << capability) != 0)
                .mapToObj(CommandCapabilities::name).collect(Collectors.joining(", "));
    }

    private static String name(int capability) {
        Capability[] named = Capability.values();
        return capability < named.length ? named[capability].kernelName() : "capability " + capability;
    }

    boolean drops() {
        return (known & ~bounding) != 0;
    }

    /** Takes those that are dropped from the bounding set, which no exec gives back. */
    void bound(ProgramBuilder b) {
        for (int capability = 0; capability < Long.SIZE; capability++) {
            if ((known & ~bounding & 1L << capability) != 0) {
                b.call(Sys.PRCTL, Operand.of(Linux.PR_CAPBSET_DROP, "PR_CAPBSET_DROP"),
                        Operand.of(capability, name(capability))).step(Step.DROP_CAPABILITY, name(capability));
            }
        }
    }

    /** What was dropped is dropped in the init too: the command may be able to trace it. But it must be able to hand signals on. */
    void boundInit(ProgramBuilder b) {
        bound(b);
        long kept = held & (bounding | Capabilities.set(Linux.CAP_KILL));
        Capabilities.capset(b, kept, kept, 0).step(Step.START_INIT, "");
    }

    /** Before the command's process gives up being root, which takes its capabilities otherwise. */
    void keepOverChangeOfIds(ProgramBuilder b) {
        if (change) {
            b.call(Sys.PRCTL, Operand.of(Linux.PR_SET_KEEPCAPS, "PR_SET_KEEPCAPS"), Operand.of(1))
                    .step(Step.CHANGE_IDS, "");
        }
    }

    /** Sets what the exec makes the command's sets of, the bounding set apart. */
    void set(ProgramBuilder b) {
        if (!change) {
            return;
        }
        Capabilities.capset(b, effective, held, added).step(Step.ADD_CAPABILITY, names(added));
        for (int capability = 0; capability < Long.SIZE; capability++) {
            if ((added & 1L << capability) != 0) {
                Capabilities.raise(b, capability).step(Step.ADD_CAPABILITY, name(capability));
            }
        }
    }

    /** Leaves its process nothing that the command will not have, as there is nothing to be taken back. */
    void giveUpTheRest(ProgramBuilder b) {
        if (change) {
            Capabilities.capset(b, effective, effective | added, added).step(Step.ADD_CAPABILITY, names(added));
        }
    }

    /** When the command could not be executed: its process may do again what it could. */
    void takeUp(ProgramBuilder b) {
        if (change) {
            Label taken = b.label("capabilities taken up");
            Capabilities.capset(b, held, held, 0).onNegative(taken);
            b.place(taken);
        }
    }
}
