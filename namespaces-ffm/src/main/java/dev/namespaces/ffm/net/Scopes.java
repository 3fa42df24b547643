package dev.namespaces.ffm.net;

import dev.namespaces.Scope;

/** Scopes by their numbers. */
final class Scopes {

    private Scopes() {}

    static Scope of(int number) {
        for (Scope scope : Scope.values()) {
            if (scope.number() == number) {
                return scope;
            }
        }
        return Scope.OTHER;
    }
}
