"""Real container engines, for the tests."""

from .cli import Docker, DockerRemapped, Podman, PodmanRootless
from .host import Ask, Host, MAPPED, cannot, container_pid1
from .oci import Containerd, Crun, Runc
from .system import Lxc, Nspawn

ENGINES = {engine.name: engine for engine in (
    Runc, Crun, Containerd, Docker, Podman, PodmanRootless, Lxc, Nspawn)}
