"""An image whose author, or whose earlier container, attacks the start."""

import ctypes
import os
import subprocess
import threading
from pathlib import Path

import pytest

import harness

BOX = "rind --root=busybox --unshare=mount"
NO_OPENAT2 = "-o /dev/null -e trace=openat2 -e inject=openat2:error=ENOSYS"
# Without it each number is tried, and each try would be a stop of strace's.
NO_CLOSE_RANGE = ("--seccomp-bpf -o /dev/null -e trace=close_range "
                  "-e inject=close_range:error=ENOSYS")
OLD_API = ("-o /dev/null -e trace=fsopen,open_tree,move_mount,mount_setattr,"
           "openat2 -e inject=fsopen,open_tree,move_mount,mount_setattr,"
           "openat2:error=ENOSYS")
RENAME_EXCHANGE = 2


@pytest.fixture(params=["new", "old"])
def kernel(request):
    return {} if request.param == "new" else {"strace": OLD_API}


@pytest.fixture
def outside(typed):
    """A descriptor of a directory outside, as an engine leaks it."""
    fd = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
    os.set_inheritable(fd, True)
    yield fd
    os.close(fd)


@pytest.fixture
def image(typed):
    return typed.place / "busybox"


# --- descriptors of the outside, by links into /proc ---

def test_a_stream_that_cannot_be_given_gives_no_other_file(typed, image):
    """chown(2) of what a descriptor of O_PATH is open on goes by its name in
    /proc, which here is a link of the image's to a file of the host's."""
    fifo, secret = typed.place / "fifo", typed.place / "secret"
    os.mkfifo(fifo, 0o600)
    secret.write_text("of the host")
    secret.chmod(0o600)
    (image / "proc/self/fd").mkdir(parents=True)
    (image / "proc/self/fd/0").symlink_to("/secret")
    stream = os.open(fifo, os.O_PATH)
    run = typed(f"{BOX} --mount=type=bind,src={secret},dst=/secret "
                "--user=1000 -- cat /secret", code=1, stdin=stream)
    os.close(stream)
    assert "of the host" not in run.out
    assert secret.stat().st_uid == 0


@pytest.mark.parametrize("mode", [[], ["--exec"]])
def test_a_working_directory_never_leads_out_by_a_leaked_descriptor(
        place, image, outside, mode):
    """As PID 1, which may have a /proc there, also as the app itself."""
    (image / "app").symlink_to(f"/proc/self/fd/{outside}")
    run = subprocess.run(
        ["unshare", "--pid", "--fork", "--kill-child", place / "rind",
         f"--root={image}", "--unshare=mount", "--mount=type=proc,target=/proc",
         "--user=1000", *mode, "--workdir=/app", "--", "ls"],
        pass_fds=[outside], capture_output=True, text=True, check=False,
        timeout=harness.TIMEOUT)
    assert (run.returncode, run.stdout) == (125, "")
    assert run.stderr.startswith("rind: workdir: /app: ")


def test_a_working_directory_outside_of_the_root_is_refused(place):
    """What an engine does that follows such a link of an image's WORKDIR."""
    def outside():
        os.chroot(place / "busybox")

    run = subprocess.run(["/rind", "--user=1000", "--", "/bin/ls"],
                         preexec_fn=outside, cwd="/", text=True,
                         timeout=harness.TIMEOUT, capture_output=True,
                         check=False)
    assert run.returncode == 125 and run.stdout == ""
    assert run.stderr.startswith("rind: workdir: (unreachable)/: outside of "
                                 "the root")


@pytest.mark.parametrize("how, reason", [
    ("removed", "No such file or directory"), ("deep", "Filename too long")])
