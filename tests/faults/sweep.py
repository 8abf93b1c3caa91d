"""Every system call that rind makes until the app runs, made to fail in turn.

build/tests/fault brings about one fault in one process; build/tests/readback,
as the app, tells what it is. Each time either the app ran as it does without a
fault, or it did not run, and rind has said so in one line.
"""

import errno
import fcntl
import os
import re
import shutil
import subprocess
import tempfile
import termios
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path

import harness

FAULT = harness.BUILD / "tests" / "fault"
ERRORS = ["EPERM", "ENOMEM", "EINTR", "EINVAL", "ENOSYS"]

# Calls that have no way to fail, by their manual pages; and the one without
# which no program can begin (arch_prctl(2) takes any address of its own).
CANNOT_FAIL = set("""
getpid getppid getuid geteuid getgid getegid gettid getpgrp umask exit
exit_group set_tid_address arch_prctl
""".split())

# Calls that a filter answers with 0 and leaves undone, as those do that let
# package managers believe in a root of their own.
LIED_ABOUT = set("""
setresuid setresgid setgroups capset prctl fchown mknodat setsid
""".split())



def call_names():
    """Number to name, from the kernel's own header."""
    found = {}
    for header in Path("/usr/include").glob("**/asm/unistd_64.h"):
        for name, number in re.findall(r"#define __NR_(\w+) (\d+)",
                                       header.read_text()):
            found[int(number)] = name
    return found


NAMES = call_names()


class Configuration:
    """One way to start rind: the words before the app, who starts it, and as
    PID 1 or not; and whether in the session of a terminal, which none of the
    streams is."""

    def __init__(self, words, app="{place}/busybox/bin/readback", user=0,
                 pid1=False, signals=False, every=1, terminal=False):
        self.terminal = terminal
        self.every = every  # so many of its calls are left to the full run
        self.words, self.app, self.user = words, app, user
        self.pid1, self.signals = pid1, signals


IN_IMAGE = "/bin/readback"
FULL = ("--unshare=all --root={place}/busybox --standard-mounts --read-only "
        "--tmpfs=/run  --mask=/home --protect=/var "
        "--mount=type=bind,source={place}/data,target=/var/www,readonly "
        "--hostname=h --boot-offset=100s ")

CONFIGURATIONS = {
    "plain": Configuration("", user=1000),
    "plain as PID 1": Configuration("", user=1000, pid1=True),
    "signals ignored and blocked": Configuration("", user=1000, signals=True),
    "user and capabilities": Configuration(
        "--user=daemon --cap=net_bind_service,chown --umask=027 --nice=5 "
        "--ulimit=nofile=64:128 --oom-score-adj=500 --workdir=/ --env=A=1 "
        "--env-file={place}/env --unset-env=HOME --parent-death=TERM "
        "--rewrite=TERM:QUIT --die-with-rind", pid1=True),
    "groups and new privileges": Configuration(
        "--user=1000:1000 --groups=5,50 --allow-new-privs --clear-env"),
    "from a terminal": Configuration("--user=daemon", terminal=True),
    "from a terminal into namespaces": Configuration(
        "--user=daemon --unshare=user,pid", terminal=True),
    "root": Configuration("--user=root --cap=docker", pid1=True),
    "exec": Configuration("--exec --user=daemon --cap=chown --nice=3 "
                          "--parent-death=TERM"),
    "rootless": Configuration(FULL + "--user=www", IN_IMAGE, user=34,
                              every=6),
    "everything": Configuration(
        FULL + "--uid-map=0:100000:65536 --gid-map=0:100000:65536 "
        "--user=www --cap=net_bind_service", IN_IMAGE),
    "everything but a user namespace": Configuration(
        FULL.replace("=all", "=mount,pid,net,ipc,uts,cgroup,time")
        + "--user=www --cap=sys_chroot", IN_IMAGE, every=6),
    "overlay": Configuration(
        "--unshare=mount,ipc --mount=type=overlay,target=/,lowerdir={place}/"
        "busybox --mount=type=proc,target=/proc --user=www --exec", IN_IMAGE,
        pid1=True),
}


