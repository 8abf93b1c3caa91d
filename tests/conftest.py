"""Fixtures: rind as PID 1 in a container, and as a plain process."""

import os
import pwd
import shlex
import shutil
import signal
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest

import vantage

vantage.take(several="PYTEST_XDIST_WORKER" in os.environ)

# Only now: all of these name paths in it.
import engines
import harness
from vantage import CLONE_NEWNS, call, libc


# What is ignored here ("./build.sh test &" in a script, nohup(1)) would be in all
# that is started, and rind passes it on; what has a handler is not.
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, lambda *_: None)


def pytest_report_header(config):
    release = os.uname().release
    return f"kernel {release}, uid {os.getuid()}"


@pytest.fixture(scope="session", autouse=True)
def reachable_directory():
    """What is started as another user begins where that user may be."""
    os.chdir(harness.ROOT)


def pytest_addoption(parser):
    parser.addoption(
        "--quick", action="store_true",
        help="in seconds: each test once, by the first of its cases, and none "
        "that is marked whole, builds rind or needs an engine")


NOT_QUICK = {"engine_host", "tree", "trees"}


def is_quick(item, seen):
    """Whether ITEM is one of --quick's; SEEN holds the tests that have been."""
    test = item.path, item.originalname
    if (test in seen or item.get_closest_marker("whole") or
            NOT_QUICK.intersection(item.fixturenames)):
        return False
    seen.add(test)
    return True


# Side by side, what shares one thing that is costly to make, or that there is but
# one of, is done by one of the workers: by fixture, or by file and function. The
# longest come first.
TOGETHER = {
    "test_lint_is_clean": "build",
    "test_fuzz.py": "build",
    "engine_host": "engines",
    "test_emulated.py": "emulated",
    "trees": "trees",
    "table": "soak",
    "test_bench.py": "bench",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    if config.getoption("--quick"):
        seen = set()
        kept = [item for item in items if is_quick(item, seen)]
        config.hook.pytest_deselected(
            items=[item for item in items if item not in kept])
        items[:] = kept
    ranks = {group: rank for rank, group in
             enumerate(dict.fromkeys(TOGETHER.values()))}
    found = {}
    for item in items:
        for name in (item.originalname, item.path.name, *item.fixturenames):
            if name in TOGETHER:
                found[item] = TOGETHER[name]
                item.add_marker(pytest.mark.xdist_group(found[item]))
                break
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: ranks.get(found.get(item), len(ranks)))


def need(condition, reason):
    """Skips with REASON, or fails where nothing may be skipped."""
    if condition:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"cannot run here: {reason}")
    pytest.skip(reason)


@pytest.fixture(params=["rind", pytest.param("rind-wait-loop",
                                             marks=pytest.mark.whole)])
def rind(request):
    """Both ways of reaping: the kernel's, and the loop of older kernels."""
    return request.param


@pytest.fixture
def container():
    """container(*words, binary="rind", proc=True, tty=False, prepare="",
    image=IMAGE, enter=CHROOT, **popen) runs rind with WORDS as PID 1 inside the image."""
    need(os.getuid() == 0, "namespaces need root")
    started = []

    def run(*words, binary="rind", proc=True, tty=False, prepare="",
            image=harness.IMAGE, enter=harness.CHROOT, **kwargs):
        command = harness.namespace_command([f"/{binary}", *words],
                                            image, proc, prepare, enter)
        process = harness.start(command, tty=tty, pid1=True, **kwargs)
        started.append(process)
        return process

    yield run
    for process in started:
        process.destroy()


@pytest.fixture
def plain():
    """plain(*words, binary="rind", tty=False, **popen) runs rind on the host,
    where it is not PID 1."""
    started = []

    def run(*words, binary="rind", tty=False, **kwargs):
        process = harness.start([str(harness.BUILD / binary), *words],
                                tty=tty, **kwargs)
        started.append(process)
        return process

    yield run
    for process in started:
        process.destroy()


@pytest.fixture(scope="module")
def own_mounts():
    """The tests' own mount namespace, where mounts can be counted, with shared
    propagation, so that what leaks out of a container is seen."""
    need(os.getuid() == 0, "a mount namespace needs root")
    before = os.open("/proc/self/ns/mnt", os.O_RDONLY)
    cwd = os.getcwd()
    call(libc.unshare, CLONE_NEWNS)
    for propagation in ("--make-rslave", "--make-rshared"):
        subprocess.run(["mount", propagation, "/"], check=True)
    yield
    call(libc.setns, before, CLONE_NEWNS)
    os.close(before)
    os.chdir(cwd)


@pytest.fixture(scope="session")
def readable():
    """A directory that every user can read: rind and the BusyBox image."""
    place = Path(tempfile.mkdtemp(prefix="rind-"))
    place.chmod(0o755)
    shutil.copy(harness.BUILD / "rind", place)
    harness.copy_image(place / "busybox")
    (place / "empty").mkdir()
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def place(readable, own_mounts):
    """A fresh directory with rind and the image in it, for one test."""
    new = Path(tempfile.mkdtemp(prefix="test-", dir=readable))
    new.chmod(0o755)
    os.link(readable / "rind", new / "rind")
    subprocess.run(["cp", "-al", readable / "busybox", new / "busybox"],
                   check=True)
    yield new
    shutil.rmtree(new, ignore_errors=True)


