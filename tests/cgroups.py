"""A cgroup that limits something, of either version."""

import os
from pathlib import Path

# What limits it: the file of version 1, and of 2.
LIMITS = {
    "pids": ("pids.max", "pids.max"),
    "memory": ("memory.limit_in_bytes", "memory.max"),
}


def _hierarchy(controller):
    """The directory in which groups with that controller can be made, and its
    version; or None."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        path = Path(before.split()[4])
        kind, _, options = after.split()[:3]
        if kind == "cgroup" and controller in options.split(","):
            return path, 1
        if kind == "cgroup2" and controller in (
                path / "cgroup.subtree_control").read_text().split():
            return path, 2
    return None


def _own_group():
    """The group of this process, below the hierarchy's directory."""
    groups = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, kinds, path = line.split(":", 2)
        groups |= dict.fromkeys(kinds.split(","), path)
    return groups.get("pids", groups.get(""))


class Group:
    """A group that this process made, and is not itself in until it enters."""

    def __init__(self, path, limit):
        self.path, self.file = path, limit

    def enter(self):
        """This process, and all that it starts from now on."""
        self.before = self.path.parent / _own_group().lstrip("/")
        (self.path / "cgroup.procs").write_text(str(os.getpid()))

    def leave(self):
        (self.before / "cgroup.procs").write_text(str(os.getpid()))

    def count(self):
        """The tasks in it; zombies are some, too."""
        return int((self.path / "pids.current").read_text())

    def groups(self):
        """Those below it."""
        return [entry for entry in self.path.iterdir() if entry.is_dir()]

    def limit(self, count):
        """Shell text that puts the shell there and limits it to COUNT."""
        return (f"echo {count} >'{self.path}/{self.file}'; "
                f"echo $$ >'{self.path}/cgroup.procs'")

    def remove(self):
        self.path.rmdir()


def make_group(controller):
    """A new group, or None where none can be made."""
    try:
        found = _hierarchy(controller)
        if found is None:
            return None
        hierarchy, version = found
        path = hierarchy / f"rind-test-{os.getpid()}"
        path.mkdir()
        return Group(path, LIMITS[controller][version - 1])
    except OSError:
        return None
