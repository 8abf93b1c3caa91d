"""What hardly ever comes: each of these lines of rind no other test runs."""

import os
import subprocess
import sys
import time

import pytest

import harness
from test_hostile_image import NO_OPENAT2, OLD_API

BOX = "rind --root=busybox --unshare=mount --user=www"
RIND = harness.BUILD / "rind"


def test_a_time_with_a_fraction(plain):
    process = plain("--user=1000", "--stop-delay=0.25s", "--", "sh", "-c",
                    "echo ready; exec sleep 60")
    process.read_until("ready")
    begin = time.monotonic()
    process.kill("TERM")
    assert process.wait() == 143
    took = time.monotonic() - begin
    assert 0.25 <= took and harness.in_time(took, 20)


@pytest.mark.parametrize("word", ["--explain", "--help", "--license"])
def test_an_answer_that_cannot_be_written_is_an_error(word):
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([RIND, word, "--user=1000", "--", "true"],
                              stdout=full, stderr=subprocess.PIPE, text=True,
                              check=False)
    assert done.returncode == 125, done.stderr
    if word == "--explain":
        assert done.stderr == "rind: explain: stdout: cannot be written\n"


def test_a_script_that_cannot_be_read_and_has_no_interpreter(typed):
    script = typed.place / "script"
    script.write_text("#!/nosuch\n")
    script.chmod(0o711)
    process = typed(f"rind --user=1000 -- {script}", code=127)
    assert process.err == (f"rind: exec: {script}: its interpreter is "
                           "missing\n")


def test_a_directory_of_path_that_is_too_long_is_passed_over(plain):
    process = plain("--user=1000", "--", "echo", "found", env={
        "PATH": "/" + "x" * 5000 + ":/bin"})
    assert process.wait() == 0
    assert process.out == "found\n"


# Where openat2(2) is not there, a target is found part by part.
@pytest.mark.parametrize("target", [
    "/up/app", "/var/home/app", "/round", "/back/app"])
def test_links_in_a_target_by_hand(typed, target):
    image = typed.place / "busybox"
    (image / "up").symlink_to("var/../home")
    (image / "var/home").symlink_to("/home")
    (image / "round").symlink_to("var/home/.././home/app")
    (image / "back").symlink_to("var/www/deep/../../../home")
    (image / "var/www/deep").mkdir(parents=True)
    points = typed.out(
        f"{BOX} --unshare=pid --mount=type=proc,target=/proc --tmpfs={target} -- "
        "cut -d' ' -f2 /proc/mounts", strace=NO_OPENAT2)
    assert points.split()[-1] == "/home/app"


@pytest.mark.parametrize("name", ["x" * 256, "x/" * 3000],
                         ids=["part", "whole"])
def test_a_target_that_is_too_long_by_hand(typed, name):
    assert "Filename too long" in typed.fails(
        f"{BOX} --tmpfs=/{name} -- true", strace=NO_OPENAT2)


def test_links_that_get_too_long_by_hand(typed):
    for number in range(3):
        (typed.place / f"busybox/home/{number}").symlink_to(
            f"{number + 1}" + "/x" * 2000)
    assert "Filename too long" in typed.fails(
        f"{BOX} --tmpfs=/home/0 -- true", strace=NO_OPENAT2)


def test_a_place_that_is_too_deep_by_hand(typed):
    """Where its name is short enough, by a link on the way."""
    name = "d" * 250
    at = os.open(typed.place / "busybox", os.O_PATH)
    for depth in range(17):
        os.mkdir(name, dir_fd=at)
        if depth == 8:
            os.symlink("/".join([name] * 9), "link", dir_fd=at)
        below = os.open(name, os.O_PATH, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    path = "/".join([name] * 8 + ["link"])
    assert "Filename too long" in typed.fails(
        f"{BOX} --tmpfs=/{path} -- true", strace=NO_OPENAT2)


def test_a_path_to_mask_that_is_too_long_by_hand(typed):
    assert "Filename too long" in typed.fails(
        f"{BOX} --mask=/{'x/' * 5000} -- true", strace=NO_OPENAT2)


def test_a_space_in_a_mount_point_that_is_remounted(typed):
    (typed.place / "data/below it").mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "none",
                    typed.place / "data/below it"], check=True)
    try:
        out = typed.out(
            f"{BOX} --unshare=pid --mount=type=proc,target=/proc --mount=type=bind,"
            f"source={typed.place}/data,target=/var/www,readonly -- "
            "cat /proc/self/mountinfo", strace=OLD_API)
    finally:
        subprocess.run(["umount", typed.place / "data/below it"], check=True)
    line = next(line for line in out.splitlines() if "below" in line)
    assert line.split()[4:6][0] == r"/var/www/below\040it"
    assert line.split()[5].startswith("ro")


