"""The orderly end: who is left is asked, given time, and killed last."""

import os
import re
import signal
import subprocess
import time

import pytest

import harness
import watch

CATCH = str(harness.BUILD / "tests" / "catch")
DEEP = str(harness.BUILD / "tests" / "deep")


def told(name, process):
    """The signals that a catch has told of, but for SIGCONT."""
    numbers = re.findall(rf"^{name} (\d+) ", process.out, re.MULTILINE)
    return [int(number) for number in numbers if number != "18"]


def leave(*more):
    """An app that starts MORE, waits for a line, and ends with 3."""
    return ["sh", "-c", " ".join([*more, "read line; exit 3"])]


# --- PID 1 ---


def test_who_is_left_gets_sigterm_and_is_waited_for(container, rind):
    process = container("--user=app", *leave("catch 15 left &"), binary=rind)
    process.read_until("left ready")
    process.type("\n")
    assert process.wait() == 3
    assert "left 15 " in process.out


def test_a_daemon_gets_sigterm_and_is_waited_for(container, rind):
    process = container("--user=app", *leave("(setsid catch 15 left &);"),
                        binary=rind)
    process.read_until("left ready")
    process.type("\n")
    assert process.wait() == 3
    assert "left 15 " in process.out


def test_who_is_stopped_is_continued_to_end(container, rind):
    process = container("--user=app", *leave("catch 15 left &"), binary=rind)
    process.read_until("left ready")
    left = watch.below(process.pid, "catch")
    os.kill(left, signal.SIGSTOP)
    harness.until(lambda: watch.state_of(left) == "T", "its stop")
    process.type("\n")
    assert process.wait() == 3
    assert "left 15 " in process.out


def test_who_does_not_end_is_killed_after_the_grace(container, rind):
    process = container("--user=app", "--stop-grace=1s",
                        *leave("catch 0 left &"), binary=rind)
    process.read_until("left ready")
    start = time.monotonic()
    process.type("\n")
    process.read_until("left 15 ")
    assert process.wait() == 3
    assert time.monotonic() - start > 1


def test_verbose_tells_how_the_others_end(container, rind):
    process = container("--user=app", "--verbose", "--stop-grace=0.1s",
                        *leave("catch 0 left &"), binary=rind)
    process.read_until("left ready")
    process.type("\n")
    assert process.wait() == 3
    assert [line for line in process.err.splitlines() if "stop:" in line] == [
        "rind: stop: the app has ended: SIGTERM to the others",
        "rind: stop: time is over: SIGKILL to the others"]


def test_grace_0_kills_at_once(container, rind):
    def run(*options):
        process = container("--user=app", *options, *leave("catch 0 left &"),
                            binary=rind)
        process.read_until("left ready")
        return process

    other, process = run(), run("--stop-grace=0")
    other.type("\n")
    process.type("\n")
    assert process.wait() == 3
    assert other.popen.poll() is None  # without it that takes 5 s


def test_the_grace_ends_with_the_last_one(container, rind):
    process = container("--user=app", "--stop-grace=10m",
                        *leave("catch 15 one & catch 15 two &"), binary=rind)
    process.read_until("one ready")
    process.read_until("two ready")
    process.type("\n")
    assert process.wait() == 3


@pytest.mark.parametrize("ending, code", [("exit 0", 0), ("exit 77", 77),
                                          ("kill -9 $$", 137)])
def test_the_exit_code_is_the_apps_whoever_is_left(container, rind, ending,
                                                   code):
    process = container("--user=app", "--stop-grace=1ms", "sh", "-c",
                        f"catch 0 left & read line; {ending}", binary=rind)
    process.read_until("left ready")
    process.type("\n")
    assert process.wait() == code


def test_a_stop_signal_for_the_app_leaves_the_others_their_grace(
        container, rind):
    process = container("--user=app", "sh", "-c",
                        "catch 15 left & exec catch 15 app", binary=rind)
    process.read_until("left ready")
    process.read_until("app ready")
    process.kill("TERM")
    assert process.wait() == 0
    assert "left 15 " in process.out


