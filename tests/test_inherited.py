"""What a process inherits besides ids and files: what the app gets of it, and
what PID 1 keeps. SECURITY.md has a row for each state."""

import os
import re
import subprocess
import time
from pathlib import Path
from dataclasses import dataclass

import pytest

import harness

INHERIT = str(harness.BUILD / "tests/inherit")
UNAME26 = 0x20000
ADDR_NO_RANDOMIZE = 0x40000
PER_LINUX32 = 8
FIFO = 1
IDLE = 3 << 13


def shown(text):
    return {name: int(value) for name, value in
            re.findall(r"^([a-z ]+): (-?\d+)\r?$", text, re.MULTILINE)}


def of_app(container, *states, words=(), binary="rind"):
    """What inherit(1) shows as the app of a rind with STATES."""
    process = container("--user=app", *words, "inherit", binary=binary,
                        enter=entering(states))
    assert process.wait() == 0, process.err
    return shown(process.out)


def entering(states, name="rind"):
    """Into the image with STATES, where rind is started under NAME."""
    quoted = " ".join(f"'{state}'" for state in states)
    return (f"{INHERIT} {quoted} -- {harness.CHROOT} "
            + ("" if name == "rind" else f"/bin/sh -c 'exec -a {name} \"$0\" "
               "\"$@\"'"))


@dataclass
class Row:
    state: str   # as inherit(1) sets it
    shows: str   # the line in which it shows
    given: int   # without rind
    app: int     # under rind
    label: str   # of its row in SECURITY.md


RESET = [
    Row("personality", "personality", UNAME26 | ADDR_NO_RANDOMIZE, 0,
        "flags of personality(2): no address randomisation, an old version in uname(2)"),
    Row("uname", "personality", PER_LINUX32 | ADDR_NO_RANDOMIZE, PER_LINUX32,
        "a 32-bit uname(2) (setarch(8))"),
    Row("merging", "merging", 1, 0,
        "merging of equal pages (PR_SET_MEMORY_MERGE)"),
    Row("memory errors", "memory errors", 1, 2,
        "how a memory error kills (PR_MCE_KILL)"),
    Row("umask", "umask", 0, 0o22,
        "a umask of 0"),
]
KEPT = [
    Row("umask 077", "umask", 0o77, 0o77,
        "any other umask"),
    Row("policy", "policy", FIFO, FIFO,
        "scheduling policy"),
    Row("nice", "nice", 7, 7,
        "niceness"),
    Row("affinity", "affinity", 1, 1,
        "CPU affinity"),
    Row("io priority", "io priority", IDLE, IDLE,
        "I/O priority"),
    Row("oom score", "oom score", 321, 321,
        "oom_score_adj"),
    Row("core filter", "core filter", 0x7f, 0x7f,
        "core dump filter"),
    Row("limit", "limit", 100000, 100000,
        "limits"),
    Row("timer slack", "timer slack", 123456, 123456,
        "timer slack"),
    Row("huge pages", "huge pages", 1, 1,
        "no transparent huge pages (PR_SET_THP_DISABLE)"),
    Row("memory policy", "memory policy", 3, 3,
        "memory policy (set_mempolicy(2))"),
    Row("ignored", "ignored", 1, 1,
        "ignored signals, signal mask"),
]


@pytest.mark.parametrize("row", RESET + KEPT, ids=lambda row: row.state)
@pytest.mark.parametrize("words", [[], ["--exec"]], ids=str)
def test_what_the_app_inherits(container, row, words):
    done = subprocess.run([INHERIT, row.state, "--", INHERIT], check=True,
                          stdout=subprocess.PIPE, text=True)
    assert shown(done.stdout)[row.shows] == row.given
    assert of_app(container, row.state, words=words)[row.shows] == row.app


# Not shown as a number by inherit(1), and tested on their own below.
ELSEWHERE = {"interval timers, alarm(2)", "environment",
             "blocked signals that came before rind began"}


