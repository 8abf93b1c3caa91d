"""Signals that come to rind reach the app: all of them, once, in order."""

import contextlib
import ctypes
import os
import re
import shutil
import signal
import subprocess
import time

import pytest

import harness
import watch
from conftest import need
from hung_exec import HungExec
from inside import as_user

CATCHABLE = [number for number in range(1, 65)
             if number not in (signal.SIGKILL, signal.SIGSTOP)]
STOP_SIGNALS = ["TERM", "INT", "QUIT", "HUP", "PWR", "37"]


def number_of(name):
    return int(name) if name.isdigit() else int(signal.Signals["SIG" + name])


def lines_of(process, name="app"):
    """The signals that catch has told of, in order."""
    return [int(number) for number in
            re.findall(rf"^{name} (\d+) ", process.out, re.MULTILINE)]


def queue(process, number, first, count):
    """Has COUNT signals NUMBER on their way, each with the next value."""
    subprocess.run([harness.BUILD / "tests" / "queue", str(process.pid),
                    str(number), str(first), str(count)], check=True)


def test_each_signal_reaches_the_app_once(container, rind):
    process = container("--user=app", "catch", "64", binary=rind)
    process.read_until("ready")
    for number in CATCHABLE:
        process.kill(number)
        process.read_until(f"app {number} ")
    assert process.wait() == 0
    assert lines_of(process) == CATCHABLE


def test_each_signal_reaches_the_app_once_where_rind_is_not_pid_1(plain, rind):
    process = plain("--user=1000", harness.BUILD / "tests" / "catch", "64",
                    binary=rind)
    process.read_until("ready")
    for number in CATCHABLE:
        process.kill(number)
        process.read_until(f"app {number} ")
    assert process.wait() == 0
    assert lines_of(process) == CATCHABLE


@pytest.mark.parametrize("name", ["USR1", "34", "64"])
def test_the_value_that_sigqueue_gave_is_kept(container, rind, name):
    process = container("--user=app", "catch", name, binary=rind)
    number = number_of(name)
    process.read_until("ready")
    process._pump(0)
    queue(process, number, 4711, 1)
    process.read_until(f"app {number} -1 4711\n")


@pytest.mark.whole
def test_100000_real_time_signals_arrive_in_order(container, rind):
    process = container("--user=app", "tally", "40", "41", binary=rind)
    process.read_until("ready")
    queue(process, 40, 0, 100000)
    queue(process, 41, 0, 1)
    assert process.wait() == 0
    assert "\n100000 in order\n" in process.out


@pytest.mark.whole
def test_a_slow_app_with_a_short_queue_gets_all_in_order(container, rind):
    process = container("--user=app", "--ulimit=sigpending=100",
                        "tally", "40", "41", "slowly", binary=rind)
    process.read_until("ready")
    queue(process, 40, 0, 100000)
    queue(process, 41, 0, 1)
    assert process.wait() == 0
    assert "\n100000 in order\n" in process.out


def test_a_stop_signal_is_not_held_up_by_a_full_queue(container, rind):
    process = container("--user=app", "--ulimit=sigpending=10",
                        "sh", "-c", "trap 'exit 3' TERM; echo ready; "
                        "while :; do read line; done", binary=rind)
    process.read_until("ready")
    os.kill(process.app, signal.SIGSTOP)
    harness.until(lambda: watch.state_of(process.app) == "T", "its stop")
    queue(process, 40, 0, 50)
    process.kill("TERM")
    harness.until(lambda: signal.SIGTERM in watch.signals_of(
        process.app, "ShdPnd"), "SIGTERM in the app's queue")
    os.kill(process.app, signal.SIGCONT)
    # Whichever the kernel hands out first: both end this app.
    assert process.wait() in (3, 128 + 40)


def test_a_full_queue_does_not_hold_up_the_stop_timeout(container, rind):
    process = container("--user=app", "--ulimit=sigpending=0",
                        "--stop-timeout=100ms", "catch", "0", binary=rind)
    process.read_until("ready")
    os.kill(process.app, signal.SIGSTOP)
    harness.until(lambda: watch.state_of(process.app) == "T", "its stop")
    process.kill(40)
    process.kill(37)  # SIGRTMIN+3
    assert process.wait() == 137