@pytest.mark.whole
def test_stop_timeout_ends_the_grace(container, rind):
    process = container("--user=app", "--stop-timeout=1s",
                        "--stop-grace=10m", "sh", "-c",
                        "catch 0 left & exec catch 15 app", binary=rind)
    process.read_until("left ready")
    process.read_until("app ready")
    process.kill("TERM")
    process.read_until("left 15 ")
    assert process.wait() == 0


# --- who came in from outside ---


def enter(process, *words):
    """Runs WORDS in rind's namespaces, as a child of nobody there."""
    return subprocess.Popen(
        ["nsenter", f"--target={process.pid}", "--mount", "--pid", "--root",
         "--wd=/", "--", *words], stdout=subprocess.PIPE)


def test_who_came_in_from_outside_is_asked_and_waited_for(container, rind):
    process = container("--user=app", *leave(), binary=rind)
    assert process.app
    guest = enter(process, "/bin/catch", "15", "guest")
    assert guest.stdout.readline() == b"guest ready\n"
    process.type("\n")
    assert process.wait() == 3
    assert guest.stdout.readline().startswith(b"guest 15 ")
    assert guest.wait() == 0
    guest.stdout.close()


def test_the_guests_children_are_asked_and_waited_for(container, rind):
    process = container("--user=app", *leave(), binary=rind)
    assert process.app
    guest = enter(process, "/bin/sh", "-c", "trap 'wait; exit 4' TERM; "
                  "catch 15 child & wait; exit 5")
    assert guest.stdout.readline() == b"child ready\n"
    process.type("\n")
    assert process.wait() == 3
    assert guest.stdout.readline().startswith(b"child 15 ")
    assert guest.wait() == 4
    guest.stdout.close()


@pytest.mark.whole
def test_a_guest_that_does_not_end_is_killed_after_the_grace(container, rind):
    process = container("--user=app", "--stop-grace=1s", *leave(),
                        binary=rind)
    assert process.app
    guest = enter(process, "/bin/catch", "0", "guest")
    assert guest.stdout.readline() == b"guest ready\n"
    process.type("\n")
    assert process.wait() == 3
    assert guest.stdout.readline().startswith(b"guest 15 ")
    assert guest.wait() == -signal.SIGKILL
    guest.stdout.close()


def test_pid_1_sleeps_while_it_waits_for_a_guest(container, rind):
    process = container("--user=app", "--stop-grace=10m", *leave(),
                        binary=rind)
    assert process.app
    guest = enter(process, "/bin/catch", "10", "guest")
    assert guest.stdout.readline() == b"guest ready\n"
    process.type("\n")
    assert guest.stdout.readline().startswith(b"guest 15 ")
    assert guest.stdout.readline().startswith(b"guest 18 ")
    before = harness.until(lambda: watch.settled(process.pid), "rind at rest")
    other = container("--user=app", "--stop-timeout=100ms", "catch", "0")
    other.read_until("ready")
    other.kill("TERM")
    assert other.wait() == 137
    assert watch.switches_of(process.pid) == before
    os.kill(watch.below(guest.pid, "catch"), signal.SIGUSR1)
    assert process.wait() == 3
    assert guest.wait() == 0
    guest.stdout.close()


def test_a_dead_guest_that_nobody_reaps_costs_no_cpu(container, rind):
    process = container("--user=app", "--stop-grace=10m", *leave(),
                        binary=rind)
    assert process.app
    guest = enter(process, "/bin/catch", "15", "guest")
    assert guest.stdout.readline() == b"guest ready\n"
    os.kill(guest.pid, signal.SIGSTOP)  # the one that would reap it
    harness.until(lambda: watch.state_of(guest.pid) == "T", "its stop")
    try:
        os.kill(watch.below(guest.pid, "catch"), signal.SIGTERM)
        assert guest.stdout.readline().startswith(b"guest 15 ")
        app = process.app
        process.type("\n")
        harness.until(lambda: not watch.state_of(app), "the app's end")
        before, start = watch.cpu_of(process.pid), time.monotonic()
        other = container("--user=app", "--stop-timeout=300ms", "catch", "0")
        other.read_until("ready")
        other.kill("TERM")
        assert other.wait() == 137
        used = watch.cpu_of(process.pid) - before
        assert used < (time.monotonic() - start) / 10
    finally:
        os.kill(guest.pid, signal.SIGCONT)
    assert process.wait() == 3
    assert guest.wait() == 0
    guest.stdout.close()


