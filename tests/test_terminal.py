"""A terminal under rind behaves as it does without it."""

import fcntl
import os
import re
import signal
import struct
import termios

import pytest

import harness
import watch

CATCH = str(harness.BUILD / "tests" / "catch")
FOREGROUND = str(harness.BUILD / "tests" / "foreground")

CTRL_C, CTRL_Z, CTRL_BACKSLASH = "\x03", "\x1a", "\x1c"


@pytest.fixture(params=["pid1", "plain"])
def run(request, container, plain, rind):
    """run(*options_and_command) on a terminal of its own, as PID 1 and not;
    "catch" stands for the program of that name."""
    def start(*words, **kwargs):
        if request.param == "pid1":
            return container("--user=app", *words, binary=rind, tty=True,
                             **kwargs)
        words = [CATCH if word == "catch" else word for word in words]
        return plain("--user=1000", *words, binary=rind, tty=True, **kwargs)
    return start


@pytest.fixture
def shell(rind):
    """shell(): an interactive bash on a terminal, "rind" being a function."""
    started = []

    def start():
        process = harness.start(["bash", "--norc", "--noprofile", "-i"],
                                tty=True, env={**os.environ, "PS1": "$ ",
                                               "TERM": "dumb",
                                               "HISTFILE": ""})
        started.append(process)
        process.type(f"rind() {{ {harness.BUILD / rind} \"$@\"; }}; "
                     "echo 'the shell is' here\n")
        process.read_until("the shell is here\r\n")
        return process

    yield start
    for process in started:
        for pid in watch.all_below(process.pid):
            harness.until(lambda pid=pid: watch.end(pid), "its end")
        process.destroy()


@pytest.mark.parametrize("option", ["", "--unshare=pid"])
def test_the_terminal_comes_back_where_the_start_fails(rind, option):
    """To a script's shell, which does no job control."""
    process = harness.start(
        ["sh", "-c", f"{harness.BUILD / rind} --user=root {option} -- nosuch; "
         'echo code $?; read line; echo "got $line"'], tty=True)
    process.read_until("code 12")
    process.type("words\n")
    process.read_until("got words")
    assert process.wait() == 0
    process.destroy()


def foreground_of(process):
    return watch.stat_of(process.pid)["foreground"]


def until_foreground_is_not(process, job):
    harness.until(lambda: foreground_of(process) != job, "the shell's turn")


def test_the_app_has_its_own_group_and_the_foreground(run):
    process = run("catch")
    process.read_until("ready")
    app = watch.stat_of(process.app)
    assert app["group"] == process.app
    assert app["foreground"] == process.app
    assert watch.stat_of(process.pid)["group"] != process.app


def test_ctrl_c_reaches_the_app_once(run):
    process = run("catch", "3")
    process.read_until("ready")
    process.type(CTRL_C)
    process.read_until("app 2 ")
    process.type(CTRL_BACKSLASH)
    assert process.wait() == 0
    assert re.findall(r"app (\d+) ", process.out) == ["2", "3"]


def test_ctrl_c_ends_an_app_that_does_not_catch_it(run):
    process = run("sh", "-c", "echo ready; read line")
    process.read_until("ready")
    process.type(CTRL_C)
    assert process.wait() == 130


def test_a_change_of_window_size_reaches_the_app(run):
    process = run("catch", "28")
    process.read_until("ready")
    fcntl.ioctl(process.terminal, termios.TIOCSWINSZ,
                struct.pack("HHHH", 40, 100, 0, 0))
    assert process.wait() == 0


def test_signals_from_outside_reach_an_app_on_a_terminal(run):
    process = run("catch")
    process.read_until("ready")
    for name in ("HUP", "USR1", "CHLD", "CONT"):
        process.kill(name)
        process.read_until(f"app {int(signal.Signals['SIG' + name])} ")
    process.kill("TERM")
    assert process.wait() == 0


def test_ctrl_z_stops_nothing_for_good_where_no_shell_waits(run):
    process = run("sh", "-c", "echo ready; read line; exit 7")
    process.read_until("ready")
    process.type(CTRL_Z)
    process.read_until("^Z")
    process.type("\n")
    assert process.wait() == 7
    assert process.popen.returncode == 7


def test_a_stop_that_a_process_sends_lasts_until_sigcont(run):
    process = run("sh", "-c", "echo ready; read line; exit 7")
    process.read_until("ready")
    app = process.app
    process.kill("TSTP")
    harness.until(lambda: watch.state_of(app) == "T", "the app's stop")
    process.kill("CONT")
    harness.until(lambda: watch.state_of(app) == "S", "its going on")
    process.type("\n")
    assert process.wait() == 7