@pytest.mark.whole
def test_a_full_queue_is_tried_again_sixteen_times_a_second(plain, rind):
    """And not ever more rarely: 16 times doubled, 1 ms is a minute."""
    process = plain("--user=1000", "--ulimit=sigpending=10",
                    harness.BUILD / "tests" / "catch", "64", binary=rind)
    process.read_until("ready")
    os.kill(process.app, signal.SIGSTOP)
    harness.until(lambda: watch.state_of(process.app) == "T", "its stop")

    def sleeps():
        return int(harness.status_of(process.pid)["voluntary_ctxt_switches"])

    queue(process, 40, 0, 50)
    before = sleeps()
    harness.until(lambda: sleeps() >= before + 16, "16 tries", 30)
    os.kill(process.app, signal.SIGCONT)
    process.read_until("app 40 -1 49\n")


# --- a flood, from processes of the app that have rind's own uid ---

# The longer the queue of real-time signals, the longer takes each signal.
FLOODS = {
    "low numbers": ["4-14", "34-64"],
    "SIGHUP and low numbers": ["1", "4-14", "34-64"],
    "other stop signals and low numbers": ["1-14", "34-64"],
}
LONG = 60  # seconds; without a flood it is milliseconds


@pytest.mark.parametrize("what", FLOODS)
def test_a_flood_holds_up_no_stop_signal_and_not_the_end(container, rind,
                                                         what):
    process = container("flood", "stay", "1", *FLOODS[what], binary=rind,
                        enter=as_user(1000))
    process.read_until("flooding")
    process.kill("TERM")
    assert process.wait(LONG) == 7


@pytest.mark.parametrize("number", [30, 37], ids=["PWR", "RTMIN+3"])
def test_a_flood_holds_up_no_stop_signal_of_a_high_number(container, rind,
                                                          number):
    process = container(f"--rewrite={number}:TERM", "flood", "stay", "1",
                        "4-14", "17-29", "34-36", "38-64", binary=rind,
                        enter=as_user(1000))
    process.read_until("flooding")
    process.kill(number)
    assert process.wait(LONG) == 7


def test_a_flood_holds_up_no_second_stop_signal(container, rind):
    process = container("--stop-delay=10m", "flood", "stay", "1", "4-14",
                        "34-64", binary=rind, enter=as_user(1000))
    process.read_until("flooding")
    process.kill("TERM")
    harness.until(lambda: signal.SIGTERM not in watch.signals_of(
        process.pid, "ShdPnd"), "rind's taking the first", LONG)
    process.kill("TERM")
    assert process.wait(LONG) == 7


def test_a_flood_of_those_who_are_left_holds_up_no_stop_signal(container,
                                                               rind):
    process = container("--wait=all", "flood", "leave", "1", "4-14", "34-64",
                        binary=rind, enter=as_user(1000))
    process.read_until("flooding")
    process.kill("TERM")
    assert process.wait(LONG) == 3


# --- what the app inherits ---


def ignore_hangup():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def block_user_signal():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])


def block_first_real_time():
    """32 to 34, which glibc's and musl's own calls leave out."""
    mask = ctypes.c_uint64(0b111 << 31)
    number = {"x86_64": 14, "aarch64": 135}[os.uname().machine]
    ctypes.CDLL(None).syscall(number, signal.SIG_BLOCK, ctypes.byref(mask),
                              None, 8)


def ignore_child():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)


INHERITED = {
    "nothing": (None, set(), set()),
    "an ignored SIGHUP": (ignore_hangup, {1}, set()),
    "a blocked SIGUSR1": (block_user_signal, set(), {10}),
    "blocked 32 to 34": (block_first_real_time, set(), {32, 33, 34}),
    "an ignored SIGCHLD": (ignore_child, {17}, set()),
}


# As a plain process: the shell that starts a container clears its mask.
@pytest.mark.parametrize("what", INHERITED)
@pytest.mark.parametrize("options", [["--user=1000"],
                                     ["--user=1000", "--exec"]])
def test_the_app_gets_the_dispositions_and_mask_of_the_start(
        plain, rind, what, options):
    prepare, ignored, blocked = INHERITED[what]
    process = plain(*options, "grep", "Sig", "/proc/self/status", binary=rind,
                    preexec_fn=prepare)
    assert process.wait() == 0
    masks = {name: int(value, 16) for name, value in
             re.findall(r"Sig(\w+):\t(\w{16})", process.out)}

    def bits(numbers):
        return sum(1 << (number - 1) for number in numbers)
    assert masks["Ign"] == bits(ignored)
    assert masks["Blk"] == bits(blocked)


