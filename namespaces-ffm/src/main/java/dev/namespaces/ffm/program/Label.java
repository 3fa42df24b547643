package dev.namespaces.ffm.program;

import org.jspecify.annotations.Nullable;

/** A place in a program that ops go to. */
public final class Label {

    final String name;
    @Nullable
    Integer index;
    final long outside;

    Label(String name, long outside) {
        this.name = name;
        this.outside = outside;
    }

    /** A place in another program, at a fixed address. */
    static Label outside(String name, long address) {
        return new Label(name, address);
    }
}