def test_a_guest_that_leaves_a_child_behind_costs_no_cpu(container, rind):
    """Its end is seen once; the child has become PID 1's."""
    process = container("--user=app", "--wait=all", *leave(), binary=rind)
    app = process.app
    guest = enter(process, "/bin/sh", "-c", "catch 15 child & wait")
    assert guest.stdout.readline() == b"child ready\n"
    process.type("\n")
    harness.until(lambda: not watch.state_of(app), "the app's end")
    shell = watch.below(guest.pid, "sh")
    child = watch.below(guest.pid, "catch")
    harness.until(lambda: watch.settled(process.pid), "rind at rest")
    os.kill(shell, signal.SIGKILL)
    guest.wait()
    harness.until(lambda: watch.stat_of(child)["parent"] == process.pid,
                  "an orphan")
    harness.until(lambda: watch.settled(process.pid), "rind at rest again")
    os.kill(child, signal.SIGTERM)
    assert process.wait() == 3
    guest.stdout.close()


# --- --wait=all ---

DAEMON = ["sh", "-c", "setsid catch 15 daemon & exit 4"]


def until_the_app_is_gone(process):
    """The daemon is rind's only child then. Before, it is the app's."""
    def gone():
        children = harness.children_of(process.pid)
        return len(children) == 1 and "daemon" in harness.command_line(
            children[0])
    harness.until(gone, "the app's end")


def test_wait_all_waits_for_a_daemon_and_hands_signals_to_it(container, rind):
    process = container("--user=app", "--wait=all", *DAEMON, binary=rind)
    process.read_until("daemon ready")
    until_the_app_is_gone(process)
    process.kill("USR1")
    process.read_until("daemon 10 ")
    process.kill("TERM")
    process.read_until("daemon 15 ")
    assert process.wait() == 4


def test_wait_all_hands_signals_to_a_daemon_without_pid_1(plain, rind, mark):
    process = plain("--user=1000", "--wait=all", "sh", "-c",
                    f'setsid "$0" 15 daemon {mark} & exit 4', CATCH,
                    binary=rind)
    process.read_until("daemon ready")
    until_the_app_is_gone(process)
    process.kill("TERM")
    process.read_until("daemon 15 ")
    assert process.wait() == 4


@pytest.mark.parametrize("options, got", [
    (["--rewrite=TERM:USR1"], 15),  # it is for the app
    (["--rewrite=TERM:USR1", "--forward-to=all"], 10),
    (["--rewrite=TERM:0"], None)])
def test_wait_all_rewrites_for_whom_forward_to_names(container, rind, options,
                                                     got):
    process = container("--user=app", "--wait=all", *options, "sh", "-c",
                        "setsid catch 34 daemon & exit 4", binary=rind)
    process.read_until("daemon ready")
    until_the_app_is_gone(process)
    process.kill("TERM")
    if got:
        process.read_until(f"daemon {got} ")
    process.kill(34)
    assert process.wait() == 4
    assert told("daemon", process) == ([got] if got else []) + [34]


@pytest.mark.whole
def test_wait_all_kills_a_daemon_after_the_stop_timeout(container, rind):
    process = container("--user=app", "--wait=all", "--stop-timeout=1s",
                        "sh", "-c", "setsid catch 0 daemon & exit 4",
                        binary=rind)
    process.read_until("daemon ready")
    until_the_app_is_gone(process)
    process.kill("TERM")
    process.read_until("daemon 15 ")
    assert process.wait() == 4


def test_wait_all_holds_the_stop_signal_back_for_a_daemon(container, rind):
    process = container("--user=app", "--wait=all", "--stop-delay=10m",
                        *DAEMON, binary=rind)
    process.read_until("daemon ready")
    until_the_app_is_gone(process)
    process.kill("TERM")
    harness.until(lambda: not watch.signals_of(process.pid, "ShdPnd"),
                  "rind's taking the first")
    process.kill("TERM")
    process.read_until("daemon 15 ")
    assert process.wait() == 4


