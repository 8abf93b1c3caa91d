"""One table of behaviours, in every engine that Debian packages.

Each test is a row, each engine a column; tests/engines.md says which cells are
empty, and why."""

import fcntl
import os
import re
import struct
import termios
import time

import pytest

import engines
import harness
import inside
import watch

pytestmark = [pytest.mark.whole, pytest.mark.parametrize(
    "engine", engines.ENGINES, indirect=True)]


def plain(text):
    """Without what terminals, one behind the other, make of a newline."""
    return re.sub("\r+\n", "\n", text)


def lacks(engine, behaviour):
    if behaviour in engine.lacks:
        engines.cannot(engine.name, behaviour, engine.lacks[behaviour])


def say(process, commands, mark):
    """Has the standing shell run COMMANDS; returns what they print."""
    before = len(process.out)
    # Halved, so that a terminal's echo is not taken for the answer.
    process.type(f"{commands}; echo {mark}''-end\n")
    process.read_until(f"{mark}-end")
    return plain(process.out[before:])


def ended(engine, process):
    code = engine.code(process.name, process)
    return code, plain(process.out) + process.err


def test_pid1_is_rind_and_keeps_cap_kill_alone(standing):
    status = harness.status_of(standing.pid)
    assert status["CapPrm"] == status["CapEff"] == inside.mask("kill")
    assert status["CapBnd"] == inside.mask("kill")
    assert status["CapInh"] == status["CapAmb"] == inside.mask()
    assert status["NoNewPrivs"] == "1"


def test_the_app_is_what_was_asked_for(standing):
    out = say(standing, "cat /proc/self/status", "status")
    listed = inside.mask("net_bind_service")
    assert inside.sets(out) == [listed] * 5
    fields = inside.fields(out)
    assert fields["Uid"].split() == fields["Gid"].split() == ["1000"] * 4
    assert fields["NoNewPrivs"] == "1"


def test_stdout_can_be_opened_after_the_switch_of_user(standing):
    out = say(standing, "echo o''ut >/dev/stdout; echo e''rr >/dev/stderr",
              "streams")
    assert "out\n" in out
    harness.until(lambda: standing._pump(0.01) or "err" in (
        standing.err + standing.out), "the line on stderr")


def test_orphans_do_not_stay(standing):
    say(standing, "i=0; while [ $i -lt 100 ]; do (true & ); i=$((i+1)); done",
        "orphans")
    harness.until(lambda: len(watch.namespace_of(standing.pid)) == 2,
                  "the end of all but rind and the app")


def test_exec_into_it(engine, standing):
    lacks(engine, "exec")
    done = engine.host.run(engine.exec(standing.name, [
        "sh", "-c", "(sleep 1000 >/dev/null 2>&1 & ); "
        "tr '\\0' '\\n' </proc/1/cmdline | head -n 1; exit 9"]), check=False)
    assert done.stdout == "/rind\n"
    assert done.returncode == 9, done.stderr
    # What it left has become rind's, who will end it.
    left, = [pid for pid in watch.namespace_of(standing.pid)
             if harness.command_line(pid) == ["sleep", "1000"]]
    harness.until(lambda: watch.stat_of(left)["parent"] == standing.pid,
                  "the adoption")
    watch.end(left)


SLOW = """
(trap 'echo "the other asked" >&2; exit' TERM
 echo ready; while :; do sleep 0.02; done) &
trap 'sleep 0.5; echo "work done" >&2; exit 7' TERM
while :; do wait; done
"""


def stop(engine, process, seconds):
    """Stops it; returns how long that took."""
    before = time.monotonic()
    engine.host.run(engine.stop(process.name, seconds))
    process.wait()
    return time.monotonic() - before


def test_stop_lets_a_slow_app_finish_and_asks_the_others_after_it(
        engine, contain):
    process = contain("sh", "-c", SLOW)
    process.read_until("ready")
    took = stop(engine, process, 20)
    code, said = ended(engine, process)
    assert code == 7
    assert re.findall("work done|the other asked", said) == [
        "work done", "the other asked"]
    assert 0.5 < took and harness.in_time(took, 15)


def test_stop_ends_an_app_that_does_not_listen(engine, contain):
    rind = ["--user=1000"]
    if not engine.stops_in_time:
        rind.append("--stop-timeout=1s")
    process = contain("sh", "-c", "trap '' TERM; echo ready; exec sleep 1000",
                      rind=rind)
    process.read_until("ready")
    took = stop(engine, process, 1)
    assert ended(engine, process)[0] == 137
    assert 1 <= took and harness.in_time(took, 15)


def shell(engine, contain):
    """An interactive one that has set up its terminal and reads."""
    process = contain(*engine.interactive, tty=True)
    process.read_until("$ ")
    return process


def resize(process, rows, columns):
    fcntl.ioctl(process.terminal, termios.TIOCSWINSZ,
                struct.pack("HHHH", rows, columns, 0, 0))


