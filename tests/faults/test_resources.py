"""A start that the machine has no room for: memory, descriptors, processes, the
disk; and files that are not what they should be. One line, and nothing runs.
"""

import os
import resource
import subprocess

import pytest

import harness
from inside import one_line

RIND = harness.BUILD / "rind"


def limited(kind, soft, uid=None, words=("--user=1000",)):
    """Starts rind on the host below one limit, as UID."""
    def prepare():
        if uid:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
        resource.setrlimit(kind, (soft, soft))

    return subprocess.run([RIND, *words, "--", "/bin/echo", "ran"],
                          preexec_fn=prepare, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False,
                          timeout=harness.TIMEOUT)


def ran_or_said_why(done):
    """Either all went well, or the app did not run and one line says why."""
    if done.returncode == 0:
        assert (done.stdout, done.stderr) == ("ran\n", "")
        return True
    assert done.stdout == ""
    # 127: rind's work is over, and the app's own loader has no room.
    if done.returncode == 127 and "error while loading" in done.stderr:
        return True
    assert done.returncode in (125, 126), done
    assert done.stderr.startswith("rind: ") and done.stderr.count("\n") == 1
    return False


def test_no_free_descriptor(plain):
    results = [ran_or_said_why(limited(resource.RLIMIT_NOFILE, n))
               for n in range(3, 14)]
    assert not results[0] and results[-1]


def test_no_free_pid():
    done = limited(resource.RLIMIT_NPROC, 0, 60123, ())
    assert not ran_or_said_why(done)
    assert "the limit of processes is reached" in done.stderr


@pytest.mark.parametrize("words", [(), ("--cap=none", "--env=A=1")])
def test_no_memory(words):
    """From no room at all for rind's own arena to enough for all of it."""
    results = []
    for pages in range(60, 260, 4):
        done = limited(resource.RLIMIT_AS, pages * 4096,
                       words=("--user=1000", *words))
        if done.returncode == -11 or done.returncode == -9:
            # The kernel itself had no room to map the program.
            assert (done.stdout, done.stderr) == ("", "")
            continue
        results.append(ran_or_said_why(done))
    assert results


FILES = {
    "a FIFO": 'mkfifo "{file}"',
    "a directory": 'mkdir "{file}"',
    "a device": 'mknod "{file}" c 1 3',
    "64 MiB long": 'head -c 67108864 /dev/zero | tr "\\0" "x" >"{file}"; '
                   'printf "\\nlate:x:77:77::/:/bin/sh\\n" >>"{file}"',
}


@pytest.mark.parametrize("file", ["passwd", "group"])
@pytest.mark.parametrize("kind", FILES)
def test_files_that_are_not_what_they_should_be(container, file, kind):
    path = f'$IMAGE/etc/{file}'
    other = "group" if file == "passwd" else "passwd"
    process = container(
        "--user=late" if file == "passwd" else "--user=late:late", "id", "-u",
        prepare='mount -t tmpfs -o mode=755 tmpfs "$IMAGE/etc"; '
                f'printf "late:x:77:77::/:/bin/sh\\n" >"$IMAGE/etc/{other}"; '
                + FILES[kind].format(file=path))
    code = process.wait()
    if kind == "64 MiB long":
        assert (code, process.out) == (0, "77\n")
        assert "rind:" not in process.err  # id(1) has its own opinion
    else:
        assert code == 125
        assert f"user: /etc/{file}: " in one_line(process)


@pytest.mark.parametrize("make", [
    'mount -t tmpfs -o mode=755 tmpfs "$IMAGE/proc"', 'umount "$IMAGE/proc"'])
def test_a_proc_that_is_empty_or_missing_is_named_where_needed(container,
                                                               make):
    process = container("--user=app", "--oom-score-adj=100", "id", "-u",
                        prepare=make)
    assert process.wait() == 125
    assert "oom-score-adj: /proc/self/oom_score_adj: " in one_line(process)


def test_a_full_disk_stops_what_has_to_be_made(container):
    """A root that is to be filled, and has no room for a single place."""
    process = container(
        "--unshare=mount", "--root=/tmp/root", "--tmpfs=/a/b", "--user=1000",
        "/bin/true",
        prepare='mount -t tmpfs -o nr_inodes=3 tmpfs "$IMAGE/tmp"; '
                'mkdir "$IMAGE/tmp/root"; : >"$IMAGE/tmp/last"')
    assert process.wait() == 125
    assert "No space left on device" in one_line(process)