class Fault:
    """One call: which process, its number, the how manieth; and what to do."""

    def __init__(self, process, number, nth, action):
        self.process, self.number, self.nth = process, number, nth
        self.action = action

    def __str__(self):
        name = NAMES.get(self.number, self.number)
        return f"process {self.process}, {name} {self.nth}: {self.action}"

    def where(self):
        action = self.action.rstrip("+")
        if action == "lie":
            action = "0"
        elif action != "kill":
            action = str(getattr(errno, action))
        if self.action.endswith("+"):
            action += "+"
        return f"{self.process}:{self.number}:{self.nth}:{action}"


class Result:
    def __init__(self, code, out, err, report):
        self.code, self.out, self.err, self.report = code, out, err, report

    def __str__(self):
        seen = Counter(line for line in self.report
                       if not line.startswith(("call", "holds")))
        seen = [line if count == 1 else f"{line} ({count} times)"
                for line, count in seen.items()]
        return (f"code {self.code}, report {seen}, stderr "
                f"{self.err!r}, app {'ran' if self.out else 'did not run'}")


def own_namespaces():
    return {os.readlink(f"/proc/self/ns/{kind}")
            for kind in os.listdir("/proc/self/ns")}


def normal(text, own):
    """What is the same in every run that asks for the same."""
    lines = []
    for line in text.splitlines():
        if line.startswith("namespace: "):
            name = line.removeprefix("namespace: ")
            line = (f"namespace: {name.split(':')[0]} "
                    f"{'of the host' if name in own else 'of its own'}")
        elif line.startswith("mount: "):
            fields = line.split()
            line = " ".join(fields[4:])
            line = re.sub(r"\b(shared|master|propagate_from):\d+", r"\1",
                          line)
            line = re.sub(r",(upperdir|workdir|uuid)=[^, ]*", "", line)
        lines.append(line)
    return alike(lines)


def alike(lines):
    """Two ways to the same: a mount that is read-only denies writes whether its
    file system is or not; a device node may be bound where mknod(2) is refused;
    and the init waits for signals in a call that takes them while blocked, or
    has them blocked all the time and, where the kernel reaps, ignores SIGCHLD.
    """
    kept = []
    signals = dict(line.removeprefix("init: ").split(":\t") for line in lines
                   if line.startswith(("init: SigBlk", "init: SigIgn")))
    for line in lines:
        if line.startswith(("init: SigBlk", "init: SigIgn")):
            if int(signals["SigBlk"], 16) or not (
                    int(signals["SigIgn"], 16) & 1 << 16):
                line = "init: signals are blocked"
        if re.match(r"/\w+ /dev/(null|zero|full|u?random|tty) ", line):
            continue
        kept.append(re.sub(r"^(/\S* \S+ ro.* - \w+ \S+) r[ow]", r"\1 r", line))
    return kept


def without_gid(lines):
    """Where setgroups(2) is refused: whose gid it is, is in that group whether
    the list of groups has it too or not."""
    gid, = {line.split()[3] for line in lines if line.startswith("ids: ")}
    kept = []
    for line in lines:
        head, word, groups = re.match(
            r"(app: |ids: .*, )?([Gg]roups:)?(.*)", line).groups()
        if head and word:
            groups = [group for group in groups.split() if group != gid]
            line = f"{head}{word} {' '.join(groups)}"
        kept.append(line)
    return kept


@contextmanager
def dead_pipe():
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


