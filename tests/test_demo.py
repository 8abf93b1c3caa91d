"""./build.sh demo: what a newcomer sees first is true, and leaves nothing."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

import harness


@pytest.fixture
def demo(own_mounts):
    """demo(user) are Popen's arguments that run the demo as root (None) or as
    another user, from a copy that all can read."""
    top = Path(tempfile.mkdtemp(prefix="rind-"))
    top.chmod(0o755)
    for name, mode in (("tests", 0o755), ("build", 0o755), ("tmp", 0o1777)):
        (top / name).mkdir()
        (top / name).chmod(mode)
    shutil.copy(harness.ROOT / "tests" / "demo", top / "tests")
    shutil.copy(harness.BUILD / "rind", top / "build")

    def arguments(user):
        words = [top / "tests" / "demo"]
        if user:
            words = ["setpriv", f"--reuid={user}", "--clear-groups",
                     f"--regid={pwd.getpwnam(user).pw_gid}", *words]
        return {"args": words, "text": True, "stdout": subprocess.PIPE,
                "env": {**os.environ, "TMPDIR": str(top / "tmp")}}

    arguments.top = top
    before = traces(top)
    yield arguments
    harness.until(lambda: traces(top) == before, "the end of all it started")
    shutil.rmtree(top)


def traces(top):
    """What the demo could leave: processes, files and mounts."""
    processes = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if str(top).encode() in Path(f"/proc/{pid}/environ").read_bytes():
                processes.append(pid)
        except OSError:
            pass
    return (processes, os.listdir(top / "tmp"),
            Path("/proc/self/mountinfo").read_text())


@pytest.mark.whole
def test_the_demo_is_a_container_without_an_engine_in_under_5_seconds(demo,
                                                                      user):
    started = time.monotonic()
    ran = subprocess.run(**demo(user), stderr=subprocess.PIPE,
                         timeout=harness.TIMEOUT, check=False)
    assert harness.in_time(time.monotonic() - started, 5)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    rows = [line.split() for line in ran.stdout.splitlines()]
    assert ["<p>served", "from", "inside", "the", "skin</p>"] in rows
    first = ["0", "kill", "kill"] if not user else ["33", "none", "none"]
    assert ["1", "rind", *first, "1"] in rows
    assert any(row[1:] == ["httpd", "33", "net_bind_service",
                           "net_bind_service", "1"] for row in rows)
    mounted = {row[0]: row[1:] for row in rows if row and row[0][0] == "/"}
    assert set(mounted) == {"/", "/proc", "/sys", "/dev", "/tmp", "/run"}
    assert mounted["/"][1].startswith("ro,")
    assert "exit code 143" in ran.stdout
    assert "Nothing is left" in ran.stdout


@pytest.mark.parametrize("sig, code", [
    (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_demo_leaves_nothing_when_it_is_interrupted(demo, sig, code):
    with subprocess.Popen(**demo(None), stderr=subprocess.DEVNULL) as ran:
        ran.stdout.readline()
        ran.stdout.readline()
        ran.send_signal(sig)
        assert ran.wait(harness.TIMEOUT) == code


def test_the_demo_says_what_is_in_its_way(demo):
    ran = subprocess.run(**demo(None) | {"args": [
        "unshare", "--user", "--map-root-user", "sh", "-c",
        'echo 0 >/proc/sys/user/max_user_namespaces; exec "$0"',
        demo.top / "tests" / "demo"]}, stderr=subprocess.PIPE, check=False)
    assert ran.returncode == 1
    rind, own = ran.stderr.splitlines()
    assert rind.startswith("rind: namespaces: ")
    assert "/proc/sys/user/max_user_namespaces" in rind
    assert own == "demo: the server did not start (exit code 125)"