def test_size_of_the_terminal(engine, contain):
    lacks(engine, "resize")
    process = shell(engine, contain)
    process.type("until stty size 2>/dev/null | grep 33; do sleep 0.02; done\n")

    def is_told():
        """A client that does not listen yet loses the first change."""
        resize(process, 34, 111)
        resize(process, 33, 111)
        process._pump(0.2)
        return b"33 111" in process.seen["out"]

    harness.until(is_told, "the size")
    process.type("exit\n")
    assert ended(engine, process)[0] == 0


def test_job_control(engine, contain):
    process = shell(engine, contain)
    process.type("sleep 1000\n")
    sleeping = harness.until(lambda: watch.below(process.pid, "sleep"), "sleep")
    harness.until(lambda: watch.stat_of(sleeping)["group"] ==
                  watch.stat_of(sleeping)["foreground"], "the foreground")
    process.type("\x1a")
    process.read_until("Stopped")
    assert watch.state_of(sleeping) == "T"
    process.type("fg\n")
    harness.until(lambda: watch.state_of(sleeping) == "S", "sleep again")
    process.type("\x03")
    harness.until(lambda: not watch.state_of(sleeping), "its end")
    process.type("exit 5\n")
    assert ended(engine, process)[0] == 5


# Each code costs a container: the quickest engine tries all.
FEW = [0, 1, 126, 137, 255]
ALL = {"crun"}


def test_exit_codes(engine, contain):
    codes = range(256) if engine.name in ALL else FEW
    running = []
    for code in codes:
        running.append((code, contain("sh", "-c", f"exit {code}")))
        if len(running) == 4:
            assert_codes(engine, running)
            running = []
    assert_codes(engine, running)


def assert_codes(engine, running):
    for code, process in running:
        assert engine.code(process.name, process) == code


@pytest.mark.parametrize("words, rind, code, said", [
    (["true"], ["--user=nosuch"], 125, "rind: user: nosuch: no such user"),
    (["/tmp"], ["--user=1000"], 126, "rind: exec: /tmp: "),
    (["/nosuch"], ["--user=1000"], 127, "rind: exec: /nosuch: "),
])
def test_what_cannot_be_run(engine, contain, words, rind, code, said):
    if engine.always_tty and words != ["true"]:
        # The app is a script there, whose shell it is that runs the words.
        words = ["sh", "-c", f"{words[0]}"]
        said = words[-1]
    process = contain(*words, rind=rind)
    got, text = ended(engine, process)
    assert got == code, text
    assert said in text


def test_read_only_root(engine, contain):
    process = contain("sh", "-c", "id -u; echo x >/x; echo still here",
                      read_only=True)
    code, said = ended(engine, process)
    assert code == 0, said
    assert "1000\n" in said
    assert "Read-only file system" in said
    assert "still here" in said


def test_another_user_than_root_needs_no_option(engine, contain):
    process = contain("cat", "/proc/self/status", rind=[], user="1000")
    code, said = ended(engine, process)
    assert code == 0, said
    fields = inside.fields(said)
    assert fields["Uid"].split() == ["1000"] * 4
    for name in "CapInh", "CapPrm", "CapEff", "CapAmb":
        assert fields[name] == inside.mask()
    assert fields["NoNewPrivs"] == "1"


def test_cap_drop_all_with_another_user(engine, contain):
    process = contain("cat", "/proc/self/status", rind=[], user="1000",
                      drop_all=True)
    code, said = ended(engine, process)
    assert code == 0, said
    assert inside.sets(said) == [inside.mask()] * 5


def test_cap_drop_all_as_root_names_what_is_missing(engine, contain):
    process = contain("true", drop_all=True)
    code, said = ended(engine, process)
    assert code == 125
    assert re.search("rind: user: 1000: .*--cap-add=SETUID", said), said


def assert_mapped(process):
    """Another user outside than inside; rootless, 0 is the caller's own. Where
    a stream's owner is not mapped, it cannot be opened anew, and rind says so.
    """
    outside = harness.status_of(process.app)["Uid"].split()
    assert int(outside[0]) in (engines.MAPPED + 1000, engines.MAPPED + 999)
    out = plain(process.out)
    assert inside.fields(out)["Uid"].split() == ["1000"] * 4
    assert inside.sets(out) == [inside.mask()] * 5
    assert ("up" in out.splitlines()) != (
        "not given to the app's user" in out + process.err)


def test_user_namespace(engine, contain):
    process = contain("sh", "-c", "cat /proc/self/uid_map; "
                      "cat /proc/self/status; echo up >/dev/stdout; "
                      "echo all is said; read x",
                      userns=True)
    process.read_until("all is said")
    assert_mapped(process)
    process.type("\n")
    assert ended(engine, process)[0] == 0


def test_an_app_that_takes_too_much_memory(engine, contain):
    process = contain("dd", "if=/dev/zero", "of=/dev/null", "bs=200M",
                      "count=1", memory=32 << 20)
    assert ended(engine, process)[0] == 137
