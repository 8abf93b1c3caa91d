"""The standard streams belong to the app's user, where they may."""

import os
import socket

from harness import IMAGE
from inside import as_user

# The image's own nodes: a mistake must not change those of this machine.
NULL = IMAGE / "dev" / "null"
ZERO = IMAGE / "dev" / "zero"


def test_an_app_writes_to_dev_stdout_and_dev_stderr(container):
    process = container("--user=app", "sh", "-c",
                        "echo x >/dev/stdout; echo y >/dev/stderr")
    assert process.wait() == 0
    assert (process.out, process.err) == ("x\n", "y\n")


def test_an_app_reads_from_dev_stdin(container):
    process = container("--user=app", "sh", "-c", "head -n 1 </dev/stdin")
    process.type("typed\n")
    assert process.wait() == 0
    assert (process.out, process.err) == ("typed\n", "")


def test_an_app_writes_to_dev_stdout_of_a_terminal(container):
    process = container("--user=app", "sh", "-c",
                        "echo x >/dev/stdout; echo y >/dev/stderr", tty=True)
    assert process.wait() == 0
    assert process.out == "x\r\ny\r\n"


def test_a_terminal_becomes_the_apps(container):
    process = container("--user=app", "sh", "-c",
                        "stat -L -c %u /proc/self/fd/1", tty=True)
    assert process.wait() == 0
    assert process.out == "1000\r\n"


def test_a_socket_becomes_the_apps(container):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = container("--user=app", "sh", "-c",
                            "stat -L -c %u /proc/self/fd/0", stdin=theirs)
        assert process.wait() == 0
    assert process.out == "1000\n"


def test_a_regular_file_keeps_its_owner(container, tmp_path):
    path = tmp_path / "log"
    with path.open("w") as file:
        process = container("--user=app", "echo", "written", stdout=file)
        assert process.wait() == 0
    assert path.read_text() == "written\n"
    assert path.stat().st_uid == os.getuid()


def test_dev_null_keeps_its_owner(container):
    with NULL.open("r+b", buffering=0) as null:
        process = container("--user=app", "sh", "-c",
                            "stat -L -c %u /proc/self/fd/0", stdin=null,
                            stderr=null)
        assert process.wait() == 0
    assert process.out == "0\n"
    assert NULL.stat().st_uid == 0


def test_another_device_keeps_its_owner(container):
    with ZERO.open("rb") as zero:
        process = container("--user=app", "true", stdin=zero)
        assert process.wait() == 0
    assert ZERO.stat().st_uid == 0


def test_a_user_who_stays_itself_gives_nothing_away(container):
    process = container("sh", "-c", "stat -L -c %u /proc/self/fd/1",
                        enter=as_user(1000))
    assert process.wait() == 0
    assert (process.out, process.err) == ("0\n", "")