def test_wait_all_tells_a_daemon_when_the_delay_is_over(container, rind):
    process = container("--user=app", "--wait=all", "--stop-delay=0.2s",
                        *DAEMON, binary=rind)
    process.read_until("daemon ready")
    until_the_app_is_gone(process)
    begin = time.monotonic()
    process.kill("TERM")
    process.read_until("daemon 15 ")
    assert time.monotonic() - begin >= 0.2
    assert process.wait() == 4


def test_wait_all_tells_a_daemon_after_the_app(container, rind):
    process = container("--user=app", "--wait=all", "sh", "-c",
                        "setsid catch 15 daemon & exec catch 15 app",
                        binary=rind)
    process.read_until("daemon ready")
    process.read_until("app ready")
    process.kill("TERM")
    assert process.wait() == 0
    assert process.out.index("app 15 ") < process.out.index("daemon 15 ")


def test_wait_all_tells_nobody_twice(container, rind):
    process = container("--user=app", "--wait=all", "--forward-to=all", "sh",
                        "-c", "setsid catch 10 daemon & exec catch 15 app",
                        binary=rind)
    process.read_until("daemon ready")
    process.read_until("app ready")
    process.kill("TERM")
    process.read_until("daemon 15 ")
    until_the_app_is_gone(process)
    process.kill("USR1")
    assert process.wait() == 0
    assert process.out.count("daemon 15 ") == 1


def test_wait_all_a_reload_of_the_app_is_no_ones_end(container, rind):
    process = container("--user=app", "--wait=all", "sh", "-c",
                        "setsid catch 10 daemon & exec catch 1 app",
                        binary=rind)
    process.read_until("daemon ready")
    process.read_until("app ready")
    process.kill("HUP")
    until_the_app_is_gone(process)
    process.kill("USR1")
    assert process.wait() == 0
    assert "daemon 1 " not in process.out


@pytest.mark.parametrize("delay", [[], ["--stop-delay=10m"]])
def test_wait_all_a_reload_takes_no_stop_signal_back(container, rind, delay):
    process = container("--user=app", "--wait=all", *delay, "sh", "-c",
                        "setsid catch 15 daemon & exec catch 1 app",
                        binary=rind)
    process.read_until("daemon ready")
    process.read_until("app ready")
    process.kill("TERM")
    if delay:
        harness.until(lambda: signal.SIGTERM not in watch.signals_of(
            process.pid, "ShdPnd"), "that it is taken")
    else:
        process.read_until("app 15 ")
    process.kill("HUP")
    assert process.wait() == 0
    assert process.out.count("daemon 15 ") == 1


def test_wait_all_a_full_queue_of_the_app_shuts_nothing_out(container, rind):
    """SIGRTMIN+3 is how systemd-nspawn stops a container."""
    process = container("--user=app", "--wait=all", "--ulimit=sigpending=0",
                        "sh", "-c", "setsid catch 37 daemon & exec catch 10",
                        binary=rind)
    process.read_until("daemon ready")
    process.read_until("app ready")
    app = process.app
    os.kill(app, signal.SIGSTOP)
    harness.until(lambda: watch.state_of(app) == "T", "its stop")
    process.kill(35)
    harness.until(lambda: 35 not in watch.signals_of(process.pid, "ShdPnd"),
                  "that it is taken")
    os.kill(app, signal.SIGKILL)
    harness.until(lambda: not watch.state_of(app), "its end")
    process.kill(37)
    assert process.wait() == 137
    assert "daemon 37 " in process.out


@pytest.mark.parametrize("turn", range(10))
def test_wait_all_loses_no_sigterm_at_the_apps_end(container, rind, turn):
    process = container("--user=app", "--wait=all", "sh", "-c",
                        "setsid catch 15 daemon & read line; exit 4",
                        binary=rind)
    process.read_until("daemon ready")
    process.type("\n")
    process.kill("TERM")
    assert process.wait() in (4, 143)  # it came after the app's end or before
    assert process.out.count("daemon 15 ") == 1


# --- each process gets the stop once ---


@pytest.fixture(params=["pid1", "plain"])
def run(request, container, plain, rind):
    """run(*options, script) as PID 1 and not, with $CATCH for catch."""
    def start(*words):
        *options, script = words
        if request.param == "pid1":
            return container("--user=app", *options, "sh", "-c",
                             script.replace("$CATCH", "catch"), binary=rind)
        return plain("--user=1000", *options, "sh", "-c",
                     script.replace("$CATCH", CATCH), binary=rind)
    return start


