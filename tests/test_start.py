"""Between the fork and the app's first instruction: neither process waits for
the other, and still nothing runs too early or against a stop signal. A tracer
holds the one or the other."""

import os
import shutil
import signal
import subprocess

import pytest

import harness
import watch
from conftest import need


@pytest.fixture
def held(tmp_path, rind):
    """held(whom) starts rind and holds it, or the app's process, right behind
    the fork; returns the process and both pids."""
    need(os.getuid() == 0, "the app has another user")
    tmp_path.chmod(0o777)
    started = []

    def run(whom):
        process = harness.start(
            [harness.BUILD / "tests" / "hold", whom, harness.BUILD / rind,
             "--user=1000:1000", shutil.which("touch"), "ran"], cwd=tmp_path)
        started.append(process)
        line = process.read_until("\n").split()
        assert line[0] == "held"
        return process, int(line[1]), int(line[2])

    yield run
    for process in started:
        process.destroy()


def is_ready(pid):
    """Whether rind has confined itself, said "go", and sleeps."""
    return (watch.state_of(pid) == "S" and
            harness.status_of(pid)["CapEff"].strip("0\n") == "2")


def test_the_app_runs_when_its_slow_process_is_let_go(held, tmp_path):
    process, pid, _ = held("child")
    harness.until(lambda: is_ready(pid), "rind at rest")
    assert not (tmp_path / "ran").exists()
    process.type("\n")
    assert process.wait() == 0
    assert (tmp_path / "ran").exists()


def test_a_stop_signal_takes_the_go_back(held, tmp_path):
    process, pid, _ = held("child")
    harness.until(lambda: is_ready(pid), "rind at rest")
    os.kill(pid, signal.SIGTERM)
    assert process.wait() == 143
    assert process.err == (
        "rind: start: SIGTERM: stopped before the app ran\n")
    assert not (tmp_path / "ran").exists()


def test_the_apps_process_that_is_killed_is_an_error(held, tmp_path):
    process, pid, child = held("child")
    harness.until(lambda: is_ready(pid), "rind at rest")
    os.kill(child, signal.SIGKILL)
    assert process.wait() == 125
    assert process.err == (
        "rind: start: the app's process: ended before it became the "
        "app (run rind again, with more memory if the kernel's log has "
        "an OOM kill)\n")
    assert not (tmp_path / "ran").exists()


def test_the_app_waits_for_a_slow_rind(held, tmp_path):
    process, _, child = held("parent")
    harness.until(lambda: watch.state_of(child) == "S", "the app's wait")
    # All that it gives up it has given up by now; it waits for "go" alone.
    assert harness.status_of(child)["NoNewPrivs"].strip() == "1"
    assert not (tmp_path / "ran").exists()
    process.type("\n")
    assert process.wait() == 0
    assert (tmp_path / "ran").exists()


def test_the_apps_process_does_not_outlive_a_rind_that_never_said_go(
        held, tmp_path):
    process, pid, child = held("parent")
    harness.until(lambda: watch.state_of(child) == "S", "the app's wait")
    os.kill(pid, signal.SIGKILL)
    process.wait()
    harness.until(lambda: not harness.command_line(child), "its end")
    assert not (tmp_path / "ran").exists()


def test_an_app_that_ended_before_rind_chose_how_to_reap_is_noticed(held):
    """A zombie that was there before SIGCHLD was ignored stays one."""
    process, _, child = held("parent")
    os.kill(child, signal.SIGKILL)
    harness.until(lambda: watch.state_of(child) == "Z", "its end")
    process.type("\n")
    assert process.wait() == 125
    assert "ended before it became the app" in process.err


def test_rind_is_confined_before_the_app_runs(tmp_path, rind):
    """Slow to be: its first call of many has to wait."""
    need(os.getuid() == 0, "the app has another user")
    need(shutil.which("strace"), "strace is not installed")
    subprocess.run(
        ["strace", "-f", "-qq", "-o", "log", "-e",
         "inject=chdir:delay_enter=300000", harness.BUILD / rind,
         "--user=1000:1000", "true"], cwd=tmp_path, check=True)
    log = (tmp_path / "log").read_text().splitlines()
    first, second = list(dict.fromkeys(line.split()[0] for line in log))
    confined = next(i for i, line in enumerate(log) if line.startswith(first)
                    and "PR_SET_DUMPABLE, SUID_DUMP_DISABLE" in line)
    runs = next(i for i, line in enumerate(log)
                if line.startswith(second) and "execve(" in line)
    assert confined < runs