def test_security_md_has_a_row_for_each_state_and_no_other():
    text = (harness.ROOT / "SECURITY.md").read_text()
    table = text.partition("## What is inherited\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| (.+?) \| (.+?) \|", table, re.MULTILINE))
    assert {row.label for row in RESET + KEPT} | ELSEWHERE == (
        set(rows) - {"state", "---"})
    for row in RESET + KEPT:
        assert (rows[row.label] == "kept") == (row.given == row.app or
                                               row.state == "uname")


@pytest.mark.parametrize("words", [["--umask=0"], ["--umask=0", "--exec"]],
                         ids=str)
def test_no_umask_at_all_can_be_asked_for(container, words):
    assert of_app(container, "umask", words=words)["umask"] == 0


def test_under_other_names_the_state_stays(container):
    process = container("-g", "--", "/bin/inherit",
                        enter=entering(["personality", "umask"], "tini"))
    assert process.wait() == 0, process.err
    found = shown(process.out)
    assert found["personality"] == UNAME26 | ADDR_NO_RANDOMIZE
    assert found["umask"] == 0


def test_timers_and_old_signals_are_not_the_apps_of_exec(container):
    found = of_app(container, "timers", "pending", words=["--exec"])
    assert (found["timers"], found["pending"]) == (0, 0)


@pytest.mark.whole
def test_a_timer_of_the_callers_reaches_nobody(container, rind):
    """It would end two seconds after the start, and rind would forward its
    signal; a start that takes as long shows nothing."""
    for _ in range(10):
        began = time.monotonic()
        process = container("--user=app", "catch", binary=rind,
                            enter=entering(["short timer"]))
        process.read_until("app ready")
        was_in_time = time.monotonic() - began < 1
        if was_in_time:
            harness.until(lambda: time.monotonic() > began + 2.2,
                          "the timer's end")
        process.kill("TERM")
        assert process.wait() == 0
        if was_in_time:
            assert "app 14 " not in process.out
            return
    raise AssertionError("no start in a second")


# PID 1's own


def scheduling(pid):
    return (os.sched_getscheduler(pid), os.getpriority(os.PRIO_PROCESS, pid),
            len(os.sched_getaffinity(pid)))


def waiting(container, rind, *states, words=()):
    process = container("--user=app", *words, "catch", binary=rind,
                        enter=entering(states))
    process.read_until("app ready")
    return process


def test_pid_1_has_no_real_time_policy(container, rind):
    process = waiting(container, rind, "policy", "affinity")
    assert scheduling(process.pid) == (os.SCHED_OTHER, 0, 1)
    assert scheduling(process.app) == (os.SCHED_FIFO, 0, 1)
    process.kill("TERM")
    assert process.wait() == 0


def test_pid_1_has_niceness_0(container, rind):
    process = waiting(container, rind, "nice")
    assert scheduling(process.pid)[1] == 0
    assert scheduling(process.app)[1] == 7
    process.kill("TERM")
    assert process.wait() == 0


def test_the_timeout_comes_beside_an_app_that_spins_in_real_time(container):
    """On one CPU, of which the kernel leaves the others 5 %."""
    process = container("--user=app", "--stop-timeout=100ms", "sh", "-c",
                        "trap '' TERM; echo ready; while :; do :; done",
                        enter=entering(["policy", "affinity"]))
    process.read_until("ready")
    process.kill("TERM")
    assert process.wait() == 137


def limit_of(pid):
    line = re.search(r"^Max cpu time +(\S+) +(\S+)",
                     Path(f"/proc/{pid}/limits").read_text(), re.MULTILINE)
    return line.groups()


def test_a_limit_of_cpu_time_is_the_apps_alone(container, rind):
    process = waiting(container, rind, "limit")
    assert limit_of(process.pid) == ("unlimited", "unlimited")
    assert limit_of(process.app) == ("100000", "unlimited")
    assert process.err == ""
    process.kill("TERM")
    assert process.wait() == 0


