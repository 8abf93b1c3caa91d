"""The engines' own piece of the host, and what is asked of an engine.

Daemons and clients run in a mount and a PID namespace of their own, with an
empty /run: nothing that an engine does stays behind, and the host is left as it
was, whatever engines it runs itself.
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import harness
import watch

LISTED = Path(__file__).resolve().parent.parent / "engines.md"
MAPPED = 200000  # where the user namespaces' ids begin on the host
COUNT = 65536
ROOTLESS = "backup"  # a user of every Debian, with no rights at all


@dataclass
class Ask:
    """What is to run, and what is asked of the engine beside it."""
    words: list
    rind: list = field(default_factory=lambda: ["--user=1000"])
    user: str = None
    drop_all: bool = False
    read_only: bool = False
    tty: bool = False
    memory: int = 0
    userns: bool = False
    seccomp: Path = None
    add: list = field(default_factory=list)  # capabilities


def cannot(engine, behaviour, reason):
    """Skips; where nothing may be skipped only what engines.md lists with this
    very reason is."""
    row = f"| {engine} | {behaviour} | {reason} |"
    if os.environ.get("CI") == "true" and row not in LISTED.read_text():
        pytest.fail(f"tests/engines.md does not list: {row}")
    pytest.skip(reason)


# PID 1 reaps what daemons leave. Debian's runc and crun know cgroups of one
# version at a time: where a host has both, the engines see the first alone.
SETTLE = """
set -e
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
mount --bind "$1" /etc/subuid
mount --bind "$1" /etc/subgid
! mountpoint -q /sys/fs/cgroup/unified || umount /sys/fs/cgroup/unified
echo ready
exec cat
"""


class Host:
    """Where the engines run; close() ends all that is in it."""

    def __init__(self):
        self.place = Path(tempfile.mkdtemp(prefix="rind-engines-"))
        self.ready = {}     # engines by name
        self.standing = {}  # and a container of each
        self.place.chmod(0o755)
        ids = self.place / "ids"
        ids.write_text("".join(f"{user}:{MAPPED}:{COUNT}\n"
                               for user in ("root", ROOTLESS)))
        self.logs = open(self.place / "log", "w")
        self.holder = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--",
             "tini", "--", "sh", "-c", SETTLE, "sh", str(ids)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.holder.stdout.readline() == b"ready\n"
        self.inside, = harness.children_of(self.holder.pid)

    def enter(self, words):
        return ["nsenter", f"--target={self.inside}", "--mount", "--pid",
                "--", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                "TERM=linux", *map(str, words)]

    def run(self, words, check=True, **kwargs):
        """Runs WORDS to their end; what they print is in the result."""
        if "input" not in kwargs:
            kwargs.setdefault("stdin", subprocess.DEVNULL)
        done = subprocess.run(self.enter(words), text=True,
                              timeout=harness.TIMEOUT,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              **kwargs)
        if check:
            assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done

    def serve(self, words, ready):
        """Starts a daemon; READY are words that succeed once it serves."""
        daemon = subprocess.Popen(
            self.enter(["setpriv", "--pdeathsig=KILL", *words]),
            stdin=subprocess.DEVNULL, stdout=self.logs, stderr=self.logs)

        def serves():
            assert daemon.poll() is None, (self.place / "log").read_text()
            return self.run(ready, check=False).returncode == 0

        harness.until(serves, words[0])

    def pid_here(self, pid):
        """The number here of the process that is PID to the engines."""
        return harness.until(lambda: next(
            (number for number in watch.all_below(self.inside)
             if harness.numbers_of(number)[1:2] == [pid]), None), pid)

    def close(self):
        self.holder.stdin.close()
        self.holder.wait(harness.TIMEOUT)
        self.logs.close()
        shutil.rmtree(self.place)


def container_pid1(name):
    """The pid on the host of the rind that is PID 1 of container NAME."""
    for entry in filter(str.isdigit, os.listdir("/proc")):
        words = harness.command_line(entry)
        if not words or f"--unset-env=RIND_TEST_{name}" not in words:
            continue
        if words[0] == "/rind" and harness.numbers_of(entry)[-1:] == ["1"]:
            return int(entry)
    return None


class Engine:
    """How one engine is asked. Engines differ in words; what is expected of
    rind in them does not."""

    name = None
    program = None     # that has to be there
    always_tty = False  # output comes by a terminal alone
    rind = []           # what rind needs to be told to fit the engine
    stops_in_time = True  # its stop kills after the seconds given to it
    interactive = ["sh", "-i"]
    lacks = {}          # field of Ask, or behaviour, to the reason

    def __init__(self, host):
        self.host = host
        self.place = host.place / self.name
        self.place.mkdir(exist_ok=True)

    def set_up(self):
        """Starts daemons, brings the image."""

    def tear_down(self):
        """Ends daemons that would not clean up if they were killed."""

    def command(self, name, ask):
        """The words that run a container in the foreground."""
        raise NotImplementedError

    def stop(self, name, seconds):
        """The words of the engine's own stop."""
        raise NotImplementedError

    def exec(self, name, words):
        """The words that run WORDS inside."""
        raise NotImplementedError

    def remove(self, name):
        """Takes away what is left of a container that has ended, or has not."""

    def code(self, name, process):
        """The container's exit code as the engine tells it."""
        return process.wait()

    def rind_words(self, name, ask):
        # By which it is found; the values of --env are hidden.
        return [f"--unset-env=RIND_TEST_{name}", *self.rind, *ask.rind, "--",
                *ask.words]

    def start(self, name, ask):
        process = harness.start(
            self.host.enter(self.command(name, ask)),
            tty=ask.tty or self.always_tty,
            find=lambda: container_pid1(name))
        process.name = name
        return process
