"""rind and those that it stands beside, as a user would type them."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"
PROGRAMS = BUILD / "tests"
sys.path.insert(0, str(ROOT / "tests"))

from harness import until  # noqa: E402  (the path comes first)

RIND = str(BUILD / "rind")
LOOP = str(BUILD / "rind-wait-loop")
TRUE = ["/bin/busybox", "true"]

SETPRIV = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
ALL_OFF = [*SETPRIV, "--bounding-set=-all", "--no-new-privs"]

# As PID 1; what stays beside the app.
INITS = {
    "rind": [RIND, "--user=nobody"],
    "rind, wait loop": [LOOP, "--user=nobody"],
    "tini": ["tini", "--"],
    "tini-static": ["tini-static", "--"],
    "dumb-init": ["dumb-init", "--"],
    "catatonit": ["catatonit", "--"],
}
NO_INIT = "no init"

# Each group of starts: name, words, whether it counts as a peer. Where one is
# not PID 1, tini has to be told so (-s).
REAPS = {"tini": ["tini", "-s", "--"], "tini-static": ["tini-static", "-s", "--"]}
PLAIN = {
    "rind": [RIND, "--user=root", "--cap=all", "--allow-new-privs"],
    **REAPS,
    "dumb-init": ["dumb-init", "--"],
    "catatonit": ["catatonit", "--"],
}
DROPPED = {
    "rind": [RIND, "--user=nobody"],
    "rind, wait loop": [LOOP, "--user=nobody"],
    "tini + setpriv": [*REAPS["tini"], *ALL_OFF],
    "tini-static + setpriv": [*REAPS["tini-static"], *ALL_OFF],
    "tini + gosu": [*REAPS["tini"], "gosu", "nobody"],
    "tini + s6-setuidgid": [*REAPS["tini"], "s6-setuidgid", "nobody"],
    "tini + chpst": [*REAPS["tini"], "chpst", "-u", "nobody:nogroup"],
}
BECOMES = {
    "rind --exec": [RIND, "--exec", "--user=nobody"],
    "setpriv": ALL_OFF,
    "gosu": ["gosu", "nobody"],
    "s6-setuidgid": ["s6-setuidgid", "nobody"],
    "chpst": ["chpst", "-u", "nobody:nogroup"],
}
CONTAINED = {
    "rind": [RIND, "--user=nobody", "--unshare=mount,pid,ipc,uts",
             "--mount=type=proc,target=/proc", "--tmpfs=/dev", "--tmpfs=/tmp",
             "--read-only"],
    "bubblewrap": ["bwrap", "--unshare-pid", "--unshare-ipc", "--unshare-uts",
                   "--ro-bind", "/", "/", "--proc", "/proc", "--tmpfs", "/dev",
                   "--tmpfs", "/tmp", "--cap-drop", "ALL"],
}

# The files that each needs, and the packages that they come in.
FILES = {
    "rind": [RIND],
    "tini": ["tini"],
    "tini-static": ["tini-static"],
    "dumb-init": ["dumb-init"],
    "catatonit": ["catatonit"],
    "gosu": ["gosu"],
    "setpriv": ["setpriv"],
    "bubblewrap": ["bwrap"],
    "tini + gosu": ["tini", "gosu"],
    "tini + setpriv": ["tini", "setpriv"],
}
PACKAGES = ["tini", "dumb-init", "catatonit", "gosu", "util-linux",
            "bubblewrap", "s6", "runit", "hyperfine", "busybox-static"]


def size_of(file):
    return os.stat(os.path.realpath(shutil.which(str(file)))).st_size


def program(name, *arguments):
    return [str(PROGRAMS / name), *map(str, arguments)]


class Container:
    """WORDS as PID 1 of new PID and mount namespaces."""

    def __init__(self, words, **kwargs):
        kwargs.setdefault("stdin", subprocess.PIPE)
        kwargs.setdefault("stdout", subprocess.PIPE)
        self.popen = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child",
             "--mount-proc", *words], **kwargs)
        self._pid = None

    @property
    def pid(self):
        if not self._pid:
            self._pid = until(lambda: self.children(self.popen.pid),
                              "PID 1")[0]
        return self._pid

    @staticmethod
    def children(pid):
        path = Path(f"/proc/{pid}/task/{pid}/children")
        return [int(word) for word in path.read_text().split()]

    @property
    def app(self):
        """The pid of PID 1's only child."""
        return until(lambda: self.children(self.pid), "the app")[0]

    def read(self, file):
        return Path(f"/proc/{self.pid}/{file}").read_text()

    def value(self, file, key):
        for line in self.read(file).splitlines():
            if line.startswith(key + ":"):
                return int(line.split()[1])
        raise KeyError(key)

    @property
    def cpu_us(self):
        return int(self.read("schedstat").split()[0]) / 1000

    @property
    def switches(self):
        return (self.value("status", "voluntary_ctxt_switches") +
                self.value("status", "nonvoluntary_ctxt_switches"))

    def ready(self):
        """Waits for the app's word; PID 1 is then asleep soon, too."""
        assert self.popen.stdout.readline() == b"ready\n"
        return self

    def rest(self):
        """Waits until PID 1 sleeps and nothing of its start is left to do."""
        seen = []

        def settled():
            seen.append((self.cpu_us, self.switches,
                         self.read("stat").rpartition(")")[2].split()[0]))
            return len(seen) > 5 and len(set(seen[-5:])) == 1 \
                and seen[-1][2] == "S"
        until(settled, "PID 1 at rest")
        return self

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.popen.kill()
        self.popen.communicate()


def timed(function):
    start = time.monotonic()
    function()
    return time.monotonic() - start