def end_catch(process, name):
    """By a signal of a higher number than those that it has to tell of."""
    pid = next(pid for pid in watch.all_below(process.pid)
               if harness.command_line(pid)[-1:] == [name])
    os.kill(pid, 34)


def test_the_rewrite_is_for_the_app(run):
    process = run("--wait=all", "--rewrite=TERM:HUP",
                  "$CATCH 15 helper & exec $CATCH 1 app")
    process.read_until("helper ready")
    process.read_until("app ready")
    process.kill("TERM")
    assert process.wait() == 0
    assert told("app", process) == [1]
    assert told("helper", process) == [15]


@pytest.mark.parametrize("whom", ["group", "all"])
def test_who_began_after_the_stop_gets_sigterm(run, whom):
    """A shell's cleanup, for one: nobody has told it anything."""
    process = run(f"--forward-to={whom}", "--stop-grace=10m",
                  "trap 'sleep 0.1; $CATCH 34 late & read line; exit 3' TERM; "
                  "echo ready; while :; do sleep 0.05; done")
    process.read_until("ready")
    process.kill("TERM")
    process.read_until("late ready")
    process.type("\n")
    process.read_until("late 15 ")
    end_catch(process, "late")
    assert process.wait() == 3


@pytest.mark.parametrize("whom, once", [("group", ["beside"]),
                                        ("all", ["beside", "outside"])])
@pytest.mark.parametrize("name, rewrite", [("TERM", "TERM"), ("TERM", "USR1"),
                                           ("PWR", "PWR"), ("INT", "TERM")])
@pytest.mark.parametrize("wait", ["main", "all"])
def test_who_has_had_the_stop_gets_it_no_second_time(run, whom, once, name,
                                                     rewrite, wait):
    got = int(signal.Signals["SIG" + rewrite])
    process = run(f"--forward-to={whom}", f"--wait={wait}",
                  f"--rewrite={name}:{rewrite}", "--stop-grace=10m",
                  "setsid $CATCH 34 outside & $CATCH 34 beside & "
                  f"exec $CATCH {got} app")
    for who in ("outside", "beside", "app"):
        process.read_until(f"{who} ready")
    process.kill(name)
    process.read_until(f"beside {got} ")
    others = int(signal.Signals["SIG" + name]) if wait == "all" else 15
    if "outside" in once:
        others = got
    process.read_until(f"outside {others} ")
    if wait == "main":
        process.read_until("beside 18 ")  # SIGCONT, which follows
        process.read_until("outside 18 ")
    else:
        harness.until(lambda: watch.settled(process.pid), "rind at rest")
    end_catch(process, "beside")
    end_catch(process, "outside")
    assert process.wait() == 0
    assert told("app", process) == [got]
    assert told("beside", process) == [got, 34]
    assert told("outside", process) == [others, 34]


@pytest.mark.whole
@pytest.mark.parametrize("proc", ["", 'mount -t proc -o hidepid=2 proc '
                                      '"$IMAGE/proc"'], ids=["no", "hidden"])
def test_a_proc_that_hides_processes_hides_none_from_pid_1(container, rind,
                                                           proc):
    process = container("--user=app", "--forward-to=group", "--stop-grace=10m",
                        "sh", "-c", "setsid catch 15 outside & catch 34 beside "
                        "& exec catch 15 app", binary=rind, proc=False,
                        prepare=proc)
    for who in ("outside", "beside", "app"):
        process.read_until(f"{who} ready")
    process.kill("TERM")
    process.read_until("outside 15 ")
    process.read_until("beside 18 ")
    end_catch(process, "beside")
    assert process.wait() == 0
    assert told("beside", process) == [15, 34]


def test_behind_sigterm_no_other_stop_signal_counts_for_the_others(run):
    process = run("--wait=all", "$CATCH 15 helper & exec $CATCH 30 app")
    process.read_until("helper ready")
    process.read_until("app ready")
    process.kill("TERM")
    process.read_until("app 15 ")
    process.kill("PWR")
    assert process.wait() == 0
    assert told("helper", process) == [15]


