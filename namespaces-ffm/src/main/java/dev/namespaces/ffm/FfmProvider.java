package dev.namespaces.ffm;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceSnapshot;
import dev.namespaces.ffm.handle.Opener;
import dev.namespaces.ffm.inspect.Census;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.spawn.ChildSignal;
import dev.namespaces.ffm.spawn.MountSupport;
import dev.namespaces.ffm.spawn.Recipe;
import dev.namespaces.spi.NamespaceOpener;
import dev.namespaces.spi.NamespaceProvider;
import dev.namespaces.spi.NamespaceSpec;

/** The provider over {@code java.lang.foreign}. */
public final class FfmProvider implements NamespaceProvider {

    /** For {@link java.util.ServiceLoader}. */
    public FfmProvider() {}

    @Override
    public String whyUnsupported() {
        String why = Native.whyUnsupported();
        return why.isEmpty() ? ChildSignal.whyUnusable() : why;
    }

    @Override
    public String whyUnsupported(NamespaceSpec spec) {
        return MountSupport.whyUnsupported(spec);
    }

    @Override
    public Compiled compile(NamespaceSpec spec) throws NamespaceException {
        return new Compilation(spec, Recipe.starter(spec));
    }

    @Override
    public NamespaceOpener opener() {
        return new Opener();
    }

    @Override
    public NamespaceSnapshot snapshot() throws NamespaceException {
        return Census.take();
    }
}