def test_options_of_a_tmpfs_that_are_too_long(typed):
    options = ",".join(["size=1m"] * 600)
    assert "Filename too long" in typed.fails(
        f"{BOX} --tmpfs=/tmp:{options} -- true", strace=OLD_API)


def groups_of(typed, text):
    """The image's /etc/group, which it shares with others, anew."""
    (typed.place / "busybox/etc/group").unlink()
    (typed.place / "busybox/etc/group").write_text(text)


def test_a_group_by_name_in_an_image_without_groups(typed):
    (typed.place / "busybox/etc/group").unlink()
    err = typed.fails("rind --root=busybox --unshare=mount --user=1000:www "
                      "-- true")
    assert "www" in err and "/etc/group" in err


def test_more_groups_than_the_kernel_takes(typed):
    groups_of(typed, "".join(f"g{number}:x:{number}:app\n"
                             for number in range(65540)))
    assert typed.fails("rind --root=busybox --unshare=mount --user=app -- "
                       "true") == (
        "rind: user: groups: more than the kernel's 65536\n")


def test_a_group_of_the_users_without_a_number(typed):
    groups_of(typed, "broken:x:five:app\n")
    assert "broken" in typed.fails("rind --root=busybox --unshare=mount "
                                   "--user=app -- true")


def listening(count):
    """Words that start rind with LISTEN_FDS=COUNT for itself."""
    return [sys.executable, "-c",
            "import os, sys; os.environ.update(LISTEN_PID=str(os.getpid()), "
            f"LISTEN_FDS={count!r}, LISTEN_PIDFDID='1'); "
            "os.execv(sys.argv[1], sys.argv[1:])", str(RIND)]


def test_a_number_of_sockets_that_is_none():
    done = subprocess.run([*listening("many"), "--user=1000", "--", "true"],
                          capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        125, "rind: environment: LISTEN_FDS=many: not a number of "
             "descriptors (set LISTEN_FDS to the number of sockets)\n")


def test_the_pidfds_number_of_rind_is_not_the_apps():
    done = subprocess.run([*listening("0"), "--user=1000", "--", "env"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "LISTEN_FDS=0" in done.stdout
    assert "LISTEN_PIDFDID" not in done.stdout


@pytest.mark.parametrize("words", [
    ["--env-file={file}"], ["--env=LISTEN_FDS=100", "--env=LISTEN_PID={pid}"],
    ["--unset-env=LISTEN_PID", "--env-file={file}"]])
def test_a_file_of_the_images_opens_no_descriptor(readable, words):
    """Only what rind was started with tells of descriptors."""
    script = readable / "start"
    file = readable / "env"
    script.write_text(
        f"printf 'LISTEN_PID=%s\\nLISTEN_FDS=100\\n' $$ >{file}; "
        f"exec 7</dev/zero; exec {RIND} --user=1000 "
        + " ".join(words).format(file=file, pid="$$")
        + " -- sh -c 'true <&7'")
    done = subprocess.run(["sh", script], capture_output=True, text=True,
                          check=False)
    assert done.returncode != 0
    assert "7: Bad file descriptor" in done.stderr


def test_verbose_tells_of_a_keyring_that_is_refused(typed):
    process = typed("rind --verbose --user=1000 -- true",
                    strace="-o /dev/null -e inject=keyctl:error=EPERM")
    assert "rind: keyring: refused, also to the app\n" in process.err
    assert "rind: start: keyring: done" not in process.err


def test_verbose_tells_the_steps_of_the_container(typed):
    process = typed(f"{BOX} --verbose --hostname=h --unshare=uts -- true")
    assert "rind: start: mounts: done" in process.err


def test_a_socket_that_is_not_there_is_no_directory(typed):
    done = subprocess.run(
        [*listening("20"), "--unshare=mount", f"--root={typed.place}/busybox",
         "--user=www", "--", "/bin/sh", "-c", "echo $LISTEN_FDS"],
        capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "20\n"), done.stderr


def test_a_working_directory_that_cannot_be_entered_again(typed):
    assert typed.fails(
        "rind --unshare=mount --tmpfs=/mnt --user=www-data -- true",
        strace="-o /dev/null --inject=chdir:error=EACCES") == (
        "rind: root: working directory: Permission denied\n")