class Typed:
    """Runs commands as a user types them, in a directory with rind and the
    image busybox; what they leave behind is counted at the end."""

    def __init__(self, place):
        self.place = place
        self.started = []
        self.mark = f"rind-test-{uuid.uuid4()}"
        self.mounts = Path("/proc/self/mountinfo").read_text()

    def start(self, command, user=None, strace=None, env=None, **kwargs):
        words = shlex.split(command)
        assert words[0] == "rind"
        words[0] = str(self.place / "rind")
        if strace:
            words = ["strace", "-f", "-qq", *shlex.split(strace), *words]
        if user:
            entry = pwd.getpwnam(user)
            words = ["setpriv", f"--reuid={entry.pw_uid}",
                     f"--regid={entry.pw_gid}", "--clear-groups", *words]
        kwargs.setdefault("cwd", self.place)
        process = harness.start(
            words, env=os.environ | (env or {}) | {"RIND_TEST": self.mark},
            **kwargs)
        self.started.append(process)
        return process

    def rind_of(self, process):
        """The pid of the outer rind, also where strace started it."""
        def find():
            for pid in [process.popen.pid,
                        *harness.children_of(process.popen.pid)]:
                words = harness.command_line(pid)
                if words and words[0] == str(self.place / "rind"):
                    return pid
            return None
        return harness.until(find, "rind")

    def __call__(self, command, code=0, **kwargs):
        """Runs COMMAND to its end; returns the process, whose exit code is
        CODE (None: any)."""
        process = self.start(command, **kwargs)
        got = process.wait()
        if code is not None:
            assert got == code, (got, process.out, process.err)
        return process

    def out(self, command, **kwargs):
        return self(command, **kwargs).out.strip()

    def fails(self, command, **kwargs):
        """The line that rind says when it cannot do COMMAND."""
        process = self(command, code=125, **kwargs)
        assert process.out == ""
        assert process.err.startswith("rind: "), process.err
        assert process.err.count("\n") == 1, process.err
        return process.err

    def processes(self):
        """All that was started here and still runs: rind, which shows no
        variable, by its file, what it has started by one."""
        def is_ours(pid):
            try:
                return (os.readlink(f"/proc/{pid}/exe")
                        == str(self.place / "rind")
                        or self.mark.encode() in
                        Path(f"/proc/{pid}/environ").read_bytes())
            except OSError:
                return False

        return [int(entry) for entry in os.listdir("/proc")
                if entry.isdigit() and is_ours(entry)]

    def assert_nothing_left(self):
        harness.until(lambda: not self.processes(), "the end of all")
        assert Path("/proc/self/mountinfo").read_text() == self.mounts


@pytest.fixture
def typed(place):
    runner = Typed(place)
    yield runner
    for process in runner.started:
        process.destroy()
    runner.assert_nothing_left()


@pytest.fixture
def mark():
    """A word that no other process has among its arguments."""
    return f"mark-{uuid.uuid4()}"


ROOTLESS = "backup"  # a user of every Debian, with no rights at all


@pytest.fixture(params=["root", "rootless"])
def user(request):
    """As root and as a user who owns nothing."""
    return None if request.param == "root" else ROOTLESS


@pytest.fixture(scope="session")
def engine_host():
    need(os.getuid() == 0, "engines need root")
    host = engines.Host()
    yield host
    for process in host.standing.values():
        process.engine.remove(process.name)
        process.destroy()
    for ready in host.ready.values():
        ready.tear_down()
    host.close()


@pytest.fixture
def engine(request, engine_host):
    """The engine of this name, ready to run containers; it stays so."""
    kind = engines.ENGINES[request.param]
    if kind.name in engine_host.ready:
        return engine_host.ready[kind.name]
    if not shutil.which(kind.program, path="/usr/sbin:/usr/bin"):
        engines.cannot(kind.name, "everything", "not installed")
    ready = kind(engine_host)
    try:
        ready.set_up()
    except (AssertionError, TimeoutError) as error:
        engines.cannot(kind.name, "everything", str(error))
    engine_host.ready[kind.name] = ready
    return ready


@pytest.fixture
def contain(engine):
    """contain(*words, **fields of Ask) starts a container in the engine."""
    started = []

    def start(*words, **fields):
        for field in fields:
            if field in engine.lacks:
                engines.cannot(engine.name, field, engine.lacks[field])
        name = f"rind-{uuid.uuid4().hex[:12]}"
        process = engine.start(name, engines.Ask(list(words), **fields))
        started.append(process)
        return process

    yield start
    for process in started:
        if process.popen.poll() is None:
            engine.remove(process.name)
        process.destroy()


@pytest.fixture
def standing(engine):
    """A container whose app is a shell that reads commands."""
    known = engine.host.standing
    if engine.name not in known:
        process = engine.start(f"rind-{uuid.uuid4().hex[:12]}", engines.Ask(
            ["sh"], rind=["--user=1000", "--cap=net_bind_service"]))
        process.engine = engine
        known[engine.name] = process
        if engine.always_tty:
            process.read_until("$ ")
        process.type("echo u''p\n")
        process.read_until("up")
    return known[engine.name]
