package dev.namespaces.ffm.inspect;

import dev.namespaces.NamespaceId;
import dev.namespaces.NamespaceInfo;
import dev.namespaces.NamespaceKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A namespace that a {@link Census} has come across, and what is known of it so far. */
final class Found {

    private final NamespaceKind kind;
    private final NamespaceId id;
    private final List<Member> members = new ArrayList<>();
    private final List<Path> pins = new ArrayList<>();
    private Optional<NamespaceId> owner = Optional.empty();
    private Optional<NamespaceId> parent = Optional.empty();
    private OptionalLong creatorUid = OptionalLong.empty();

    Found(NamespaceKind kind, NamespaceId id) {
        this.kind = kind;
        this.id = id;
    }

    /** A process that is in it. */
    private record Member(long pid, long started, Path link) {}

    /** Takes note of a process, once, however many of its threads are in it. */
    void add(long pid, long started, Path link) {
        if (members.isEmpty() || members.getLast().pid() != pid) {
            members.add(new Member(pid, started, link));
        }
    }

    void add(Path pin) {
        pins.add(pin);
    }

    void isRelated(Optional<NamespaceId> itsOwner, Optional<NamespaceId> itsParent, OptionalLong itsCreator) {
        owner = itsOwner;
        parent = itsParent;
        creatorUid = itsCreator;
    }

    NamespaceKind kind() {
        return kind;
    }

    NamespaceId id() {
        return id;
    }

    boolean isPinned() {
        return !pins.isEmpty();
    }

    /** Where it may be opened, as long as it is there. */
    Stream<Path> places() {
        return Stream.concat(pins.stream(), members.stream().map(Member::link));
    }

    NamespaceInfo info() {
        OptionalLong oldest = members.stream().min(Comparator.comparingLong(Member::started)
                .thenComparingLong(Member::pid)).map(member -> OptionalLong.of(member.pid()))
                .orElse(OptionalLong.empty());
        return new NamespaceInfo(kind, id, owner, parent, members.size(), oldest, pins, creatorUid);
    }
}
