"""Starts and ends of every kind, each with an exit code of its own."""

import os
import pwd
import select
import shutil
import signal
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from conftest import ROOTLESS
from soak import PATIENCE

HARMLESS = {signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH,
            signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
# BusyBox's shell, whose signal it is here, ignores SIGQUIT.
DEADLY = [number for number in range(1, 65)
          if number not in HARMLESS | {signal.SIGQUIT}]
ALL = ("--unshare=all --root={image} --standard-mounts --read-only "
       "--tmpfs=/srv --hostname=soak")
LEAVES = "exec >/dev/null 2>&1; catch 15 & setsid catch 15 & "


class Life(NamedTuple):
    """How one is started, how it ends, and what its exit code is then."""

    name: str
    options: str
    app: list
    ending: int = 0  # the signal that it gets once it has said "ready"
    code: int = None  # {code} where there is none
    rootless: bool = False


LIVES = [
    Life("ends by itself", "--user=1000", ["sh", "-c", "exit {code}"]),
    Life("dies of a signal", "--user=1000 --ulimit=core=0",
         ["sh", "-c", "kill -{signal} $$"]),
    Life("is stopped", "--user=1000", ["answer", "{code}"], signal.SIGTERM),
    Life("leaves others", "--user=1000",
         ["sh", "-c", LEAVES + "exit {code}"]),
    Life("leaves some that do not end", "--user=1000 --stop-grace=5ms",
         ["sh", "-c", "catch 0 >/dev/null 2>&1 & exit {code}"]),
    Life("ends with its last process", "--user=1000 --wait=all",
         ["sh", "-c", "sh -c 'exec md5sum /bin/sh >/dev/null' & "
          "exit {code}"]),
    Life("keeps a capability", "--user=1000:1000 --cap=net_bind_service,chown",
         ["sh", "-c", "exit {code}"]),
    Life("becomes the app", "--exec --user=1000", ["sh", "-c", "exit {code}"]),
    Life("a container", ALL + " --user=www", ["sh", "-c", "exit {code}"]),
    Life("a container that is stopped", ALL + " --user=www",
         ["answer", "{code}"], signal.SIGTERM),
    Life("a container that leaves others", ALL + " --user=www",
         ["sh", "-c", LEAVES + "exit {code}"]),
    Life("a container whose rind is killed", ALL + " --user=www",
         ["answer"], signal.SIGKILL, 128 + signal.SIGKILL),
    Life("a container without root", ALL, ["sh", "-c", "exit {code}"],
         rootless=True),
    Life("does not start", "--user=nosuch", ["true"], code=125),
    Life("cannot be run", "--user=1000", ["/etc"], code=126),
    Life("is not there", "--user=1000", ["/nosuch"], code=127),
]
PLAIN_ENDS = 125, 126, 127
LEFT = (b"rind: stop: the app has exited with 0 and left processes: SIGTERM to "
        b"them (if one is a daemon, add --wait=all)\n")


def expected_of(life, code, deadly):
    if life.code is not None:
        return life.code
    return 128 + deadly if "{signal}" in life.app[-1] else code


class Lives:
    """Starts BINARY, from the image PLACE/busybox; what is started carries
    ENVIRONMENT."""

    def __init__(self, place, binary, environment):
        self.image = place / "busybox"
        self.binary = str(self.image / binary)
        self.environment = os.environ | environment | {
            "PATH": f"{self.image}/bin:/usr/bin:/bin"}
        self.codes = set()

    def words(self, life, code, deadly):
        words = [self.binary, *life.options.split(), "--", *life.app]
        words = [word.format(image=self.image, code=code, signal=deadly)
                 if "{" in word else word for word in words]
        if life.rootless:
            user = pwd.getpwnam(ROOTLESS)
            # BusyBox has a setpriv of its own in PATH.
            words = [shutil.which("setpriv"), f"--reuid={user.pw_uid}",
                     f"--regid={user.pw_gid}", "--clear-groups", *words]
        return words

    def live(self, number):
        """The NUMBERth life, of all kinds in turns; what went wrong, or
        None."""
        life = LIVES[number % len(LIVES)]
        turn = number // len(LIVES)
        # All codes within 256 turns, and most of their range within ten.
        code, deadly = turn * 101 % 256, DEADLY[turn * 11 % len(DEADLY)]
        words = self.words(life, code, deadly)
        popen = subprocess.Popen(words, env=self.environment, cwd="/",
                                 stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT)
        said = b""
        try:
            if life.ending:
                assert select.select([popen.stdout], [], [], PATIENCE)[0]
                said = popen.stdout.readline()
                popen.send_signal(life.ending)
            said += popen.communicate(timeout=PATIENCE)[0]
        finally:
            popen.kill()
            popen.communicate()
        got = popen.returncode
        got = 128 - got if got < 0 else got
        expected = expected_of(life, code, deadly)
        self.codes.add(got)
        fine = got == expected and (
            said.startswith(b"rind: ") and said.count(b"\n") == 1
            if life.code in PLAIN_ENDS else
            said == (b"ready\n" if life.ending else b"")
            # One that has ended before rind looks is not left.
            or "leaves" in life.name and got == 0 and said == LEFT)
        return None if fine else (f"{number}: {life.name}: {got} in place of "
                                  f"{expected}: {said!r}")

    def all(self, count):
        """COUNT lives, as many at a time as there are CPUs; what went wrong."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(filter(None, pool.map(self.live, range(count))))

    def pace(self, count):
        """The medians, for COUNT starts and as many starts of the same
        namespaces by unshare(1), in turns: of the time that each takes, and of
        its CPU time, in ms."""
        kinds = "pid", "mount", "ipc", "uts"
        commands = {
            "rind": [self.binary, "--unshare=" + ",".join(kinds),
                     "--user=1000", "/bin/true"],
            "unshare": ["/usr/bin/unshare", *(f"--{kind}" for kind in kinds),
                        "--fork", "/bin/true"]}
        times = {name: [] for name in commands}
        for _ in range(count):
            for name, words in commands.items():
                times[name].append(time_of(words))
        return {name: [statistics.median(column) for column in zip(*taken)]
                for name, taken in times.items()}


def time_of(words):
    """How long WORDS take, and how long they are on a CPU, in ms."""
    before = time.perf_counter()
    pid = os.posix_spawn(words[0], words, {"PATH": "/usr/bin:/bin"})
    _, status, usage = os.wait4(pid, 0)
    taken = time.perf_counter() - before
    assert status == 0
    return taken * 1000, (usage.ru_utime + usage.ru_stime) * 1000
