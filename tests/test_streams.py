"""Streams and descriptors: what the app gets, and what it does not."""

import ctypes
import fcntl
import os
import re
from pathlib import Path
import resource
import signal
import socket
import stat
import subprocess

import pytest

import harness
import watch

CATCH = str(harness.BUILD / "tests" / "catch")
ALL = (0, 1, 2)
COMBINATIONS = [[fd for fd in ALL if bits >> fd & 1] for bits in range(8)]


def is_null(pid, fd):
    status = os.stat(f"/proc/{pid}/fd/{fd}")
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == os.makedev(1, 3)


def closing(fds):
    """Shell text that closes these."""
    return "exec " + " ".join(f"{fd}>&-" for fd in fds) if fds else ""


def test_everything_works_without_proc(container, rind):
    process = container("--user=app", "sh", "-c", "catch 15 left & "
                        "exec catch 10", binary=rind, proc=False)
    process.read_until("left ready")
    process.read_until("app ready")
    for number in (1, 34, 64):
        process.kill(number)
        process.read_until(f"app {number} ")
    process.kill("USR1")
    assert process.wait() == 0
    assert "left 15 " in process.out


@pytest.mark.parametrize("closed", COMBINATIONS)
def test_closed_streams_become_dev_null(container, rind, closed):
    process = container("--user=app", "catch", binary=rind,
                        prepare=closing(closed))
    app = process.app
    harness.until(lambda: watch.settled(app), "its start")
    for fd in ALL:
        assert is_null(app, fd) == (fd in closed)
    assert set(watch.descriptors_of(app)) == set(ALL)
    process.kill("TERM")
    assert process.wait() == 0


@pytest.mark.parametrize("closed", COMBINATIONS)
def test_closed_streams_do_no_harm_where_rind_is_not_pid_1(rind, closed):
    process = harness.start(["sh", "-c", f'{closing(closed) or ":"}; '
                             'exec "$@"', "sh", str(harness.BUILD / rind),
                             "--user=1000", CATCH])
    app = process.app
    harness.until(lambda: watch.settled(app), "its start")
    for fd in ALL:
        assert is_null(app, fd) == (fd in closed)
    assert set(watch.descriptors_of(app)) == set(ALL)
    process.kill("TERM")
    assert process.wait() == 0
    process.destroy()


def test_an_error_is_no_part_of_a_file_that_took_the_place_of_stderr(
        container, rind):
    process = container("--user=nosuch", "true", binary=rind,
                        prepare=closing([2]))
    assert process.wait() == 125
    assert process.out == ""


@pytest.mark.parametrize("tty", [False, True])
def test_rind_keeps_no_descriptor_that_it_does_not_use(container, rind, tty):
    process = container("--user=app", "catch", binary=rind, tty=tty,
                        prepare="exec 7</dev/null 9</etc")
    process.read_until("app ready")
    harness.until(lambda: watch.settled(process.pid), "rind at rest")
    kinds = [re.sub(r"\W*\d+\W*$", "", link) for fd, link in
             watch.descriptors_of(process.pid).items() if fd != 2]
    allowed = {"anon_inode:[signalfd]", "anon_inode:[pidfd]", "pidfd",
               *(["/dev/pts"] if tty else [])}
    assert set(kinds) <= allowed
    assert len(kinds) == len(set(kinds)) >= 2
    process.kill("TERM")
    assert process.wait() == 0


def test_nothing_else_is_open_in_the_app(container, rind):
    process = container("--user=app", "catch", binary=rind,
                        prepare="exec 3</etc 7</dev/null 9</etc/passwd")
    process.read_until("ready")
    assert set(watch.descriptors_of(process.app)) == {0, 1, 2}
    process.kill("TERM")
    assert process.wait() == 0


def test_nothing_else_is_open_in_the_app_of_exec(container):
    process = container("--exec", "--user=app", "catch",
                        prepare="exec 3</etc 7</dev/null 9</etc/passwd")
    process.read_until("ready")
    app = watch.below(process.popen.pid, "catch")
    assert set(watch.descriptors_of(app)) == {0, 1, 2}
    os.kill(app, signal.SIGTERM)
    assert process.wait() == 0