@contextmanager
def full_pipe():
    """Full, and with a reader that does not read."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, bytes(4096))
    except BlockingIOError:
        os.set_blocking(writer, True)
    yield writer
    os.close(reader)
    os.close(writer)


@contextmanager
def own_terminal():
    """What makes a process the leader of a session with a terminal."""
    ends = os.openpty()

    def lead():
        os.setsid()
        fcntl.ioctl(ends[1], termios.TIOCSCTTY, 0)

    yield lead
    for fd in ends:
        os.close(fd)


STDERRS = {
    "a pipe": lambda: nullcontext(subprocess.PIPE),
    "closed": lambda: nullcontext(subprocess.DEVNULL),
    "/dev/full": lambda: open("/dev/full", "wb"),
    "a dead pipe": dead_pipe,
    "a full pipe": full_pipe,
}


class Sweep:
    """Runs of one configuration in PLACE, a directory with rind and the image
    busybox, from a mount namespace whose mounts can be counted. STDERR is where it
    leads to (STDERRS): what cannot be said changes nothing else."""

    def __init__(self, place, configuration, stderr="a pipe", unlike=()):
        self.place, self.how = Path(place), configuration
        self.stderr = stderr
        self.unlike = tuple(unlike)  # begins lines that are not to be compared
        self.own = own_namespaces()
        (self.place / "data").mkdir(exist_ok=True)
        (self.place / "env").write_text("B=2\n")
        self.scratch = Path(tempfile.mkdtemp(dir=self.place))
        self.scratch.chmod(0o755)
        self.mounts = Path("/proc/self/mountinfo").read_text()
        self.calls = []
        self.normal = None

    def run(self, where, before=()):
        """rind with the fault of WHERE, started by the words BEFORE."""
        handle, name = tempfile.mkstemp(dir=self.scratch)
        os.close(handle)
        how = self.how
        words = [str(FAULT), "-a", "/readback"]
        words += ["-u", str(how.user)] if how.user else []
        words += ["-1"] if how.pid1 else []
        words += ["-s"] if how.signals else []
        words += ["-c"] if self.stderr == "closed" else []
        words += [name, where, *before, str(self.place / "rind")]
        words += how.words.format(place=self.place).split()
        words += ["--", how.app.format(place=self.place), "x"]
        session = own_terminal if how.terminal else nullcontext
        with STDERRS[self.stderr]() as stderr, session() as lead:
            done = subprocess.run(
                words, cwd=self.scratch, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=stderr, text=True,
                errors="replace", check=False, timeout=harness.TIMEOUT,
                preexec_fn=lead,
                env={"PATH": "/usr/bin:/bin", "HOME": "/root"})
        report = Path(name).read_text().splitlines()
        os.unlink(name)
        return Result(done.returncode, done.stdout, done.stderr or "", report)

    def trace(self):
        """The run without a fault: what is asked for, and all calls."""
        result = self.run("trace")
        self.others = self.held(result)
        assert result.code == 0 and not result.err, result
        self.normal = self.seen(result)
        # Once more, to know that two honest runs are alike. PID 1 goes on
        # while the app begins: what it comes to in one run alone is left out.
        again = self.run("trace")
        assert self.seen(again) == self.normal
        common = Counter(self.made(result)) & Counter(self.made(again))
        seen = Counter()
        for call in self.made(result):
            seen[call] += 1
            if seen[call] <= common[call]:
                self.calls.append((*call, seen[call]))

    def seen(self, result):
        return [line for line in normal(result.out, self.own)
                if not line.startswith(self.unlike)]

    @staticmethod
    def made(result):
        """The calls of a trace: process and number of each."""
        return [tuple(map(int, line.split()[1:])) for line in result.report
                if line.startswith("call ")]

    def fallible(self):
        return [call for call in self.calls
                if NAMES.get(call[1]) not in CANNOT_FAIL]

    def each_once(self):
        """Every call with one error, another one from call to call."""
        return [Fault(*call, ERRORS[i % len(ERRORS)])
                for i, call in enumerate(self.fallible())]

    def all_errors(self):
        return [Fault(*call, error) for call in self.fallible()
                for error in ERRORS]

    def from_then_on(self):
        """As a filter does it: a call that fails once fails for ever."""
        first = {}
        for process, number, nth in self.fallible():
            first.setdefault((process, number), nth)
        return [Fault(process, number, nth, error + "+")
                for (process, number), nth in first.items()
                for error in ("EPERM", "ENOSYS")]

    def lies(self):
        return [Fault(*call, "lie") for call in self.calls
                if NAMES.get(call[1]) in LIED_ABOUT]

    def kills(self):
        return [Fault(*call, "kill") for call in self.calls]

    def judge(self, fault):
        """What is wrong after FAULT, or None; and whether it was met."""
        result = self.run(fault.where())
        return self.judge_result(fault, result), "hit" in result.report

    def judge_short(self, before, killed=False):
        """What is wrong where rind is started by the words BEFORE, as the
        machine is short of something; and whether the app ran."""
        nothing = Fault(0, 0, 0, "kill" if killed else "EPERM")
        result = self.run(nothing.where(), before)
        # It may have no room itself, once it is the app.
        if "app" in result.report and result.code > 128:
            return None, True
        return self.judge_result(nothing, result), bool(result.out)

    def judge_result(self, fault, result):
        trouble = [line for line in result.report if not line.startswith(
            ("call", "hit", "app", "holds"))]
        if trouble:
            return f"trouble: {result}"
        if result.out:
            return self.judge_app(fault, result)
        if fault.action == "kill":
            return self.judge_kill(result)
        if result.code not in (125, 126, 127):
            return f"wrong exit code: {result}"
        # A call that fails for ever fails in the rind inside, too, which then
        # may have said so before the one outside has ended it.
        lines = "{1,2}" if fault.action.endswith("+") else ""
        if self.stderr == "a pipe" and not re.fullmatch(
                rf"(rind: [a-z-]+: [^\n]+\n){lines}", result.err):
            return f"not one line that names the step: {result}"
        return None

    def judge_kill(self, result):
        """Of a process that was killed there may be nothing to say."""
        if result.code not in (125, 137):
            return f"wrong exit code: {result}"
        if result.err.count("\n") > 1:
            return f"more than one line: {result}"
        return None

    def judge_app(self, fault, result):
        lines = self.seen(result)
        if fault.action == "kill":
            # The init may be the one that was killed, once all was done.
            return next((f"the app has {line}" for line in lines
                         if line not in self.normal
                         and not line.startswith("init")), None)
        told = self.told_of_streams(result) or (
            self.stderr != "a pipe" and NAMES.get(fault.number) in (
                "fchown", "fstat", "newfstatat"))
        if lines != self.normal and told:
            lines = [line for line in lines if "descriptor" not in line]
            expected = [line for line in self.normal
                        if "descriptor" not in line]
        else:
            expected = self.normal
        if NAMES.get(fault.number) == "setgroups":
            lines, expected = without_gid(lines), without_gid(expected)
        if self.held(result) != self.others:
            return (f"another process holds {self.held(result)}, and not "
                    f"{self.others}")
        if lines != expected:
            ours, theirs = set(expected), set(lines)
            return (f"the app ran otherwise than asked: lost "
                    f"{sorted(ours - theirs)}, got {sorted(theirs - ours)}: "
                    f"{result}")
        if result.err and not told:
            return f"it ran, and said an error: {result}"
        if result.code:
            return f"it ran, but its exit code was lost: {result}"
        return None

    @staticmethod
    def held(result):
        """What the other processes of rind's were, whatever their order."""
        # Ids of nobody's: where one is not mapped (EINVAL), the next.
        return Counter(re.sub(r"\b(65530|998|997)\b", "65531",
                              line.split(maxsplit=2)[2])
                       for line in result.report if line.startswith("holds "))

    @staticmethod
    def told_of_streams(result):
        """The one thing that rind goes on without, and says so: an engine may
        withhold CAP_CHOWN."""
        return re.fullmatch("rind: streams: not given to the app's user: "
                            r"[^\n]+\n", result.err)

    def all_of(self, faults):
        """Tries FAULTS; returns what went wrong and how many were met."""
        # A full pipe is waited for, a second each time.
        jobs = (20 if self.stderr == "a full pipe" else 2) * os.cpu_count()
        with ThreadPoolExecutor(jobs) as pool:
            results = list(pool.map(self.judge, faults))
        wrong = [f"{fault}: {what}" for fault, (what, _) in
                 zip(faults, results) if what]
        if Path("/proc/self/mountinfo").read_text() != self.mounts:
            wrong.append("a mount is left behind")
        return wrong, sum(hit for _, hit in results)

    def end(self):
        shutil.rmtree(self.scratch, ignore_errors=True)
