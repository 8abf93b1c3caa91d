"""Runs rind as a user would: in real namespaces, on the BusyBox image.

Tests wait on events (an exit, a line, a condition of /proc), never on a sleep
of a guessed length.
"""

import fcntl
import functools
import os
import pty
import select
import shlex
import signal
import subprocess
import termios
import time
from pathlib import Path

import vantage

CLONE = vantage.CLONE  # where it is built
ROOT = vantage.taken or CLONE  # where it is run
BUILD = ROOT / "build"
IMAGE = BUILD / "images" / "busybox"
TIMEOUT = 300  # no test needs so long, on a busy machine either; a hang does


def copy_image(place):
    vantage.copy_image(place, IMAGE)


def until(condition, what="the condition", timeout=TIMEOUT):
    """Returns condition()'s first true value; it is asked again and again,
    since the kernel has no event for most of what /proc shows."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come within {timeout} s")
        time.sleep(0.002)


STARTS = 50
QUICK = 0.1  # seconds that so many starts take where nobody else wants the CPUs


def slowness():
    """How many times longer something may take here and now: as many starts of
    a program do."""
    begin = time.monotonic()
    for _ in range(STARTS):
        subprocess.run(["/bin/true"], check=True)
    return max(1, (time.monotonic() - begin) / QUICK)


def in_time(seconds, limit):
    """Whether SECONDS are below LIMIT, for a machine as slow as this one is."""
    return seconds < limit or seconds < limit * slowness()


# How long a tracer holds something up, in seconds. Who is late then, on a busy
# machine, tries again with the next.
DELAYS = 1, 10, 60


def status_of(pid):
    """The fields of /proc/PID/status as a dict."""
    text = Path(f"/proc/{pid}/status").read_text(errors="replace")
    return dict(line.split(":\t", 1) for line in text.splitlines()
                if ":\t" in line)


def numbers_of(pid):
    """The numbers of PID, as text, in its PID namespaces, the outermost first;
    none if it has ended."""
    try:
        return status_of(pid)["NSpid"].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def children_of(pid):
    """The pids whose parent is PID."""
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            found += Path(f"/proc/{pid}/task/{task}/children").read_text(
                ).split()
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        pass
    return sorted(map(int, found))


def command_line(pid):
    """The words of a process, [] for one that is gone or a zombie."""
    try:
        data = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [word.decode(errors="replace") for word in data.split(b"\0")[:-1]]


@functools.cache
def _rinds():
    """What is under test, as it was built."""
    return {(BUILD / name).read_bytes() for name in ("rind", "rind-wait-loop")}


def is_rind(pid):
    """Whether PID runs rind, or a copy of it, under whatever name."""
    try:
        with open(f"/proc/{pid}/exe", "rb") as file:
            size = os.fstat(file.fileno()).st_size
            return (size in map(len, _rinds()) and file.read() in _rinds())
    except OSError:
        return False


def rind_below(parent):
    """The child of PARENT that is rind, or None."""
    return next(filter(is_rind, children_of(parent)), None)


class Process:
    """A started rind: its pid on the host, its output as it comes."""

    def __init__(self, popen, find=None, terminal=None):
        self.popen = popen
        self.terminal = terminal  # the pty's master, or None
        self._find = find  # how to find rind, if POPEN is another program
        self._pid = None
        self.seen = {"out": b"", "err": b""}
        self._streams = {"out": popen.stdout, "err": popen.stderr}
        for stream in self._streams.values():
            if stream:
                os.set_blocking(stream.fileno(), False)

    @property
    def pid(self):
        """rind's own pid as the host sees it."""
        if self._pid is None:
            self._pid = (until(self._find, "rind as PID 1")
                         if self._find else self.popen.pid)
        return self._pid

    @property
    def app(self):
        """The pid of rind's first child, the app, once it is the app."""
        def find():
            for pid in children_of(self.pid):
                words = command_line(pid)
                # Last: what starts rind may have other words until it does.
                # Without values, of which rind hides its own.
                if words and names(words) != names(command_line(self.pid)):
                    return pid
            return None

        def names(words):
            return [word.partition("=")[0] for word in words]
        return until(find, "the app")

    def kill(self, sig):
        """Sends rind a signal, by name or number, from outside."""
        if isinstance(sig, str):
            sig = signal.Signals["SIG" + sig]
        os.kill(self.pid, sig)

    def _pump(self, timeout):
        fds = {}
        for name, stream in self._streams.items():
            if stream and not stream.closed:
                fds[stream.fileno()] = (name, stream)
        if self.terminal is not None:
            fds[self.terminal] = ("out", None)
        ready, _, _ = select.select(list(fds), [], [], timeout)
        for fd in ready:
            name, stream = fds[fd]
            try:
                data = os.read(fd, 65536)
            except BlockingIOError:
                continue
            except OSError:  # EIO: the last slave of the pty is closed
                data = b""
            if data:
                self.seen[name] += data
            elif stream:
                stream.close()
            else:
                os.close(self.terminal)
                self.terminal = None
        return bool(ready)

    def read_until(self, text, stream="out", timeout=TIMEOUT):
        """Waits until TEXT has been printed; returns all printed so far."""
        want = text.encode() if isinstance(text, str) else text
        deadline = time.monotonic() + timeout
        while want not in self.seen[stream]:
            left = deadline - time.monotonic()
            if left <= 0 or (not self._pump(min(left, 0.5))
                             and self.popen.poll() is not None):
                self._pump(0)
                if want in self.seen[stream]:
                    break
                raise AssertionError(f"{text!r} was not printed: {self.seen}")
        return self.seen[stream].decode(errors="replace")

    def type(self, text):
        """Types into the terminal, or writes to stdin."""
        data = text.encode()
        if self.terminal is not None:
            os.write(self.terminal, data)
        else:
            os.write(self.popen.stdin.fileno(), data)

    def wait(self, timeout=TIMEOUT):
        """The exit code as a shell tells it; reads all output first."""
        deadline = time.monotonic() + timeout
        while self.popen.poll() is None:
            if time.monotonic() > deadline:
                self.destroy()
                raise TimeoutError(f"rind did not end: {self.seen}")
            self._pump(0.01)
        while self._pump(0) and (self.terminal is not None or any(
                s and not s.closed for s in self._streams.values())):
            pass
        code = self.popen.returncode
        return 128 - code if code < 0 else code

    @property
    def out(self):
        return self.seen["out"].decode(errors="replace")

    @property
    def err(self):
        return self.seen["err"].decode(errors="replace")

    def destroy(self):
        """Ends everything, whatever state it is in."""
        if self.popen.poll() is None:
            for pid in children_of(self.popen.pid):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            self.popen.kill()
            self.popen.wait()
        for stream in (self.popen.stdin, *self._streams.values()):
            if stream and not stream.closed:
                stream.close()
        if self.terminal is not None:
            os.close(self.terminal)
            self.terminal = None