def test_sighup_is_no_stop_that_others_would_have_had(run):
    process = run("--forward-to=all", "--stop-grace=10m",
                  "$CATCH 15 beside & exec $CATCH 1 app")
    process.read_until("beside ready")
    process.read_until("app ready")
    process.kill("HUP")
    assert process.wait() == 0
    assert told("beside", process) == [1, 15]


@pytest.mark.parametrize("whom", ["group", "all"])
def test_who_ignores_the_stop_signal_is_asked_with_sigterm(run, whom):
    """As the background jobs of a shell without job control do SIGINT."""
    process = run(f"--forward-to={whom}", "--stop-grace=10m",
                  "sh -c 'trap \"echo saved; exit\" TERM; sleep 1000 & "
                  "echo helper ready; wait' & exec $CATCH 2 app")
    process.read_until("helper ready")
    process.read_until("app ready")
    # Before its exec it has the shell's handler, which would lose SIGTERM.
    harness.until(lambda: any(
        harness.command_line(pid)[:1] == ["sleep"]
        for child in harness.children_of(process.app)
        for pid in harness.children_of(child)), "the exec of sleep")
    process.kill("INT")
    assert process.wait() == 0
    assert "saved" in process.out


def test_an_end_within_the_stop_delay_is_the_only_stop(run, container, rind):
    delay = "--stop-delay=1s"
    process = run(delay, "--stop-grace=10m",
                  "$CATCH 34 left & read line; exit 3")
    other = container("--user=app", delay, "catch", binary=rind)
    process.read_until("left ready")
    other.read_until("ready")
    process.kill("TERM")
    harness.until(lambda: signal.SIGTERM not in watch.signals_of(
        process.pid, "ShdPnd"), "rind's taking it")
    other.kill("TERM")
    process.type("\n")
    process.read_until("left 18 ")
    assert other.wait() == 0  # the delay of the first is over, too
    end_catch(process, "left")
    assert process.wait() == 3
    assert told("left", process) == [15, 34]


# --- not PID 1 ---


def test_a_subreaper_ends_its_own_descendants_alone(plain, rind, mark):
    bystander = subprocess.Popen([CATCH, "0", mark], stdout=subprocess.PIPE)
    assert bystander.stdout.readline() == f"{mark} ready\n".encode()
    process = plain("--user=root", "--stop-grace=0",
                    *leave(f"{CATCH} 0 left &"), binary=rind)
    process.read_until("left ready")
    process.type("\n")
    assert process.wait() == 3
    os.kill(bystander.pid, signal.SIGUSR1)
    assert bystander.stdout.readline().startswith(f"{mark} 10 ".encode())
    bystander.kill()
    bystander.wait()
    bystander.stdout.close()


def test_a_subreaper_asks_first_and_waits(plain, rind):
    process = plain("--user=1000", *leave(f"(setsid {CATCH} 15 left &);"),
                    binary=rind)
    process.read_until("left ready")
    process.type("\n")
    assert process.wait() == 3
    assert "left 15 " in process.out


@pytest.mark.parametrize("depth", [2, 50])
def test_a_subreaper_ends_a_deep_tree_with_sessions_of_its_own(
        plain, rind, mark, depth):
    process = plain("--user=1000", "--stop-grace=10m",
                    *leave(f"{DEEP} {depth} {mark} &"), binary=rind)
    process.read_until("ready")
    assert len(watch.pids_with(mark)) >= depth
    process.type("\n")
    assert process.wait() == 3
    assert not watch.pids_with(mark)


def test_a_subreaper_kills_a_tree_after_the_grace(plain, rind, mark):
    process = plain("--user=1000", "--stop-grace=1ms",
                    *leave(f"{CATCH} 0 top {mark} & {DEEP} 20 {mark} &",
                           f"(setsid {CATCH} 0 away {mark} &);"),
                    binary=rind)
    process.read_until("top ready")
    process.read_until("away ready")
    harness.until(lambda: len(watch.pids_with(mark)) >= 22, "the tree")
    process.type("\n")
    assert process.wait() == 3
    assert not watch.pids_with(mark)


