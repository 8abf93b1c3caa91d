"""Many containers at once, each in namespaces of its own."""

import os
import select
import signal
import subprocess

import harness
from soak import PATIENCE, children, held

KINDS = {"pid": "pid", "mount": "mnt", "uts": "uts", "ipc": "ipc"}


class Containers:
    """COUNT of them, started as TYPED does."""

    def __init__(self, typed, binary, count):
        self.binary = str(typed.place / "busybox" / binary)
        self.environment = os.environ | {"RIND_TEST": typed.mark}
        self.codes = [number % 256 for number in range(count)]
        self.started = []
        self.inits = []

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        for popen in self.started:
            popen.kill()
        for popen in self.started:
            popen.wait()
            popen.stdout.close()

    def start(self):
        """Returns when all apps run, all at the same time."""
        for number, code in enumerate(self.codes):
            self.started.append(subprocess.Popen(
                [self.binary, f"--unshare={','.join(KINDS)}", "--user=1000",
                 f"--hostname=soak-{number}", "--",
                 str(harness.BUILD / "tests" / "answer"), str(code)],
                env=self.environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
        self.hear(b"ready\n")
        self.inits = [children(popen.pid)[0] for popen in self.started]

    def hear(self, word):
        """Each says WORD, and no other."""
        for popen in self.started:
            ready, _, _ = select.select([popen.stdout], [], [], PATIENCE)
            assert ready, f"no {word} within {PATIENCE} s"
            assert os.read(popen.stdout.fileno(), 100) == word

    def assert_apart(self):
        assert all(popen.poll() is None for popen in self.started)
        for kind in KINDS.values():
            spaces = {os.readlink(f"/proc/{pid}/ns/{kind}")
                      for pid in self.inits}
            assert len(spaces) == len(self.started), kind

    def held(self):
        """What each holds as PID 1, and what outside."""
        return ([held(pid) for pid in self.inits],
                [held(popen.pid) for popen in self.started])

    def ask(self, number):
        """The signal NUMBER for all, and an answer by each."""
        for popen in self.started:
            popen.send_signal(number)
        self.hear(b".")

    def stop(self):
        """SIGTERM for all; their exit codes."""
        for popen in self.started:
            popen.send_signal(signal.SIGTERM)
        return [popen.wait(PATIENCE) for popen in self.started]
