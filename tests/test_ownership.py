"""The standard streams belong to the app's user, where they may."""

import os
import socket

import pytest

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


def owner_of_stdin(container, fd):
    """The owner that the app finds behind FD, its stdin."""
    process = container("--user=app", "sh", "-c",
                        "stat -L -c %u /proc/self/fd/0", stdin=fd)
    assert process.wait() == 0
    assert process.err == ""
    return int(process.out)


@pytest.fixture
def fifo(tmp_path):
    path = tmp_path / "fifo"
    os.mkfifo(path)
    return path


def test_a_fifo_that_the_caller_could_only_read_keeps_its_owner(container,
                                                                fifo):
    """Through a privileged wrapper the app's user would get to write to it."""
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert owner_of_stdin(container, reader) == os.getuid()
    finally:
        os.close(reader)


@pytest.mark.parametrize("flags", [os.O_RDWR, os.O_WRONLY | os.O_NONBLOCK])
def test_a_fifo_that_the_caller_could_write_to_becomes_the_apps(container, fifo,
                                                                flags):
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    stream = os.open(fifo, flags)
    try:
        assert owner_of_stdin(container, stream) == 1000
    finally:
        os.close(stream)
        os.close(reader)


def test_a_pipe_becomes_the_apps_at_its_reading_end_too(container):
    reader, writer = os.pipe()
    try:
        assert owner_of_stdin(container, reader) == 1000
    finally:
        os.close(reader)
        os.close(writer)


@pytest.mark.parametrize("flags, owner", [(os.O_RDONLY, 0), (3, 0),
                                          (os.O_RDWR, 1000)])
def test_a_terminal_becomes_the_apps_if_the_caller_could_write_to_it(
        container, flags, owner):
    """3 stands for ioctl(2) alone."""
    master, slave = os.openpty()
    stream = os.open(os.ttyname(slave), flags | os.O_NOCTTY)
    try:
        assert owner_of_stdin(container, stream) == owner
    finally:
        for fd in master, slave, stream:
            os.close(fd)


def test_a_fifo_keeps_its_owner_in_a_user_namespace_too(plain, fifo):
    """Where the rind outside gives the streams to the root inside."""
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        process = plain("--unshare=user", "--uid-map=0:100000:65536",
                        "--gid-map=0:100000:65536", "--user=1000:1000", "true",
                        stdin=reader)
        assert process.wait() == 0
    finally:
        os.close(reader)
    assert fifo.stat().st_uid == os.getuid()


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