def test_an_interactive_shell_as_the_app_has_job_control(run):
    process = run("sh", "-i", env={**os.environ, "PS1": "$ ", "ENV": ""})
    process.type("sleep 1000\n")
    harness.until(lambda: watch.below(process.pid, "sleep"), "sleep")
    job = watch.below(process.pid, "sleep")
    harness.until(lambda: foreground_of(process) == job, "its foreground")
    process.type(CTRL_Z)
    harness.until(lambda: watch.state_of(job) == "T", "its stop")
    until_foreground_is_not(process, job)
    process.type("echo back in the $((1 + 1))nd shell\n")
    process.read_until("back in the 2nd shell")
    assert "topped" in process.out
    assert "job control" not in process.out
    process.type("fg\n")
    harness.until(lambda: foreground_of(process) == job, "its foreground")
    process.type(CTRL_C)
    harness.until(lambda: not watch.state_of(job), "its end")
    until_foreground_is_not(process, job)
    process.type("exit 6\n")
    assert process.wait() == 6


def test_what_the_kernel_raises_against_rinds_own_group_is_not_forwarded(
        plain, rind):
    process = plain("-v", "--user=root", "sh", "-c",
                    '"$0" $(cut -d" " -f5 /proc/$PPID/stat)',
                    FOREGROUND, binary=rind, tty=True)
    process.read_until("done\r\n")
    assert foreground_of(process) == watch.stat_of(process.pid)["group"]
    process.type(CTRL_Z)
    process.read_until("^Z")
    process.kill("WINCH")  # a higher number: taken after it
    process.read_until("forward: WINCH as WINCH: done")
    assert "forward: TSTP" not in process.out
    process.kill("TERM")
    assert process.wait() == 143


# --- what the supervisor cannot keep on a terminal ---

ITSELF = "the terminal sends this signal to the app itself"
GROUP = "the terminal sends its signals to the app's process group alone"
CURE = "remove it, or start rind without a terminal: setsid -w rind"


@pytest.mark.parametrize("option, reason", [
    *((f"--rewrite={name}:TERM", ITSELF)
      for name in ("INT", "QUIT", "TSTP", "WINCH", "TTIN", "TTOU")),
    ("--rewrite=WINCH:0", ITSELF), ("--forward-to=all", GROUP)])
def test_what_does_not_hold_on_a_terminal_is_refused(run, option, reason):
    process = run(option, "echo", "ran")
    assert process.wait() == 125
    assert process.out == f"rind: terminal: {option}: {reason} ({CURE})\r\n"


def test_a_refusal_leaves_a_terminal_in_the_background_alone(shell):
    """fg(1) would make it the app's."""
    process = shell()
    process.type("rind --user=1000 --forward-to=all true & wait $!; "
                 "echo code $?\n")
    process.read_until("code 125\r\n")


@pytest.mark.parametrize("option", [
    "--rewrite=TERM:QUIT", "--rewrite=INT:INT", "--stop-signal=QUIT",
    "--forward-to=group", "--rewrite=HUP:TERM", "--rewrite=USR1:0"])
def test_what_holds_on_a_terminal_is_taken(run, option):
    process = run(option, "echo", "ran")
    assert process.wait() == 0
    assert process.out == "ran\r\n"


@pytest.mark.parametrize("option", ["--rewrite=INT:TERM", "--forward-to=all"])
def test_without_a_controlling_terminal_all_of_it_is_taken(plain, rind,
                                                           option):
    """Ctrl-C is nobody's then."""
    process = harness.start(
        ["setsid", "-w", str(harness.BUILD / rind), "--user=1000", option,
         "echo", "ran"], tty=True)
    assert process.wait() == 0
    assert process.out == "ran\r\n"
    process.destroy()


# --- PID 1 in the background of its own terminal ---


def test_tostop_does_not_stop_pid_1(container, rind):
    process = container("-v", "--user=app", "--rewrite=USR1:0", "sh", "-c",
                        "stty tostop; exec catch", binary=rind, tty=True)
    process.read_until("app ready")
    # Swallowed, so that the app does not write in the same instant: a message
    # is dropped where the terminal is taken.
    process.kill("USR1")
    process.read_until("rind: forward: USR1 as nothing: done")
    for name in ("TTOU", "TTIN", "TSTP"):
        process.kill(name)
        process.read_until(f"app {int(signal.Signals['SIG' + name])} ")
    assert watch.state_of(process.pid) != "T"
    process.kill("TERM")
    assert process.wait() == 0


# --- rind as a job of an interactive shell ---


