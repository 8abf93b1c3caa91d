"""A cgroup that limits the number of processes, of either version."""

import os
from pathlib import Path


def _hierarchy():
    """The directory in which groups with a pids.max can be made, or None."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        path = Path(before.split()[4])
        kind, _, options = after.split()[:3]
        if kind == "cgroup" and "pids" in options.split(","):
            return path
        if kind == "cgroup2" and "pids" in (
                path / "cgroup.subtree_control").read_text().split():
            return path
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

    def __init__(self, path):
        self.path = path

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
        return (f"echo {count} >'{self.path}/pids.max'; "
                f"echo $$ >'{self.path}/cgroup.procs'")

    def remove(self):
        self.path.rmdir()


def make_pids_group():
    """A new group, or None where none can be made."""
    try:
        hierarchy = _hierarchy()
        if hierarchy is None:
            return None
        path = hierarchy / f"rind-test-{os.getpid()}"
        path.mkdir()
        return Group(path)
    except OSError:
        return None