def test_under_nohup_a_sighup_ends_nothing(container, rind):
    process = container("--user=app", "--stop-timeout=1ms", "sh", "-c",
                        "echo ready; read line; exit 3", binary=rind,
                        preexec_fn=ignore_hangup)
    process.read_until("ready")
    process.kill("HUP")
    process.type("\n")
    assert process.wait() == 3


# --- a SIGTERM at any instant ---


def calls_until_rest(trace, words):
    """The names of rind's system calls, from its first one to the one in which
    it waits for a signal."""
    process = harness.start(["strace", "-o", trace, *words])
    try:
        process.read_until("ready")
        pid = harness.children_of(process.popen.pid)[0]
        harness.until(lambda: watch.state_of(pid) == "S", "rind at rest")
        os.kill(pid, signal.SIGTERM)
        assert process.wait() == 0
    finally:
        process.destroy()
    calls = trace.read_text().splitlines()[1:]  # the first: its own exec
    end = next(i for i, line in enumerate(calls)
               if line.startswith("rt_sigtimedwait")
               and line.endswith("= 15 (SIGTERM)"))
    names = [line.split("(")[0] for line in calls[:end + 1]]
    return names[:-1] if names[-2] == "poll" else names


def instants(names):
    """The numbers of the calls to try: all but those amid a row of the same
    (one for each capability or signal), between which nothing changes."""
    return [number for number, (before, name, after) in enumerate(
        zip([""] + names, names, names[1:] + [""]), 1)
        if before != name or after != name]


@pytest.mark.parametrize("pid1", [[], ["--pid1"]], ids=["plain", "pid1"])
def test_a_sigterm_at_any_instant_is_not_lost(tmp_path, rind, pid1):
    need(os.getuid() == 0, "namespaces need root")
    words = [str(harness.BUILD / rind), "--user=1000", "--stop-grace=0",
             str(harness.BUILD / "tests" / "catch")]
    names = calls_until_rest(tmp_path / "trace", words)
    if pid1:
        # It has no need to become a subreaper, and no /proc of its own to open
        # stderr anew by: openat, fstat, close_range, dup2 and close.
        del names[-6:]
    waiting = instants(names)
    assert len(waiting) > 50
    running = []
    codes = set()
    while waiting or running:
        while waiting and len(running) < 4:
            number = waiting.pop(0)
            running.append((number, harness.start(
                [harness.BUILD / "tests" / "interrupt", str(number), *pid1,
                 *words])))
        number, process = running.pop(0)
        try:
            code = process.wait()
        finally:
            process.destroy()
        assert (code, process.out, process.err) in [
            (143, "", "rind: start: SIGTERM: stopped before the app ran\n"),
            (143, "", ""),  # the app died of it before it was ready
            (0, "app ready\napp 15 0 0\n", ""),
        ], f"at call {number}, {names[number - 1]}"
        codes.add(code)
    assert codes == {0, 143}


def test_a_signal_to_the_group_during_the_start_arrives_once(rind):
    """Both processes of the start are in it, until the app has its own."""
    for delay in harness.DELAYS:
        process = harness.start(
            ["strace", "-f", "-o", "/dev/null", "-e", "trace=setpgid",
             "-e", f"inject=setpgid:delay_enter={delay}s", "setsid",
             str(harness.BUILD / rind), "--user=1000",
             str(harness.BUILD / "tests" / "catch"), "10"])
        own = harness.until(lambda: watch.below(process.pid, rind), "rind")
        child = harness.until(lambda: harness.children_of(own), "its child")[0]
        os.killpg(own, 40)
        if watch.stat_of(child)["group"] == own:
            break
        os.kill(child, signal.SIGKILL)
        process.destroy()
    process.read_until("app 40 ")
    os.kill(child, signal.SIGUSR1)
    assert process.wait() == 0
    assert process.out.count("app 40 ") == 1
    process.destroy()


@pytest.mark.parametrize("kind", ["pid", "user"])
def test_a_sigterm_to_the_rind_outside_is_not_lost(typed, kind):
    """Whatever the one inside is doing."""
    process = typed.start(
        f"rind --unshare={kind} --user=root -- {harness.BUILD}/tests/catch",
        strace="-o /dev/null -e trace=setpgid "
               "-e inject=setpgid:delay_enter=500000")
    outer = typed.rind_of(process)
    harness.until(lambda: harness.children_of(outer), "the one inside")
    os.kill(outer, signal.SIGTERM)
    assert process.wait() in (0, 143)


# --- a stop signal while the app's exec hangs ---