def test_a_subreaper_continues_who_is_stopped(plain, rind, mark):
    process = plain("--user=1000", "--stop-grace=10m",
                    *leave(f"{CATCH} 15 left {mark} &"), binary=rind)
    process.read_until("left ready")
    left = next(pid for pid in watch.pids_with(mark)
                if harness.command_line(pid)[0] == CATCH)
    os.kill(left, signal.SIGSTOP)
    harness.until(lambda: watch.state_of(left) == "T", "its stop")
    process.type("\n")
    assert process.wait() == 3
    assert "left 15 " in process.out


# Without a /proc of its own rind can but try each number, which takes seconds
# where somebody is left to the end; so here all do as they are asked.


def test_a_subreaper_without_proc_ends_its_descendants(rind, mark):
    process = harness.start([
        "unshare", "--mount", "sh", "-c", 'umount -l /proc; exec "$@"', "sh",
        str(harness.BUILD / rind), "--user=1000", "--stop-grace=10m",
        *leave(f"{CATCH} 15 top {mark} & (setsid {CATCH} 15 away {mark} &);")])
    process.read_until("top ready")
    process.read_until("away ready")
    process.type("\n")
    assert process.wait() == 3
    assert not watch.pids_with(mark)
    assert "top 15 " in process.out
    assert "away 15 " in process.out
    process.destroy()


def test_the_proc_of_another_namespace_is_not_believed(rind, mark):
    """Its numbers are other processes' there than here."""
    process = harness.start([
        "unshare", "--pid", "--fork", "--kill-child", "sh", "-c",
        '"$@"; echo $? >&2', "sh", str(harness.BUILD / rind), "--user=1000",
        "--stop-grace=10m", *leave(f"{CATCH} 15 top {mark} &")])
    process.read_until("top ready")
    process.type("\n")
    assert process.wait() == 0
    assert process.err == "3\n"
    assert "top 15 " in process.out
    process.destroy()


# A /proc that hides other users' processes (hidepid, proc(5)) hides them from
# rind, which is root without a capability that would help.

HIDDEN = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c",
          'mount -t proc -o "$1" proc /proc; shift; "$@"; code=$?; echo ended; '
          "read line; exit $code", "sh"]


@pytest.mark.parametrize("how", ["hidepid=0", "hidepid=2,gid=1234",
                                 "hidepid=4"])
@pytest.mark.parametrize("option, words, sent, code", [
    ("--stop-timeout=100ms", f"exec {CATCH} 0", "TERM", 137),
    ("--stop-grace=100ms", f"{CATCH} 0 & read line; exit 3", None, 3),
    ("--forward-to=all", f"exec {CATCH} 10", "USR1", 0)],
    ids=["stop-timeout", "stop-grace", "forward-to"])
def test_a_proc_that_hides_processes_hides_none_from_a_signal(
        rind, how, option, words, sent, code):
    process = harness.start([*HIDDEN, how, str(harness.BUILD / rind),
                             "--user=1000", option, "sh", "-c", words])
    process.read_until("ready")
    left = watch.below(process.pid, "catch")
    if sent:
        os.kill(watch.below(process.pid, rind),
                signal.Signals["SIG" + sent])
    else:
        process.type("\n")
    process.read_until("ended", timeout=10 * harness.TIMEOUT)
    assert not watch.state_of(left)
    process.type("\n")
    assert process.wait() == code
    process.destroy()


UNDUMPABLE = """
import ctypes, os, signal, time
if not os.fork():
    if not os.fork():
        time.sleep(1000)
    os._exit(0)
os.wait()
signal.signal(signal.SIGTERM, signal.SIG_IGN)
ctypes.CDLL(None).prctl(4, 0)
print("ready", flush=True)
time.sleep(1000)
"""


def test_an_app_that_hides_itself_alone_is_killed_too(rind):
    """PR_SET_DUMPABLE, prctl(2): its files in /proc are root's then."""
    process = harness.start([
        *HIDDEN, "hidepid=2", "setpriv", "--reuid=1000", "--regid=1000",
        "--clear-groups", str(harness.BUILD / rind), "--stop-timeout=100ms",
        "/usr/bin/python3", "-c", UNDUMPABLE])
    process.read_until("ready")
    os.kill(watch.below(process.pid, rind), signal.SIGTERM)
    process.read_until("ended")
    process.type("\n")
    assert process.wait() == 137
    process.destroy()
