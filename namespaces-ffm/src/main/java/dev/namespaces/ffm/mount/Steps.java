package dev.namespaces.ffm.mount;

import dev.namespaces.spi.MountStep;

/** Adds one step of a mount namespace after the other. */
final class Steps {

    private final FileSystemOps fileSystems;
    private final BindOps binds;
    private final FileOps files;
    private final ProtectionOps protection;

    Steps(Kit kit, Sources sources, boolean inUserNamespace) {
        fileSystems = new FileSystemOps(kit, sources, inUserNamespace);
        files = new FileOps(kit);
        binds = new BindOps(kit, sources, files);
        protection = new ProtectionOps(kit);
    }

    void add(MountStep step) {
        switch (step) {
            case MountStep.Bind bind -> binds.add(bind);
            case MountStep.DataBind data -> binds.add(data);
            case MountStep.Tmpfs tmpfs -> fileSystems.add(tmpfs);
            case MountStep.Special special -> fileSystems.add(special);
            case MountStep.Dev dev -> fileSystems.add(dev);
            case MountStep.Overlay overlay -> fileSystems.add(overlay);
            case MountStep.NewFile file -> files.add(file);
            case MountStep.Directory directory -> files.add(directory);
            case MountStep.Symlink link -> files.add(link);
            case MountStep.Chmod chmod -> files.add(chmod);
            case MountStep.RemountReadOnly remount -> protection.add(remount);
            case MountStep.Mask mask -> protection.add(mask);
            case MountStep.ReadOnlyPath path -> protection.add(path);
            case MountStep.Propagate propagate -> protection.add(propagate);
        }
    }
}