@pytest.fixture
def hung(readable, rind):
    """hung(*options) starts rind as PID 1 and holds up the app's exec; returns
    its process and what lets go."""
    need(os.getuid() == 0, "fanotify(7) needs root")
    path = readable / "hung"
    shutil.copy(harness.BUILD / "tests" / "catch", path)
    started = []

    def run(*options, **kwargs):
        hang = HungExec(path)
        process = harness.start(
            ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc",
             str(harness.BUILD / rind), "--user=1000", *options, str(path)],
            pid1=True, **kwargs)
        started.append((hang, process))
        hang.until_held(harness.TIMEOUT)
        return process, hang

    yield run
    for hang, process in started:
        hang.close()
        process.destroy()


@pytest.mark.parametrize("options, name, code", [
    ([], "TERM", 143), ([], "INT", 130), ([], "HUP", 129),
    # What dumps core wakes nobody from such a wait: it goes on as SIGTERM.
    ([], "QUIT", 143), (["--rewrite=TERM:QUIT"], "TERM", 143),
    # What an app would ignore that has not said what it does on it.
    (["--rewrite=TERM:WINCH"], "TERM", 143),
    (["--forward-to=group"], "TERM", 143), (["--forward-to=all"], "TERM", 143),
    (["--stop-delay=50ms"], "TERM", 143), (["--wait=all"], "TERM", 143)])
def test_a_stop_signal_ends_an_exec_that_hangs(hung, options, name, code):
    process, _ = hung(*options)
    process.kill(name)
    assert process.wait(LONG) == code
    assert process.out == process.err == ""


def test_a_second_stop_signal_ends_the_delay_of_an_exec_that_hangs(hung):
    process, _ = hung("--stop-delay=10m")
    process.kill("TERM")
    harness.until(lambda: not watch.signals_of(process.pid, "ShdPnd"),
                  "rind's taking the first", LONG)
    process.kill("TERM")
    assert process.wait(LONG) == 143


def test_the_stop_timeout_ends_an_exec_that_hangs_and_ignores_sigterm(hung):
    """A debugger may hold the app's process up as well."""
    process, _ = hung("--stop-timeout=50ms", "--rewrite=TERM:CONT")
    app = harness.children_of(process.pid)[0]
    os.kill(app, signal.SIGSTOP)
    process.kill("TERM")
    assert process.wait(LONG) in (137, 143)


def test_signals_wait_for_an_app_whose_exec_hangs(hung):
    process, hang = hung(preexec_fn=block_user_signal)
    process.kill("USR1")
    hang.let_go()
    process.read_until("app 10 ")
    process.kill("TERM")
    assert process.wait() == 0


# --- the terminal's stop signals ---


@pytest.mark.parametrize("name", ["TSTP", "TTIN", "TTOU"])
def test_a_stop_signal_that_a_process_sends_is_forwarded(
        container, rind, name):
    process = container("--user=app", "sh", "-c", "echo ready; read line",
                        binary=rind)
    process.read_until("ready")
    process.kill(name)
    harness.until(lambda: watch.state_of(process.app) == "T", "the app's stop")
    assert watch.state_of(process.pid) != "T"
    process.kill("CONT")
    harness.until(lambda: watch.state_of(process.app) == "S", "its going on")
    process.type("\n")
    assert process.wait() == 0


# --- who gets it ---

BOTH = ("setsid catch 15 outside & catch 15 beside & exec catch 15 app")


@pytest.mark.parametrize("whom, told", [
    ("main", {"app"}),
    ("group", {"app", "beside"}),
    ("all", {"app", "beside", "outside"}),
])
@pytest.mark.parametrize("number", [10, 40])
def test_forward_to_says_who_gets_a_signal(container, rind, whom, told,
                                           number):
    process = container("--user=app", f"--forward-to={whom}",
                        "sh", "-c", BOTH, binary=rind)
    names = ("app", "beside", "outside")
    for name in names:
        process.read_until(f"{name} ready")
    process.kill(number)
    for name in told:
        process.read_until(f"{name} {number} ")
    # All of them are told once more, from outside: what comes first? When the
    # app is, rind tells the rest, and they may be gone before their turn.
    for pid in watch.namespace_of(process.pid):
        if harness.command_line(pid)[:1] == ["catch"]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
    assert process.wait() == 0
    for name in names:
        expected = [number, 15] if name in told else [15]
        assert lines_of(process, name) == expected


