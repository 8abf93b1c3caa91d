"""Orphans leave no zombie, the app's exit code is never lost, and PID 1 does
nothing that nobody asked for."""

import os
import signal
import subprocess

import pytest

import cgroups
import harness
import watch
from conftest import need

# What these do unless an app says otherwise: signal(7).
IGNORED = {signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH}
STOPPING = {signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
DEADLY = [number for number in range(1, 65)
          if number not in IGNORED | STOPPING]


def only_the_app_is_left(process):
    return harness.children_of(process.pid) == [process.app]


@pytest.mark.whole
def test_orphans_leave_no_zombie(container, rind):
    process = container("--user=app", "orphans", "500", binary=rind)
    process.read_until("ready")
    process.type("\n")
    process.read_until("made")
    harness.until(lambda: only_the_app_is_left(process), "the orphans' end")
    process.popen.stdin.close()
    assert process.wait() == 0


@pytest.mark.whole
def test_orphans_leave_no_zombie_where_rind_is_not_pid_1(plain, rind):
    process = plain("--user=1000", harness.BUILD / "tests" / "orphans", "500",
                    binary=rind)
    process.read_until("ready")
    process.type("\n")
    process.read_until("made")
    harness.until(lambda: only_the_app_is_left(process), "the orphans' end")
    process.popen.stdin.close()
    assert process.wait() == 0


def test_a_daemon_that_forked_away_is_reaped(container, rind):
    process = container("--user=app", "sh", "-c",
                        "(setsid sh -c 'echo $$ >/tmp/pid; read line </tmp/go'"
                        " &); read line; exit 3", binary=rind,
                        prepare='rm -f "$IMAGE/tmp/go"; '
                        'mkfifo -m 666 "$IMAGE/tmp/go"; '
                        'mount -t tmpfs none "$IMAGE/var"')
    go = harness.IMAGE / "tmp" / "go"
    daemon = harness.until(lambda: [
        pid for pid in harness.children_of(process.pid)
        if pid != process.app], "the daemon")
    go.open("w").close()  # returns when the daemon has opened it, too
    harness.until(lambda: only_the_app_is_left(process), "its end")
    assert not os.path.exists(f"/proc/{daemon[0]}")
    process.type("\n")
    assert process.wait() == 3


def test_children_that_the_app_waits_for_are_still_its_own(container, rind):
    process = container("--user=app", "sh", "-c",
                        "(exit 7) & wait $!; echo $?", binary=rind)
    assert process.wait() == 0
    assert process.out == "7\n"


@pytest.mark.parametrize("number", DEADLY)
def test_death_by_a_signal_is_128_and_its_number(plain, rind, number):
    process = plain("--user=1000", "sh", "-c", f"kill -{number} $$",
                    binary=rind)
    assert process.wait() == 128 + number
    assert process.popen.returncode > 0  # not by dying of it as well


@pytest.mark.parametrize("name", ["KILL", "TERM", "SEGV", "ABRT"])
def test_death_by_a_signal_under_pid_1(container, rind, name):
    process = container("--user=app", "sh", "-c", f"kill -{name} $$",
                        binary=rind)
    assert process.wait() == 128 + signal.Signals["SIG" + name]


def test_an_app_that_is_killed_from_outside(container, rind):
    process = container("--user=app", "catch", binary=rind)
    process.read_until("ready")
    os.kill(process.app, signal.SIGKILL)
    assert process.wait() == 137


def test_an_app_whose_main_thread_ends_first_goes_on(container, rind):
    process = container("--user=app", "threads", "9", binary=rind)
    harness.until(lambda: "Z" in map(watch.state_of,
                                     harness.children_of(process.pid)),
                  "the main thread's end")
    process.type("\n")
    assert process.wait() == 9


def test_an_app_without_its_main_thread_still_gets_signals(container, rind):
    process = container("--user=app", "threads", "9", binary=rind)
    harness.until(lambda: "Z" in map(watch.state_of,
                                     harness.children_of(process.pid)),
                  "the main thread's end")
    process.kill("TERM")
    assert process.wait() == 143


@pytest.mark.whole
def test_an_exit_code_survives_a_storm_of_orphans(container, rind):
    process = container("--user=app", "sh", "-c", "orphans 300 & orphans 300; "
                        "exit 9", binary=rind)
    process.read_until("ready")
    process.type("\n")
    process.read_until("made")
    process.popen.stdin.close()
    assert process.wait() == 9


# --- the limit of processes ---


@pytest.mark.whole
def test_a_heap_of_ended_children_holds_no_signal_up(tmp_path):
    """An app can make children of rind's as fast as it reaps (CLONE_PARENT).
    The kernel hands out SIGCHLD before SIGPWR, as it is the lower number."""
    trace = tmp_path / "trace"
    process = harness.start(
        ["strace", "-o", trace, "-e", "trace=waitid,rt_sigtimedwait",
         harness.BUILD / "rind-wait-loop", "--user=1000",
         harness.BUILD / "tests" / "orphans", "500"])
    process.read_until("ready")
    own = watch.below(process.pid, "rind-wait-loop")
    harness.until(lambda: watch.settled(own), "rind at rest")
    os.kill(own, signal.SIGSTOP)
    process.type("\n")
    process.read_until("made")
    harness.until(lambda: [watch.state_of(child) for child in
                           harness.children_of(own)].count("Z") == 500,
                  "their end")
    os.kill(own, signal.SIGPWR)
    os.kill(own, signal.SIGCONT)
    assert process.wait() == 128 + signal.SIGPWR
    process.destroy()
    text = trace.read_text()
    assert text.count("si_code=CLD_EXITED") >= 500
    # Behind SIGPWR the app ends, and there is nothing to hold up any more.
    before = text.partition("si_signo=SIGPWR")[0]
    assert max(part.count("si_code=CLD_EXITED") for part in
               before.split("rt_sigtimedwait")) <= 100
    assert before.count("si_code=CLD_EXITED") <= 200


def test_an_app_beyond_its_users_limit_is_a_clear_error(container, rind):
    other = container("--user=4711", "sh", "-c", "catch 15 one & exec catch",
                      binary=rind)
    other.read_until("one ready")
    other.read_until("app ready")
    process = container("--user=4711", "--ulimit=nproc=1", "/bin/true",
                        binary=rind)
    assert process.wait() == 126
    assert process.err == ("rind: exec: /bin/true: Resource temporarily "
                           "unavailable (raise the user's limit of "
                           "processes)\n")
    other.kill("TERM")
    assert other.wait() == 0


@pytest.fixture
def process_limit():
    """process_limit(N): shell text that limits its own processes to N."""
    need(os.getuid() == 0, "cgroups need root")
    group = cgroups.make_group("pids")
    need(group, "no cgroup that limits processes can be made")
    yield group.limit
    group.remove()


def test_no_room_for_the_app_is_a_clear_error(container, rind, process_limit):
    process = container("--user=app", "true", binary=rind,
                        prepare=process_limit(1))
    assert process.wait() == 125
    assert process.err == ("rind: start: fork: Resource temporarily "
                           "unavailable (raise the limit of processes: ulimit -u, "
                           "or pids.max of the cgroup)\n")


def test_room_for_the_app_alone_is_enough(container, rind, process_limit):
    process = container("--user=app", "sh", "-c", "exit 5", binary=rind,
                        prepare=process_limit(2))
    assert process.wait() == 5
    assert process.err == ""


def test_at_the_limit_of_processes_nothing_is_lost(container, rind,
                                                   process_limit):
    process = container("--user=app", "sh", "-c", "orphans 100; exit 6",
                        binary=rind, prepare=process_limit(5))
    process.read_until("ready")
    process.type("\n")
    process.read_until("made")
    process.popen.stdin.close()
    assert process.wait() == 6


# --- what it costs ---


def kernel_reaps():
    """Linux 6.16 keeps an exit code in the pidfd: tried as rind itself does,
    by what a rind that is at rest ignores."""
    process = harness.start([str(harness.BUILD / "rind"), "--user=1000",
                             str(harness.BUILD / "tests" / "catch")])
    try:
        process.read_until("ready")
        return signal.SIGCHLD in watch.signals_of(process.pid, "SigIgn")
    finally:
        process.destroy()


def test_on_a_kernel_that_can_the_kernel_reaps(container):
    release = tuple(int(part) for part in
                    os.uname().release.split("-")[0].split(".")[:2])
    need(release >= (6, 16), "the kernel cannot before Linux 6.16")
    process = container("--user=app", "catch")
    process.read_until("ready")
    assert watch.signals_of(process.pid, "SigIgn") == {signal.SIGCHLD}
    process.kill("TERM")
    assert process.wait() == 0


def test_the_other_way_is_really_another(container):
    process = container("--user=app", "catch", binary="rind-wait-loop")
    process.read_until("ready")
    assert watch.signals_of(process.pid, "SigIgn") == set()
    process.kill("TERM")
    assert process.wait() == 0


@pytest.mark.whole
def test_pid_1_does_not_wake_for_an_orphan(container):
    need(kernel_reaps(), "the kernel cannot reap by itself (Linux 6.16)")
    process = container("--user=app", "orphans", "500")
    process.read_until("ready")
    before = harness.until(lambda: watch.settled(process.pid), "rind at rest")
    process.type("\n")
    process.read_until("made")
    harness.until(lambda: only_the_app_is_left(process), "the orphans' end")
    assert watch.switches_of(process.pid) == before
    process.popen.stdin.close()
    assert process.wait() == 0


def test_pid_1_does_not_wake_while_nothing_happens(container, rind):
    process = container("--user=app", "catch", binary=rind)
    process.read_until("ready")
    before = harness.until(lambda: watch.settled(process.pid), "rind at rest")
    # A whole life of another one, and a stop-timeout in it that is waited for.
    other = container("--user=app", "--stop-timeout=300ms", "catch", "0",
                      binary=rind)
    other.read_until("ready")
    other.kill("TERM")
    assert other.wait() == 137
    assert watch.switches_of(process.pid) == before
    process.kill("TERM")
    assert process.wait() == 0


@pytest.mark.whole
def test_the_app_at_work_does_not_wake_pid_1(container, rind):
    process = container("--user=app", "sh", "-c", "echo ready; read line; "
                        "dd if=/dev/zero bs=64k count=2000 2>/dev/null | "
                        "md5sum; read line", binary=rind)
    process.read_until("ready")
    before = harness.until(lambda: watch.settled(process.pid), "rind at rest")
    process.type("\n")
    process.read_until("  -\n")
    assert watch.switches_of(process.pid) == before
    process.type("\n")
    assert process.wait() == 0


def is_small(pid):
    harness.until(lambda: watch.settled(pid), "rind at rest")
    # The loop alone; the start's code went back.
    return (0 < watch.code_of(pid) <= 2 * os.sysconf("SC_PAGESIZE") // 1024
            and watch.memory_of(pid) <= 48)


def test_pid_1_is_small_and_stays_so(container, rind):
    process = container("--user=app", "orphans", "500", binary=rind)
    process.read_until("ready")
    assert is_small(process.pid)
    process.kill("WINCH")  # ignored by the app, but passed on
    process.type("\n")
    process.read_until("made")
    harness.until(lambda: only_the_app_is_left(process), "the orphans' end")
    assert is_small(process.pid)
    process.popen.stdin.close()
    assert process.wait() == 0


def test_pid_1_is_small_while_it_waits_for_all(container, rind):
    process = container("--user=app", "--wait=all", "sh", "-c",
                        "sleep 1000 & echo ready; read line; exit 3",
                        binary=rind)
    process.read_until("ready")
    app = process.app
    process.popen.stdin.close()
    harness.until(lambda: app not in harness.children_of(process.pid),
                  "the app's end")
    assert is_small(process.pid)
    process.kill("TERM")
    assert process.wait() == 3


def test_pause_is_small(tmp_path, rind):
    pause = tmp_path / "pause"
    pause.symlink_to(harness.BUILD / rind)
    with subprocess.Popen([pause]) as process:
        try:
            assert is_small(process.pid)
            process.terminate()
            assert process.wait() == 0
        finally:
            process.kill()