def test_a_working_directory_outside_without_a_path_is_refused(
        place, tmp_path, how, reason):
    """The kernel then has no "(unreachable)" to tell."""
    def outside():
        os.chdir(tmp_path)
        for _ in range(20 if how == "deep" else 1):
            os.mkdir("x" * 250)
            os.chdir("x" * 250)
        if how == "removed":
            os.rmdir("../" + "x" * 250)
        os.chroot(place / "busybox")

    run = subprocess.run(["/rind", "--user=1000", "--", "/bin/ls", ".."],
                         preexec_fn=outside, text=True,
                         timeout=harness.TIMEOUT, capture_output=True,
                         check=False)
    assert (run.returncode, run.stdout, run.stderr) == (
        125, "", f"rind: workdir: .: {reason} (give another one: --workdir=DIR)\n")


@pytest.mark.whole
@pytest.mark.parametrize("proc", ["empty", "none"])
def test_a_directory_called_proc_hides_no_descriptor(typed, image, outside,
                                                     proc):
    if proc == "empty":
        (image / "proc/self/fd").mkdir(parents=True)
    out = typed.out(f"{BOX} --user=1000 -- sh -c "
                    f"'(: <&{outside}) 2>/dev/null && echo open || echo shut'",
                    strace=NO_CLOSE_RANGE, pass_fds=[outside])
    assert out == "shut"


@pytest.mark.whole
def test_a_small_limit_of_descriptors_leaves_none_open(typed, outside):
    """Not even /proc/self/fd can be opened then."""
    out = typed.out(f"{BOX},pid --mount=type=proc,target=/proc --user=1000 "
                    "--ulimit=nofile=3 -- sh -c "
                    f"'[ -e /proc/self/fd/{outside} ] && echo open || echo shut'",
                    strace=NO_CLOSE_RANGE, pass_fds=[outside])
    assert out == "shut"


@pytest.mark.parametrize("file, option", [
    ("env", "--user=1000 --env-file=/env"), ("etc/passwd", "--user=nobody")])
def test_a_file_of_the_image_is_not_read_by_a_leaked_descriptor(
        typed, image, outside, file, option):
    (image / file).unlink(missing_ok=True)
    (image / file).symlink_to(f"/proc/self/fd/{outside}/etc/passwd")
    line = typed.fails(f"{BOX},pid --mount=type=proc,target=/proc {option} -- env",
                       pass_fds=[outside])
    assert "Symbolic link loop" in line


# --- links in the place of mounts ---

ALL = ("rind --root=busybox --unshare=all --standard-mounts --read-only "
       "--user=root")


@pytest.mark.parametrize("point", ["proc", "sys"])
@pytest.mark.parametrize("links", [{"": "/dev/p", "dev/p": "/real"},
                                   {"": "/"}, {"": "/real"}])
def test_a_link_in_the_place_of_proc_or_sys_takes_no_mask_off(
        typed, image, kernel, point, links):
    (image / "real").mkdir()
    for name, target in links.items():
        link = image / (name or point)
        if link.is_dir():
            link.rmdir()
        link.symlink_to(target)
    line = typed.fails(f"{ALL} -- cat /real/sys/kernel/core_pattern", **kernel)
    assert f"target on /{point}: Symbolic link loop" in line


@pytest.mark.parametrize("option", [
    "--mask=/data", "--protect=/data", "--tmpfs=/data",
    "--mount=type=bind,source=/etc,target=/data"])
def test_a_target_that_leads_to_the_root_is_refused(typed, image, kernel,
                                                    option):
    (image / "data").symlink_to("/")
    line = typed.fails(f"{BOX} {option} --user=1000 -- true", **kernel)
    assert "on /data: Symbolic link loop" in line


def test_explain_leaves_nothing_behind_a_link_to_the_root(typed, image):
    for node in (image / "dev").iterdir():
        node.unlink()
    (image / "dev").rmdir()
    (image / "dev").symlink_to("/")
    before = sorted(os.listdir(image))
    typed(f"{ALL} --explain -- true", code=125)
    assert sorted(os.listdir(image)) == before


# --- files that are not what their names say ---