def test_keep_fd_leaves_these_open_and_no_others(container, rind):
    process = container("--user=app", "--keep-fd=7", "--keep-fd=9", "sh",
                        "-c", "head -n 1 <&7; exec catch", binary=rind,
                        prepare='exec 3</etc 7<"$IMAGE/etc/passwd" 8</etc '
                        "9</dev/null")
    process.read_until("ready")
    assert process.out.startswith("root:x:0:0:root:")
    assert set(watch.descriptors_of(process.app)) == {0, 1, 2, 7, 9}
    process.kill("TERM")
    assert process.wait() == 0


def test_keep_fd_of_a_closed_descriptor_is_an_error(container):
    process = container("--user=app", "--keep-fd=7", "true")
    assert process.wait() == 125
    assert process.err == ("rind: keep-fd: 7: Bad file descriptor "
                           "(open it before rind starts)\n")


def test_a_full_stderr_that_nobody_reads_holds_nothing_up(container, rind):
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(writer, True)
    process = container("-v", "--user=app", "catch", "64", binary=rind,
                        stderr=writer)
    try:
        process.read_until("ready")
        for turn in range(100):
            process.kill(34 + turn % 20)
        process.kill("USR1")
        process.read_until("app 10 ")
        process.kill(64)
        assert process.wait() == 0
        assert len(re.findall(r"^app ", process.out, re.MULTILINE)) == 103
    finally:
        os.close(reader)
        os.close(writer)


def test_a_stderr_whose_reader_has_gone_does_no_harm(container, rind):
    reader, writer = os.pipe()
    os.close(reader)
    process = container("-v", "--user=app", "catch", binary=rind,
                        stderr=writer)
    os.close(writer)
    process.read_until("ready")
    process.kill("USR1")
    process.read_until("app 10 ")
    process.kill("TERM")
    assert process.wait() == 0
    assert re.findall(r"^app (\d+) ", process.out, re.MULTILINE) == ["10",
                                                                     "15"]