def start_job(process, *words):
    """Types a command with rind; returns rind's pid and the app's."""
    process.type(" ".join(["rind --user=1000", *words]) + "\n")
    rind = harness.until(lambda: watch.below(process.pid, "rind")
                         or watch.below(process.pid, "rind-wait-loop"), "rind")
    if "--unshare" in words[0]:
        return rind, harness.until(lambda: next(
            iter(harness.children_of(rind)), None), "the rind inside")
    return rind, app_of(rind)


def app_of(rind):
    """The app below the inner rind; until it is the app, it has rind's words."""
    return harness.until(lambda: next(
        (pid for pid in harness.children_of(rind)
         if harness.command_line(pid) not in ([], harness.command_line(rind))),
        None), "the app")


def until_the_shell_is_back(process):
    """What is typed before that may be flushed, or be the app's."""
    harness.until(lambda: foreground_of(process) == process.pid,
                  "the shell's foreground")


READER = "sh -c 'echo rea\"\"dy; while read x; do echo got-$x; done; exit 4'"


def stop_and_fg(process, job, app, word):
    """Ctrl-Z stops the app and the shell's JOB; "fg" lets the app read WORD."""
    process.type(CTRL_Z)
    harness.until(lambda: watch.state_of(app) == "T", "the app's stop")
    harness.until(lambda: watch.state_of(job) == "T", "rind's stop")
    process.read_until("Stopped")
    until_the_shell_is_back(process)
    process.type("echo the shell has $((40 + 2))\n")
    process.read_until("the shell has 42")
    process.type("fg\n")
    harness.until(lambda: foreground_of(process) == app, "its foreground")
    process.type(f"{word}\n")
    process.read_until(f"got-{word}")


def test_ctrl_z_and_fg_work_in_a_shell(shell):
    process = shell()
    rind, app = start_job(process, READER)
    process.read_until("ready\r\n")
    stop_and_fg(process, rind, app, "one")
    stop_and_fg(process, rind, app, "two")
    process.type("\x04")
    until_the_shell_is_back(process)
    process.type("echo code $?\n")
    process.read_until("code 4\r\n")


def test_ctrl_z_works_after_a_stop_that_found_the_app_stopped(shell):
    """Of the second one, which is handed on, no stop is reported."""
    process = shell()
    rind, app = start_job(process, READER)
    process.read_until("ready\r\n")
    for _ in range(2):
        os.kill(rind, signal.SIGTSTP)
        harness.until(lambda: watch.state_of(app) == "T", "the app's stop")
        harness.until(lambda: watch.settled(rind), "rind at rest")
    os.kill(rind, signal.SIGCONT)
    harness.until(lambda: watch.state_of(app) == "S", "the app's life")
    stop_and_fg(process, rind, app, "one")
    process.type("\x04")
    until_the_shell_is_back(process)
    process.type("echo code $?\n")
    process.read_until("code 4\r\n")


@pytest.mark.parametrize("options", [["--unshare=pid,mount",
                                      "--standard-mounts"],
                                     ["--unshare=user"]], ids=["pid", "user"])
def test_ctrl_z_and_fg_work_across_a_namespace(shell, options):
    """Between the shell and the app are two rinds: the one outside is the job,
    the one inside is the only one that can see the app stopped."""
    process = shell()
    outside, inside = start_job(process, *options, READER)
    process.read_until("ready\r\n")
    app = app_of(inside)
    stop_and_fg(process, outside, app, "one")
    stop_and_fg(process, outside, app, "two")
    # Stops that a process sends are the app's alone, and spoil no later one.
    os.kill(outside, signal.SIGTSTP)
    harness.until(lambda: watch.state_of(app) == "T", "the app's stop")
    assert watch.state_of(outside) != "T"
    os.kill(outside, signal.SIGCONT)
    harness.until(lambda: watch.state_of(app) == "S", "its going on")
    process.type(CTRL_Z)
    harness.until(lambda: watch.state_of(outside) == "T", "rind's stop")
    until_the_shell_is_back(process)
    process.type("fg\n")
    harness.until(lambda: foreground_of(process) == app, "its foreground")
    process.type("\x04")
    until_the_shell_is_back(process)
    process.type("echo code $?\n")
    process.read_until("code 4\r\n")


def test_ctrl_z_does_nothing_across_a_namespace_without_a_shell(rind):
    process = harness.start(
        ["sh", "-c", '"$@"; echo code $?', "sh", str(harness.BUILD / rind),
         "--user=1000", "--unshare=pid", "sh", "-c",
         "echo ready; while read x; do echo got-$x; done; exit 4"], tty=True)
    process.read_until("ready\r\n")
    process.type(CTRL_Z)
    process.type("one\n")
    process.read_until("got-one\r\n")
    process.type("\x04")
    process.read_until("code 4\r\n")
    assert process.wait() == 0
    process.destroy()