def test_forward_to_group_keeps_order_and_values(container, rind):
    process = container("--user=app", "--forward-to=group",
                        "tally", "40", "41", binary=rind)
    process.read_until("ready")
    queue(process, 40, 0, 1000)
    queue(process, 41, 0, 1)
    assert process.wait() == 0
    assert "\n1000 in order\n" in process.out


# --- as what ---


@pytest.mark.parametrize("rewrite, sent, got", [
    ("TERM:QUIT", "TERM", 3),
    ("SIGTERM:SIGQUIT", "TERM", 3),
    ("term:quit", "TERM", 3),
    ("15:3", "TERM", 3),
    ("RTMIN+3:TERM", "37", 15),
    ("34:USR1", "34", 10),
    ("USR1:RTMAX-1", "USR1", 63),
    ("HUP:64", "HUP", 64),
])
def test_rewrite_forwards_one_signal_as_another(container, rind, rewrite,
                                                sent, got):
    process = container("--user=app", f"--rewrite={rewrite}",
                        "catch", str(got), binary=rind)
    process.read_until("ready")
    process.kill(number_of(sent))
    assert process.wait() == 0
    assert lines_of(process) == [got]


@pytest.mark.parametrize("name, got", [("QUIT", 3), ("SIGQUIT", 3), ("3", 3),
                                       ("RTMIN+3", 37)])
def test_stop_signal_is_what_the_app_gets_for_sigterm(container, rind, name,
                                                      got):
    process = container("--user=app", f"--stop-signal={name}", "catch",
                        str(got), binary=rind)
    process.read_until("ready")
    process.kill("TERM")
    assert process.wait() == 0
    assert lines_of(process) == [got]


def test_the_command_lines_stop_signal_counts_more_than_a_files_rewrite(
        container, rind, tmp_path):
    process = container(
        "--config=/tmp/config", "--stop-signal=QUIT", "--user=app", "catch",
        "3", binary=rind, prepare='mount -t tmpfs tmpfs "$IMAGE/tmp"; '
        'echo "rewrite TERM:INT" >"$IMAGE/tmp/config"')
    process.read_until("ready")
    process.kill("TERM")
    assert process.wait() == 0
    assert lines_of(process) == [3]


def test_rewrite_to_0_swallows_a_signal(container, rind):
    process = container("--user=app", "--rewrite=USR1:0", "catch",
                        binary=rind)
    process.read_until("ready")
    process.kill("USR1")
    process.kill("TERM")
    assert process.wait() == 0
    assert lines_of(process) == [15]


def test_rewrite_to_kill_kills(container, rind):
    process = container("--user=app", "--rewrite=TERM:KILL", "catch",
                        binary=rind)
    process.read_until("ready")
    process.kill("TERM")
    assert process.wait() == 137


# --- when ---


def test_stop_delay_holds_the_stop_signal_back_and_nothing_else(
        container, rind):
    process = container("--user=app", "--stop-delay=300ms", "catch",
                        binary=rind)
    process.read_until("ready")
    process.kill("TERM")
    process.kill("USR1")
    process.read_until("app 10 ")
    assert process.wait() == 0
    assert lines_of(process) == [10, 15]


def test_a_second_stop_signal_ends_the_delay(container, rind):
    process = container("--user=app", "--stop-delay=10m", "catch",
                        binary=rind)
    process.read_until("ready")
    process.kill("TERM")
    harness.until(lambda: not watch.signals_of(process.pid, "ShdPnd"),
                  "rind's taking the first")
    process.kill("TERM")
    assert process.wait() == 0
    assert lines_of(process) == [15]


def test_another_stop_signal_ends_the_delay_and_comes_too(container, rind):
    process = container("--user=app", "--stop-delay=10m", "catch", "2",
                        binary=rind)
    process.read_until("ready")
    process.kill("TERM")
    harness.until(lambda: not watch.signals_of(process.pid, "ShdPnd"),
                  "rind's taking the first")
    process.kill("INT")
    process.read_until("app 2 ")
    assert process.wait() == 0
    assert lines_of(process) in ([15, 2], [2])  # pending both, 2 comes first


@pytest.mark.parametrize("name", STOP_SIGNALS)
def test_stop_timeout_kills_an_app_that_does_not_end(container, rind, name):
    process = container("--user=app", "--stop-timeout=20ms", "catch", "0",
                        binary=rind)
    process.read_until("ready")
    process.kill(number_of(name))
    assert process.wait() == 137
    # On a busy machine the time may be over before the app has told of it.
    assert lines_of(process) in ([], [number_of(name)])