@pytest.mark.parametrize("null", ["link", "file", "none"])
def test_a_mask_is_the_null_device_and_nothing_else(container, place, null):
    prepare = ('rm -f "$IMAGE/dev/null"; echo secret >"$IMAGE/secret"; '
               + {"link": 'ln -s /secret "$IMAGE/dev/null"',
                  "file": 'echo told >"$IMAGE/dev/null"',
                  "none": "true"}[null])
    process = container("--unshare=mount", "--mask=/secret", "--user=app",
                        "cat", "/secret", image=place / "busybox",
                        prepare=prepare)
    assert (process.wait(), process.out, process.err) == (
        125, "", "rind: mounts: /dev/null: not the null device\n")


def test_a_device_that_is_not_there_outside_is_no_file_inside(typed, image):
    for name in os.listdir(image / "dev"):
        (image / "dev" / name).unlink()
    line = typed.fails(f"{BOX},pid --mount=type=proc,target=/proc --user=root "
                       "--cap=all -- /rind "
                       "--unshare=user,mount,ipc --standard-mounts --user=root "
                       "-- head -c1 /dev/urandom")
    assert line == "rind: mounts: /dev/null: not the device of that name\n"


@pytest.mark.parametrize("words, name", [
    (["--unshare=user", "--uid-map=0:0:9", "--gid-map=0:0:9"], "uid_map"),
    (["--unshare=time", "--monotonic-offset=5s"], "timens_offsets"),
    (["--unshare=time"], "ns/time_for_children")])
@pytest.mark.parametrize("kind", ["fifo", "link"])
def test_a_file_of_proc_is_never_a_lookalike(container, place, words, name,
                                             kind):
    """Here none of the names in /proc is the kernel's."""
    make = {"fifo": "mkfifo", "link": "ln -s /victim"}[kind]
    process = container(*words, "--user=root", "true", proc=False,
                        image=place / "busybox", prepare=(
                            'mkdir -p "$IMAGE/proc/self/ns"; '
                            'echo whole >"$IMAGE/victim"; '
                            f'{make} "$IMAGE/proc/self/{name}"'))
    assert process.wait() == 125
    assert "mount /proc" in process.err
    assert (place / "busybox/victim").read_text() == "whole\n"


@pytest.mark.parametrize("kind", ["file", "fifo", "device"])
def test_an_oom_score_is_never_written_to_a_lookalike(typed, image, kind):
    (image / "proc/self").mkdir()
    score = image / "proc/self/oom_score_adj"
    if kind == "file":
        score.touch()
    elif kind == "fifo":
        os.mkfifo(score)
    else:
        os.mknod(score, 0o20666, os.makedev(1, 3))
    line = typed.fails(f"{BOX} --user=1000 --oom-score-adj=500 -- id")
    assert line == ("rind: oom-score-adj: /proc/self/oom_score_adj: No such "
                    "file or directory (mount /proc)\n")
    assert kind != "file" or score.read_text() == ""


def test_a_passwd_that_is_a_device_is_not_even_opened(typed, image):
    """A watchdog starts to count when it is opened. /dev/tty tells: without a
    terminal to open it fails with ENXIO, whatever it is opened for."""
    (image / "etc/passwd").unlink()
    os.mknod(image / "etc/passwd", 0o20666, os.makedev(5, 0))
    line = typed.fails(f"{BOX} --user=app -- id", start_new_session=True)
    assert line == "rind: user: /etc/passwd: not a regular file\n"


def test_a_null_that_is_something_else_is_no_stream(place):
    (place / "busybox/dev/null").unlink()
    os.mknod(place / "busybox/dev/null", 0o20666, os.makedev(1, 5))
    run = subprocess.run(["sh", "-c", f"exec chroot {place}/busybox /rind "
                          "--user=1000 -- /bin/head -c 1 <&-"],
                         capture_output=True, check=False,
                         timeout=harness.TIMEOUT)
    assert run.returncode == 125 and run.stdout == b""
    assert b"rind: streams: stdin: No such device (start rind with it open" in run.stderr