def test_bg_lets_the_app_go_on_without_the_terminal(shell):
    process = shell()
    rind, app = start_job(process, "sh -c 'echo rea\"\"dy; exec "
                          f"{CATCH} 15 app'")
    process.read_until("app ready")
    process.type(CTRL_Z)
    # It holds SIGTSTP back and tells of it, so stops by SIGSTOP alone.
    process.read_until("app 20 ")
    os.kill(app, signal.SIGSTOP)
    harness.until(lambda: watch.state_of(rind) == "T", "rind's stop")
    process.read_until("Stopped")
    until_the_shell_is_back(process)
    process.type("bg\n")
    process.read_until("app 18 ")
    harness.until(lambda: watch.state_of(app) == "S", "the app's going on")
    process.type("echo the shell has $((40 + 2))\n")
    process.read_until("the shell has 42")
    os.kill(rind, signal.SIGUSR1)
    process.read_until("app 10 ")
    process.type("kill %1; wait; echo the job is $((0))ver\n")
    process.read_until("the job is 0ver")


def test_a_background_app_that_reads_stops_until_fg(shell):
    process = shell()
    process.type("set -b\n")  # it tells of the stop once it knows of it
    _, app = start_job(process, READER, "&")
    process.read_until("ready\r\n")
    harness.until(lambda: watch.state_of(app) == "T", "SIGTTIN")
    process.read_until("Stopped")
    assert foreground_of(process) == process.pid
    process.type("echo the shell has $((40 + 2))\n")
    process.read_until("the shell has 42")
    process.type("fg\n")
    harness.until(lambda: foreground_of(process) == app, "its foreground")
    process.type("one\n")
    process.read_until("got-one")
    process.type("\x04")
    until_the_shell_is_back(process)
    process.type("echo code $?\n")
    process.read_until("code 4\r\n")


def test_rind_in_the_background_does_not_take_the_terminal(shell):
    process = shell()
    rind, app = start_job(process, f"sh -c '{CATCH} 15 app; exit' &")
    process.read_until("app ready")
    assert foreground_of(process) == process.pid
    process.type("echo the shell has $((40 + 2))\n")
    process.read_until("the shell has 42")
    process.type("kill %1; wait; echo the job is $((0))ver\n")
    process.read_until("the job is 0ver")


def test_ctrl_c_ends_a_job_and_the_shell_goes_on(shell):
    process = shell()
    start_job(process, READER)
    process.read_until("ready\r\n")
    process.type(CTRL_C)
    until_the_shell_is_back(process)
    process.type("echo code $?\n")
    process.read_until("code 130\r\n")


@pytest.mark.parametrize("ending, code", [("exit 0", 0), ("kill -9 $$", 137),
                                          ("kill -TERM $$", 143)])
@pytest.mark.parametrize("leftover", ["", "sleep 1000 & "])
def test_the_terminal_is_given_back_when_the_app_ends(rind, ending, code,
                                                      leftover):
    """To a shell without job control, which would not take it itself."""
    process = harness.start(
        ["sh", "-c", '"$@"; echo code $?; read x; echo got $x', "sh",
         str(harness.BUILD / rind), "--user=1000", "sh", "-c",
         f"{leftover}echo ready; {ending}"], tty=True)
    process.read_until(f"code {code}\r\n")
    process.type("it\n")
    process.read_until("got it\r\n")
    assert process.wait() == 0
    process.destroy()


def test_ctrl_z_does_nothing_where_nobody_could_continue_the_app(rind):
    """Below a shell without job control that leads the session: the kernel
    lets its group alone, and rind lets go on what it stopped of the app's."""
    process = harness.start(
        ["sh", "-c", '"$@"; echo code $?', "sh", str(harness.BUILD / rind),
         "--user=1000", "sh", "-c",
         "echo ready; while read x; do echo got-$x; done; exit 4"], tty=True)
    process.read_until("ready\r\n")
    process.type(CTRL_Z)
    process.type("one\n")
    process.read_until("got-one\r\n")
    process.type("\x04")
    process.read_until("code 4\r\n")
    assert process.wait() == 0
    process.destroy()


def test_a_pipeline_of_two_rinds_works(shell):
    process = shell()
    process.type("rind --user=1000 echo one two | rind --user=1000 wc -w\n")
    process.read_until("\n2\r\n")
    process.type("echo the shell has $((40 + 2))\n")
    process.read_until("the shell has 42")