def test_a_limit_that_rind_may_not_lift_is_told(container, rind):
    process = waiting(container, rind, "hard limit")
    assert limit_of(process.app) == ("100000", "100000")
    process.kill("TERM")
    assert process.wait() == 0
    if limit_of_root_can_be_lifted():
        assert process.err == ""
        return
    assert process.err == (
        "rind: confine: cpu: the limit that rind was started with can end rind "
        "itself (start rind with CAP_SYS_RESOURCE, or without the limit)\n")


def limit_of_root_can_be_lifted():
    effective = int(harness.status_of(os.getpid())["CapEff"], 16)
    return bool(effective >> 24 & 1)  # CAP_SYS_RESOURCE


# The text of the start


@pytest.mark.parametrize("count", [1, 3, 4000])
def test_pid_1_shows_no_variable(container, rind, count):
    """CAP_PERFMON reads /proc/1/environ whatever else is closed."""
    variables = {f"SECRET_{number}": f"hidden-{number}" * 3
                 for number in range(count)}
    process = container(
        "--user=app", "--env=KEY=hidden-too", "--env", "OTHER=hidden-too",
        "--env=EMPTY=", "sh", "-c", "env; echo ready; cat", binary=rind,
        env=os.environ | variables)
    process.read_until("ready")
    for name, value in (variables | {"KEY": "hidden-too",
                                     "OTHER": "hidden-too",
                                     "EMPTY": ""}).items():
        assert f"{name}={value}\n" in process.out
    environ = Path(f"/proc/{process.pid}/environ").read_bytes()
    assert environ.strip(b"\0") == b""
    words = harness.command_line(process.pid)
    assert words == ["/rind" if rind == "rind" else "/rind-wait-loop",
                     "--user=app", "--env=KEY=**********", "--env",
                     "OTHER=**********", "--env=EMPTY=", "sh", "-c",
                     "env; echo ready; cat"]
    process.kill("TERM")
    assert process.wait() == 143


def test_the_rind_outside_shows_no_variable_either(typed):
    process = typed.start(
        "rind --unshare=pid --user=1000 --env=KEY=hidden-too -- "
        "sh -c 'echo $SECRET $KEY; read line'",
        env={"SECRET": "hidden"})
    process.read_until("hidden hidden-too")
    for pid in (process.popen.pid, *harness.children_of(process.popen.pid)):
        assert Path(f"/proc/{pid}/environ").read_bytes().strip(b"\0") == b""
        assert "--env=KEY=**********" in harness.command_line(pid)
    process.type("\n")
    assert process.wait() == 0


def test_pid_1_hides_what_none_has_dropped(container, rind):
    process = container("--user=app", "--env=A=hidden", "--env=none",
                        "--env=B=hidden", "sh", "-c", "echo ready; cat",
                        binary=rind)
    process.read_until("ready")
    assert harness.command_line(process.pid)[2:5] == [
        "--env=A=******", "--env=none", "--env=B=******"]
    process.kill("TERM")
    assert process.wait() == 143


def test_without_a_variable_nothing_is_erased(container, rind):
    process = container("--user=app", "sh", "-c", "echo ready; cat",
                        binary=rind, enter='env -i /usr/sbin/chroot "$IMAGE"')
    process.read_until("ready")
    assert harness.command_line(process.pid)[1:] == [
        "--user=app", "sh", "-c", "echo ready; cat"]
    process.kill("TERM")
    assert process.wait() == 143


def test_under_another_name_pid_1_shows_its_variables(container):
    """Images read them there."""
    process = container("--", "sh", "-c", "echo ready; cat",
                        enter=entering([], "tini"),
                        env=os.environ | {"SHOWN": "here"})
    process.read_until("ready")
    assert b"SHOWN=here" in Path(f"/proc/{process.pid}/environ").read_bytes()
    process.kill("TERM")
    assert process.wait() == 143