def test_stop_timeout_counts_what_came_not_what_it_became(container, rind):
    process = container("--user=app", "--stop-timeout=20ms",
                        "--rewrite=TERM:USR1", "catch", "0", binary=rind)
    process.read_until("ready")
    process.kill("TERM")
    assert process.wait() == 137
    assert lines_of(process) in ([], [10])


def test_stop_timeout_kills_all_that_the_app_started(plain, rind, mark):
    process = plain("--user=1000", "--stop-timeout=20ms", "sh", "-c",
                    f'setsid "$0" 0 {mark} & exec "$0" 0',
                    harness.BUILD / "tests" / "catch", binary=rind)
    process.read_until("app ready")
    process.read_until(f"{mark} ready")
    process.kill("TERM")
    assert process.wait() == 137
    assert not watch.pids_with(mark)


def test_stop_timeout_starts_after_the_delay(container, rind):
    process = container("--user=app", "--stop-delay=50ms",
                        "--stop-timeout=10ms", "catch", "0", binary=rind)
    process.read_until("ready")
    start = time.monotonic()
    process.kill("TERM")
    assert process.wait() == 137
    assert time.monotonic() - start > 0.06
    assert lines_of(process) in ([], [15])


@pytest.mark.parametrize("name", ["USR1", "WINCH", "CONT", "38"])
def test_stop_timeout_is_for_stop_signals_alone(container, rind, name):
    options = ["--user=app", "--stop-timeout=20ms", "catch"]
    process = container(*options, "12", binary=rind)
    process.read_until("ready")
    process.kill(number_of(name))
    process.read_until(f"app {number_of(name)} ")
    # As long as another one of the same kind takes to be killed.
    other = container(*options, "0", binary=rind)
    other.read_until("ready")
    other.kill("TERM")
    assert other.wait() == 137
    process.kill("USR2")  # it ends the app, and is no stop signal either
    assert process.wait() == 0


# --- the rest ---


def test_parent_death_tells_the_app(rind):
    process = harness.start([
        "sh", "-c", '"$@" & read line', "sh", str(harness.BUILD / rind),
        "--user=1000", "--parent-death=USR1",
        str(harness.BUILD / "tests" / "catch"), "10"])
    process.read_until("ready")
    process.type("\n")  # the shell, rind's parent, ends
    process.read_until("app 10 ")
    assert process.wait() == 0
    process.destroy()


@pytest.mark.parametrize("options", [
    ["--user=1000"], ["--user=root", "--cap=chown"], ["--user=root",
     "--unshare=user"], ["--user=root", "--unshare=pid"]],
    ids=["user", "root", "user namespace", "pid namespace"])
def test_die_with_rind_ends_the_app_when_rind_is_killed(plain, rind, mark,
                                                        options):
    process = plain(*options, "--die-with-rind",
                    harness.BUILD / "tests" / "catch", "0", mark, binary=rind)
    process.read_until("ready")
    app = watch.below(process.pid, "catch")
    os.kill(process.pid, signal.SIGKILL)
    harness.until(lambda: not watch.state_of(app), "the app's end", LONG)
    process.wait()


def test_without_die_with_rind_the_app_goes_on(plain, rind, mark):
    process = plain("--user=1000", harness.BUILD / "tests" / "catch", "12",
                    mark, binary=rind)
    process.read_until("ready")
    app = process.app
    os.kill(process.pid, signal.SIGKILL)
    harness.until(lambda: watch.stat_of(app)["parent"] != process.pid,
                  "another parent")
    os.kill(app, signal.SIGUSR1)
    process.read_until(f"{mark} 10 ")
    os.kill(app, signal.SIGUSR2)
    process.wait()


@pytest.mark.parametrize("code, reported", [(3, 0), (143, 0), (4, 4), (0, 0)])
def test_success_reports_these_codes_as_0(container, rind, code, reported):
    process = container("--user=app", "--success=3,143", "--success=9",
                        "sh", "-c", f"exit {code}", binary=rind)
    assert process.wait() == reported


def test_success_holds_for_death_by_signal(container, rind):
    process = container("--user=app", "--success=143", "sh", "-c",
                        "echo ready; read line", binary=rind)
    process.read_until("ready")
    process.kill("TERM")
    assert process.wait() == 0


def test_exec_becomes_the_app(container):
    process = container("--exec", "--user=app", "sh", "-c",
                        "echo $$ $(id -u)")
    assert process.wait() == 0
    assert process.out == "1 1000\n"