# --- device nodes ---

ROOTS = ["--root=busybox", "--mount=type=overlay,target=/,lowerdir={busybox}"]


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("spaces", ["mount,pid", "all"])
def test_a_device_node_of_the_image_opens_for_nobody(typed, image, root,
                                                     spaces, kernel):
    os.mknod(image / "disk", 0o20666, os.makedev(1, 9))
    os.chmod(image / "disk", 0o666)
    process = typed(f"rind {root.format(busybox=image)} --unshare={spaces} "
                    "--standard-mounts --user=1000 -- sh -c "
                    "'head -c 1 /dev/zero && head -c 1 /disk'", code=1,
                    **kernel)
    assert process.err == "head: /disk: Permission denied\n"
    assert process.out == "\0"


def test_an_overlay_has_devices_where_that_is_asked(typed, image):
    os.mknod(image / "disk", 0o20666, os.makedev(1, 5))
    os.chmod(image / "disk", 0o666)
    assert typed(f"rind --mount=type=overlay,dev,target=/,lowerdir={image} "
                 "--unshare=mount --user=1000 -- head -c 1 /disk").out == "\0"


# --- a process of an earlier container that still writes to the root ---

@pytest.fixture
def swapping(image):
    """swapping(NAME, LINK): exchanges both again and again, until the end."""
    libc = ctypes.CDLL(None)
    over = threading.Event()
    threads = []

    def run(one, other):
        one, other = os.fsencode(image / one), os.fsencode(image / other)

        def swap():
            while not over.is_set():
                libc.renameat2(-100, one, -100, other, RENAME_EXCHANGE)

        threads.append(threading.Thread(target=swap))
        threads[0].start()

    yield run
    over.set()
    for thread in threads:
        thread.join()


@pytest.mark.whole
def test_a_directory_that_becomes_a_link_never_leads_out(typed, image,
                                                         swapping):
    prey = typed.place / "prey"
    (image / "deep/er").mkdir(parents=True)
    (prey / "er").mkdir(parents=True)
    (image / "link").symlink_to(prey)
    swapping("deep", "link")
    for number in range(60):
        typed(f"{BOX} --user=1000 --tmpfs=/deep/er/new{number} -- true",
              code=None, strace=NO_OPENAT2)
    assert [str(p) for p in Path(prey / "er").iterdir()] == []


# --- traces ---

def test_a_dev_of_the_users_own_leaves_the_images_alone(typed, image):
    for entry in (image / "dev").iterdir():
        entry.unlink()
    typed(f"{BOX},pid --standard-mounts --mount=type=bind,source=/dev,"
          "target=/dev --user=1000 -- true")
    names = {entry.name for entry in (image / "dev").iterdir()}
    assert names <= {"pts", "shm", "mqueue"}


def test_a_link_called_proc_self_saves_nobody_from_the_end(typed, image):
    """Not as PID 1, where rind looks for what the app left in /proc."""
    os.chown(image / "proc", 1000, 1000)
    process = typed(f"{BOX} --mount=type=bind,source=/dev/null,"
                    "target=/dev/null --user=1000 --stop-grace=100ms -- sh -c "
                    "'ln -s $PPID /proc/self; setsid sleep 1000 & exit 3'",
                    code=3)
    assert process.err == ""
    assert not typed.processes()


def test_a_new_root_is_looked_at_where_the_old_one_has_no_proc(place):
    """Its mountinfo cannot be read then."""
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c",
         "mount --rbind /proc busybox/proc; mount -t tmpfs none /proc; "
         "exec ./rind --unshare=mount --root=busybox --user=1000 -- "
         "ls /proc"], cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 125 and done.stdout == ""
    assert done.stderr.startswith("rind: root: /proc: a view of processes")