def limit_files():
    """No file may become longer than 2 kB: SIGXFSZ for who tries."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))


def test_a_stderr_that_may_not_grow_ends_nobody(plain, rind, tmp_path):
    with (tmp_path / "log").open("w") as log:
        process = plain("--verbose", "--user=1000", "sh", "-c",
                        "trap 'exit 4' TERM; echo ready; "
                        "while :; do read line; done", binary=rind,
                        stderr=log, preexec_fn=limit_files)
        process.read_until("ready")
        while os.path.getsize(log.name) < 2048:
            process.kill("URG")
        process.kill("URG")
        harness.until(lambda: watch.settled(process.pid), "rind at rest")
        process.kill("TERM")
        assert process.wait() == 4


def test_a_stderr_that_may_not_grow_at_all_ends_no_start(plain, rind, tmp_path):
    with (tmp_path / "log").open("w") as log:
        log.write("x" * 2048)
        log.flush()
        process = plain("--verbose", "--user=1000", "true", binary=rind,
                        stderr=log, preexec_fn=limit_files)
        assert process.wait() == 0


def test_a_message_does_not_make_the_apps_stderr_non_blocking(container,
                                                              rind):
    reader, writer = os.pipe()
    process = container("-v", "--user=app", "catch", binary=rind,
                        stderr=writer)
    process.read_until("ready")
    process.kill("TERM")
    assert process.wait() == 0
    assert b"rind: forward: TERM" in os.read(reader, 65536)
    assert not fcntl.fcntl(writer, fcntl.F_GETFL) & os.O_NONBLOCK
    os.close(reader)
    os.close(writer)


# --- socket activation ---

SHOW = ["sh", "-c", "echo $LISTEN_PID $LISTEN_FDS $$; exec catch"]


def test_listening_sockets_of_rind_are_the_apps(container, rind):
    process = container("--user=app", *SHOW, binary=rind,
                        prepare="export LISTEN_PID=1 LISTEN_FDS=2; "
                        "exec 3</dev/zero 4</dev/null 5</etc")
    process.read_until("ready")
    pid, count, own = process.out.split()[:3]
    assert pid == own
    assert count == "2"
    assert set(watch.descriptors_of(process.app)) == {0, 1, 2, 3, 4}
    process.kill("TERM")
    assert process.wait() == 0


def test_listening_sockets_of_another_process_are_not_the_apps(container,
                                                               rind):
    process = container("--user=app", *SHOW, binary=rind,
                        prepare="export LISTEN_PID=77 LISTEN_FDS=2; "
                        "exec 3</etc 4</dev/null 5</etc")
    process.read_until("ready")
    assert process.out.split()[:2] == ["77", "2"]
    assert set(watch.descriptors_of(process.app)) == {0, 1, 2}
    process.kill("TERM")
    assert process.wait() == 0


def test_listening_sockets_and_kept_descriptors_go_together(container, rind):
    process = container("--user=app", "--keep-fd=6", *SHOW, binary=rind,
                        prepare="export LISTEN_PID=1 LISTEN_FDS=1; "
                        "exec 3</dev/zero 4</dev/null 6</etc")
    process.read_until("ready")
    assert set(watch.descriptors_of(process.app)) == {0, 1, 2, 3, 6}
    process.kill("TERM")
    assert process.wait() == 0


def test_exec_keeps_the_pid_of_the_listening_sockets(container):
    process = container("--exec", "--user=app", *SHOW,
                        prepare="export LISTEN_PID=1 LISTEN_FDS=1; "
                        "exec 3</dev/zero 4</etc")
    process.read_until("ready")
    assert process.out.split()[:3] == ["1", "1", "1"]
    app = watch.below(process.popen.pid, "catch")
    assert set(watch.descriptors_of(app)) == {0, 1, 2, 3}
    os.kill(app, signal.SIGTERM)
    assert process.wait() == 0


# PID 1's lines hold it up on no kind of stderr

# Between PID 1's poll(2) and its write there is time for the app.
SLOW_WRITE = ("strace -D -qq -o /dev/null -e trace=pwritev2 "
              "-e inject=pwritev2:delay_enter=500ms ")


@pytest.mark.parametrize("words, name", [
    (["--user=app", "--verbose"], "rind"),
    (["-v", "--"], "tini"),
], ids=["rind", "tini"])
def test_a_terminal_that_the_app_stops_holds_nothing_up(container, words, name):
    enter = SLOW_WRITE + harness.CHROOT + (
        f" /bin/sh -c 'exec -a {name} \"$0\" \"$@\"'" if name != "rind" else "")
    process = container(*words, "freeze", tty=True, enter=enter)
    process.read_until("ready")
    process.kill("USR1")
    process.kill("TERM")
    assert process.wait() == 7


def flags_of(pid, fd):
    text = Path(f"/proc/{pid}/fdinfo/{fd}").read_text()
    return int(re.search(r"^flags:\s+(\d+)", text, re.MULTILINE).group(1), 8)


@pytest.mark.parametrize("tty", [False, True], ids=["pipe", "terminal"])
def test_stderr_is_pid_1s_own_description(container, rind, tty):
    process = container("--user=app", "--verbose", "catch", binary=rind,
                        tty=tty)
    process.read_until("app ready")
    harness.until(lambda: flags_of(process.pid, 2) & os.O_NONBLOCK,
                  "PID 1's own stderr")
    assert not flags_of(process.app, 2) & os.O_NONBLOCK
    process.kill("USR1")
    process.read_until("forward: USR1 as USR1: done",
                       stream="out" if tty else "err")
    process.kill("TERM")
    assert process.wait() == 0


def test_a_terminal_that_cannot_be_opened_anew_gets_no_line(container, rind):
    """Without /proc."""
    process = container("--user=app", "--verbose", "catch", binary=rind,
                        tty=True, proc=False)
    process.read_until("app ready")
    harness.until(lambda: flags_of(process.pid, 2) & os.O_PATH,
                  "PID 1's stderr to be given up")
    assert os.readlink(f"/proc/{process.pid}/fd/2") != os.readlink(
        f"/proc/{process.app}/fd/2")
    process.kill("USR1")
    process.read_until("app 10 ")
    process.kill("TERM")
    assert process.wait() == 0
    assert "forward: USR1" not in process.out


def test_a_file_as_stderr_goes_on_where_it_is(container, rind, tmp_path):
    path = tmp_path / "log"
    with open(path, "w", encoding="utf-8") as file:
        process = container("--user=app", "--verbose", "catch", binary=rind,
                            stderr=file)
        process.read_until("app ready")
        process.kill("USR1")
        process.read_until("app 10 ")
        process.kill("TERM")
        assert process.wait() == 0
    lines = path.read_text().splitlines()
    assert any("forward: USR1 as USR1: done" in line for line in lines)
    assert all(line.startswith("rind: ") for line in lines)


class Queue:
    """A POSIX message queue (mq_open(3)), as a descriptor."""

    def __init__(self):
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd = libc.mq_open(b"/rind-tests", os.O_RDWR | os.O_CREAT, 0o600,
                               None)
        assert self.fd >= 0, os.strerror(ctypes.get_errno())
        libc.mq_unlink(b"/rind-tests")


PASSED = {
    "a socket": lambda: socket.socket(socket.AF_UNIX).detach(),
    "a FIFO": lambda: os.pipe()[0],
    "a character device": lambda: os.open("/dev/zero", os.O_RDONLY),
    "a message queue": lambda: Queue().fd,
    "memory": lambda: os.memfd_create("stored"),
}
REFUSED = {
    "a directory": lambda: os.open("/etc", os.O_RDONLY),
    "a regular file": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "an O_PATH descriptor": lambda: os.open("/etc", os.O_PATH),
    "an object of another kind": lambda: os.eventfd(0),
}


@pytest.fixture
def listening():
    """listening(FD, *OPTIONS, app=...): starts rind with FD as 4, of the two
    descriptors that LISTEN_FDS names and of which 3 is not open."""
    opened = []

    def run(fd, *options, app=("true",), image=()):
        opened.append(fd)

        def prepare():
            os.dup2(fd, 200)
            os.dup2(200, 4)
            for number in 3, 200:
                try:
                    os.close(number)
                except OSError:
                    pass

        script = 'export LISTEN_PID=$$ LISTEN_FDS=2; exec "$@"'
        return subprocess.run(
            ["sh", "-c", script, "sh", str(harness.BUILD / "rind"), *options,
             *image, "--user=1000", "--", *app], capture_output=True,
            text=True, check=False, close_fds=False, preexec_fn=prepare,
            timeout=harness.TIMEOUT)

    yield run
    for fd in opened:
        os.close(fd)


ROOTS = {"the root that is": (),
         "a new root": ("--unshare=mount", f"--root={harness.IMAGE}")}
SHOWS = ("sh", "-c", "echo $LISTEN_FDS; true <&4 || true >&4")


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("kind", PASSED)
def test_what_socket_activation_is_for_is_passed(listening, kind, root):
    done = listening(PASSED[kind](), app=SHOWS, image=ROOTS[root])
    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n", "")


@pytest.mark.parametrize("options", [(), ("--exec",)])
@pytest.mark.parametrize("kind", REFUSED)
def test_what_leads_to_files_is_not_passed_by_listen_fds(listening, kind,
                                                         options):
    """The image's ENV may name what an engine has left open."""
    done = listening(REFUSED[kind](), *options)
    assert (done.returncode, done.stderr) == (
        125, f"rind: descriptors: 4: {kind}, which LISTEN_FDS does not pass "
             "(close it, or add --keep-fd=4)\n")


def test_a_regular_file_is_not_passed_into_a_new_root_either(listening):
    done = listening(REFUSED["a regular file"](),
                     image=ROOTS["a new root"])
    assert done.returncode == 125
    assert "4: a regular file, which LISTEN_FDS does not pass" in done.stderr


@pytest.mark.parametrize("kind", REFUSED)
def test_keep_fd_passes_what_listen_fds_does_not(listening, kind):
    done = listening(REFUSED[kind](), "--keep-fd=4", app=(
        "sh", "-c", "echo $LISTEN_FDS; test -e /proc/self/fd/4 || "
                    "test -h /proc/self/fd/4"))
    assert (done.returncode, done.stdout) == (0, "2\n"), done.stderr


@pytest.mark.parametrize("words, code", [
    (["/nosuch"], 127), (["--workdir=/nosuch", "true"], 125)])
def test_a_start_that_fails_says_so_on_any_terminal(container, rind, words,
                                                    code):
    """Also on one that cannot be opened anew: the app never runs."""
    process = container("--user=app", *words, binary=rind, tty=True, proc=False)
    assert process.wait() == code
    assert process.out.startswith("rind: ") and "/nosuch" in process.out