CHROOT = 'chroot "$IMAGE"'


def namespace_command(rind_words, image=IMAGE, proc=True, prepare="",
                      enter=CHROOT):
    """The words that run RIND_WORDS as PID 1 of new namespaces inside IMAGE;
    PREPARE is shell text run before, with $IMAGE set, and ENTER the command
    that runs them inside."""
    script = f"set -e; IMAGE={shlex.quote(str(image))}; "
    script += "mount --bind \"$IMAGE\" \"$IMAGE\"; "
    if proc:
        script += "mount -t proc proc \"$IMAGE/proc\"; "
    script += prepare + ("; " if prepare else "")
    script += f"exec {enter} {shlex.join(rind_words)}"
    return ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork",
            "--kill-child", "--", "sh", "-c", script]


def _process(popen, pid1, find, terminal=None):
    if pid1:
        find = functools.partial(rind_below, popen.pid)
    return Process(popen, find, terminal)


def start(words, tty=False, pid1=False, find=None, **kwargs):
    """Starts WORDS; stdin, stdout and stderr are pipes unless TTY, where they
    are a new terminal with the process as its session's leader, whose path
    takes the place of {terminal} in WORDS. rind itself is what FIND finds, with
    PID1 a child of that process."""
    if not tty:
        for name in ("stdin", "stdout", "stderr"):
            kwargs.setdefault(name, subprocess.PIPE)
        # As below an engine: not in the session of a terminal that is the
        # tests' own.
        kwargs.setdefault("start_new_session", True)
        return _process(subprocess.Popen(words, **kwargs), pid1, find)
    master, slave = pty.openpty()
    words = [str(word).replace("{terminal}", os.ttyname(slave))
             for word in words]

    def own_session():
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

    popen = subprocess.Popen(words, stdin=slave, stdout=slave, stderr=slave,
                             preexec_fn=own_session, **kwargs)
    os.close(slave)
    return _process(popen, pid1, find, master)
