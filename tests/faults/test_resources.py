"""A start that the machine has no room for: memory, descriptors, processes, the
disk. Either the app runs with exactly what was asked, or one line says why not.

From nothing at all to enough for everything: each limit that could hit another
step is tried.
"""

import os
import resource
import shlex
import shutil
import subprocess

import pytest

import cgroups
import harness
from conftest import need
from inside import one_line
from sweep import CONFIGURATIONS, Sweep

pytestmark = pytest.mark.whole

SHORT = ["user and capabilities", "rootless", "everything"]


@pytest.fixture
def short(place):
    """short(name, limits, before, ...): the configuration NAME with each of
    LIMITS, of which BEFORE makes the words that start rind below it. With none
    it must not run, with all of it it must. What the app then shows otherwise
    begins with UNLIKE."""
    sweeps = []

    def run(name, limits, before, unlike=(), killed=False):
        sweep = Sweep(place, CONFIGURATIONS[name], unlike=unlike)
        sweeps.append(sweep)
        sweep.trace()
        results = [sweep.judge_short(before(limit), killed)
                   for limit in limits]
        wrong = [f"{limit}: {what}"
                 for limit, (what, _) in zip(limits, results) if what]
        assert not wrong, "\n".join(wrong)
        ran = [ran for _, ran in results]
        assert not ran[0] and ran[-1], ran

    yield run
    for sweep in sweeps:
        sweep.end()


def below(option):
    return lambda limit: ["/usr/bin/prlimit", f"--{option}={limit}", "--"]


def shows(kind):
    return (f"limit {kind}:",)


@pytest.mark.parametrize("name", SHORT)
def test_no_free_descriptor(short, name):
    words = CONFIGURATIONS[name].words
    # An --ulimit=nofile of its own is in force from its step on.
    unlike = () if "nofile" in words else shows(resource.RLIMIT_NOFILE)
    short(name, [*range(3, 16), 128], below("nofile"), unlike)


def test_no_free_process_for_a_user(short):
    """Of all that run as it: rootless, two of rind's and the app."""
    short("rootless", [0, 1, 2, 3, 4, 5, 1000], below("nproc"),
          shows(resource.RLIMIT_NPROC))


def least_pages():
    """So many pages the program itself takes: with fewer the kernel ends it in
    the midst of execve(2), before its first instruction."""
    def is_started(pages):
        return subprocess.run(
            ["prlimit", f"--as={4096 * pages}", harness.BUILD / "rind",
             "--version"], check=False, capture_output=True).returncode >= 0

    return next(pages for pages in range(40, 200) if is_started(pages))


@pytest.mark.parametrize("name", ["user and capabilities", "rootless"])
def test_no_room_in_the_address_space(short, name):
    least = least_pages()
    pages = [*range(least, least + 45, 3),
             *range(least + 45, least + 195, 10), 4000]
    short(name, [4096 * count for count in pages], below("as"),
          shows(resource.RLIMIT_AS), killed=True)


@pytest.fixture
def group(request):
    made = cgroups.make_group(request.param)
    need(made, f"no {request.param} controller")
    yield made
    made.remove()


# What a shell adds, and where it went.
OF_A_SHELL = ["cgroup", "environment: PWD", "environment: OLDPWD",
              "environment: SHLVL", "environment: _"]


def inside(group):
    return lambda limit: ["/bin/sh", "-c",
                          group.limit(limit) + '; exec "$@"', "sh"]


@pytest.mark.parametrize("group", ["pids"], indirect=True)
@pytest.mark.parametrize("name", ["user and capabilities", "everything"])
def test_no_free_process_in_a_cgroup(short, group, name):
    """rind itself takes the place of the shell."""
    short(name, [1, 2, 3, 4, 10], inside(group), OF_A_SHELL)


@pytest.mark.parametrize("group", ["memory"], indirect=True)
@pytest.mark.parametrize("name", ["user and capabilities", "everything"])
def test_no_memory_in_a_cgroup(short, group, name):
    """The kernel kills what it cannot give memory to."""
    kib = [4, *range(40, 600, 40), *range(600, 1400, 200), 65536]
    short(name, [1024 * count for count in kib], inside(group), OF_A_SHELL,
          killed=True)


@pytest.mark.parametrize("inodes", range(3, 24, 2))
def test_a_full_disk_stops_what_has_to_be_made(container, inodes):
    """A root that is to be filled, with room for so many places."""
    process = container(
        "--unshare=mount", "--root=/tmp/root", "--standard-mounts",
        "--tmpfs=/a/b", "--user=1000", "/readback",
        prepare=f'mount -t tmpfs -o nr_inodes={inodes} tmpfs "$IMAGE/tmp"; '
                'mkdir "$IMAGE/tmp/root"; '
                'cp "$IMAGE/bin/readback" "$IMAGE/tmp/root/"')
    code = process.wait()
    if code == 0:
        assert process.err == ""
        assert " /a/b " in process.out and inodes > 10
    else:
        assert code == 125 and inodes < 20
        assert "No space left on device" in one_line(process)


def test_a_full_disk_below_an_overlay(container):
    """The kernel would mount it read-only, and say so in its log alone."""
    process = container(
        "--unshare=mount", "--mount=type=overlay,target=/,lowerdir=/,"
        "upperdir=/tmp/upper,workdir=/tmp/work", "--user=1000", "id",
        prepare='mount -t tmpfs -o nr_inodes=4 tmpfs "$IMAGE/tmp"; '
                'mkdir "$IMAGE/tmp/upper" "$IMAGE/tmp/work"; '
                ': >"$IMAGE/tmp/last"')
    assert process.wait() == 125
    assert one_line(process) == (
        "rind: mounts: overlay on /: Read-only file system (make the workdir "
        "writable, with space left: the kernel's log has its reason)")