# --- where none of the standard streams is the terminal ---

TYPIST = str(harness.BUILD / "tests" / "typist")
DEV = 'mount --rbind /dev "$IMAGE/dev"'
NAMESPACES = {"plain": [], "user namespace": ["--unshare=user"],
              "PID namespace": ["--unshare=pid,mount", "--standard-mounts"]}


@pytest.fixture(params=[*NAMESPACES, "PID 1"])
def redirected(request, container, rind, tmp_path):
    """redirected(*COMMAND): root's shell starts it from a terminal, with
    streams that are none; what it prints is in the file redirected.out."""
    started = []

    def start(*words):
        streams = f"</dev/null >{start.out} 2>&1"
        if request.param == "PID 1":
            return container("--user=root", *words, binary=rind, tty=True,
                             prepare=f"{DEV}; exec {streams}")
        words = [{"catch": CATCH, "typist": TYPIST}.get(word, word)
                 for word in words]
        process = harness.start(
            ["sh", "-c", f'trap : INT; "$@" {streams}; exit $?', "sh",
             str(harness.BUILD / rind), *NAMESPACES[request.param],
             "--user=root", "--", *words], tty=True, pid1=True)
        started.append(process)
        return process

    start.out = tmp_path / "out"
    start.out.touch()
    yield start
    for process in started:
        process.destroy()


def test_an_app_that_is_given_no_terminal_types_into_none(redirected):
    """The caller's shell would run what it types (TIOCSTI)."""
    process = redirected("typist", "/dev/tty", "{terminal}")
    assert process.wait() == 0
    tty, by_path = redirected.out.read_text().splitlines()
    assert tty == "/dev/tty: No such device or address"
    assert re.fullmatch(r"/dev/pts/\d+: Operation not permitted", by_path)


def test_ctrl_c_ends_an_app_that_is_given_no_terminal(redirected):
    """rind stays in the foreground, and forwards it, once."""
    process = redirected("catch", "15")
    harness.until(lambda: "ready" in redirected.out.read_text(), "the app")
    process.type(CTRL_C)
    harness.until(lambda: "app 2 " in redirected.out.read_text(), "the ^C")
    process.kill("TERM")
    assert process.wait() == 0
    assert redirected.out.read_text().count("app 2 ") == 1


@pytest.fixture
def line():
    """The two ends of another terminal, as a serial line is one."""
    ends = os.openpty()
    yield ends
    for fd in ends:
        os.close(fd)


def interrupt(line):
    """Has the terminal turn a byte into SIGINT for its foreground, if any."""
    os.write(line[0], CTRL_C.encode())
    harness.until(lambda: b"^C" in os.read(line[0], 100), "its echo")


def opens(line, *command):
    """Words that open the terminal, without O_NOCTTY, and run COMMAND."""
    return ["sh", "-c", f'exec 5<>{os.ttyname(line[1])}; exec "$@"', "sh",
            *command]


def test_who_leads_a_session_gets_the_terminal_that_it_opens(line):
    """What the next tests are about, as it is without rind."""
    process = harness.start(opens(line, CATCH), start_new_session=True)
    process.read_until("ready")
    assert watch.stat_of(process.pid)["terminal"] != 0
    interrupt(line)
    process.read_until("app 2 ")
    process.destroy()


def test_a_terminal_that_the_app_opens_does_not_become_its_own(line,
                                                               redirected):
    process = redirected(*opens(line, "catch"))
    harness.until(lambda: "ready" in redirected.out.read_text(), "the app")
    app = watch.stat_of(watch.below(process.popen.pid, "catch"))
    assert app["terminal"] == 0
    interrupt(line)
    process.type(CTRL_C)
    harness.until(lambda: "app 2 " in redirected.out.read_text(), "the ^C")
    assert redirected.out.read_text().count("app 2 ") == 1


@pytest.mark.parametrize("options", NAMESPACES.values(), ids=NAMESPACES)
def test_a_serial_line_becomes_nobodys_terminal_below_an_init(line, rind,
                                                              options):
    """As an engine starts rind: it leads a session, which has no terminal."""
    process = harness.start([str(harness.BUILD / rind), "--user=root", *options,
                             "--", *opens(line, CATCH)],
                            start_new_session=True)
    process.read_until("ready")
    for pid in [process.pid, *watch.all_below(process.pid)]:
        assert watch.stat_of(pid)["terminal"] == 0
    interrupt(line)
    process.kill("TERM")
    process.read_until("app 15 ")
    assert process.wait() == 0
    assert "app 2 " not in process.out
    process.destroy()
