"""Mounts: what is asked for is there, at its place, and nowhere else."""

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

import watch
from conftest import ROOTLESS, need
from harness import DELAYS, TIMEOUT, until

OLD_API = ("-o /dev/null -e trace=fsopen,open_tree,move_mount,mount_setattr,"
           "openat2 -e inject=fsopen,open_tree,move_mount,mount_setattr,"
           "openat2:error=ENOSYS")
BOX = "rind --root=busybox --unshare=mount --user=www"
FULL = ("rind --root=busybox --unshare=all --standard-mounts --user=www "
        "--read-only")
FULL_AS_ROOT = FULL.replace("--user=www", "--user=root")


@pytest.fixture(params=["new", "old"])
def kernel(request):
    """Options of a run on this kernel, and on one without the new calls."""
    if request.param == "new":
        return {}
    return {"strace": OLD_API}


def table_of(text):
    """Mount point to (set of its options, type, source, the type's own
    options) of a mountinfo; of two on one point the last, as a path would."""
    table = {}
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        point, options = left.split()[4:6]
        kind, source, own = right.split()[:3]
        table[point] = (set(options.split(",")), kind, source,
                        set(own.split(",")))
    return table


def tree_of(directory):
    """A checksum over names, modes, owners, contents and times; what an
    instrumented rind writes to (harness.copy_image) is none of the image."""
    digest = hashlib.sha256()
    for path, names, files in os.walk(directory):
        names.sort()
        for name in sorted(names + files):
            if name.endswith(".shared"):
                continue
            whole = os.path.join(path, name)
            status = os.lstat(whole)
            digest.update(f"{whole} {status.st_mode} {status.st_uid} "
                          f"{status.st_size} {status.st_mtime_ns}".encode())
            if os.path.isfile(whole) and not os.path.islink(whole):
                digest.update(Path(whole).read_bytes())
    return digest.hexdigest()


# --- types and keys ---

@pytest.mark.parametrize("mount,kind,options,own", [
    ("type=tmpfs,target=/mnt", "tmpfs", {"rw"}, set()),
    ("type=tmpfs,target=/mnt,tmpfs-size=4096,tmpfs-mode=711", "tmpfs",
     {"rw"}, {"size=4k", "mode=711"}),
    ("type=tmpfs,target=/mnt,size=64k,mode=1777,uid=33,gid=33,nr_inodes=9,"
     "nosuid,nodev,noexec,ro", "tmpfs", {"ro", "nosuid", "nodev", "noexec"},
     {"size=64k", "uid=33", "gid=33", "nr_inodes=9"}),
    ("type=proc,target=/mnt,hidepid=2", "proc", {"rw"},
     {"hidepid=invisible"}),
    ("type=proc,dst=/mnt,subset=pid,readonly", "proc", {"ro"},
     {"subset=pid"}),
    ("type=sysfs,target=/mnt,ro,nosuid", "sysfs", {"ro", "nosuid"}, set()),
    ("type=devpts,destination=/mnt,newinstance,ptmxmode=0666,mode=0620,gid=5",
     "devpts", {"rw"}, {"ptmxmode=666", "mode=620", "gid=5"}),
    ("type=mqueue,target=/mnt,noexec", "mqueue", {"rw", "noexec"}, set()),
])
def test_each_type_and_its_keys(typed, kernel, mount, kind, options, own):
    out = typed.out(f"{BOX} --unshare=pid,net,ipc "
                    "--mount=type=proc,target=/proc "
                    f"--mount={mount} -- cat /proc/self/mountinfo", **kernel)
    got = table_of(out)["/mnt"]
    assert got[1] == kind
    assert options <= got[0]
    assert own <= got[3]


@pytest.mark.parametrize("keys", [
    "type=bind,source={place}/data,target=/data",
    "source={place}/data,target=/data",
    "type=bind,src={place}/data,dst=/data",
    "target=/data,source={place}/data,type=bind,readonly=false",
])
def test_a_bind_mount_shows_its_source(typed, kernel, keys):
    (typed.place / "data").mkdir()
    (typed.place / "data/file").write_text("of the host\n")
    assert typed.out(f"{BOX} --mount={keys.format(place=typed.place)} -- "
                     "cat /data/file", **kernel) == "of the host"


@pytest.mark.parametrize("key", ["readonly", "ro", "readonly=true", "ro=1"])
def test_a_read_only_bind_refuses_writes(typed, kernel, key):
    (typed.place / "data").mkdir()
    (typed.place / "data").chmod(0o777)
    process = typed(f"{BOX} --mount=type=bind,source={typed.place}/data,"
                    f"target=/data,{key} -- touch /data/x", code=1, **kernel)
    assert "Read-only file system" in process.err
    assert not list((typed.place / "data").iterdir())


@pytest.fixture
def submount(typed):
    """data, writable for all, with a tmpfs of the host mounted in it."""
    inner = typed.place / "data/inner"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o777)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "nosuid", "tmpfs", inner],
                   check=True)
    yield f"type=bind,source={typed.place}/data,target=/data"
    subprocess.run(["umount", inner], check=True)


def test_read_only_binds_are_so_for_submounts_too(typed, kernel, submount):
    process = typed(f"{BOX} --mount={submount},readonly -- "
                    "touch /data/inner/x", code=1, **kernel)
    assert "Read-only file system" in process.err


def test_binds_take_submounts_along(typed, kernel, submount):
    typed(f"{BOX} --mount={submount} -- touch /data/inner/x", **kernel)
    assert (typed.place / "data/inner/x").exists()


def test_a_bind_can_leave_submounts_behind(typed, kernel, submount):
    (typed.place / "data/inner/x").touch()
    assert typed.out(f"{BOX} --mount={submount},bind-recursive=disabled -- "
                     "ls -A /data/inner", **kernel) == ""


def test_what_is_mounted_over_is_not_laid_bare_to_a_user(typed, kernel,
                                                         submount):
    """The kernel locks what the user namespace came with."""
    (typed.place / "busybox/data").mkdir()
    assert "Invalid argument" in typed.fails(
        f"{BOX} --unshare=user --mount={submount},bind-recursive=disabled -- "
        "true", user=ROOTLESS, **kernel)


def test_locked_flags_stay_on_a_remount(typed, kernel, submount):
    # nosuid is locked in a user namespace: dropping it would be EPERM.
    (typed.place / "busybox/data").mkdir()
    out = typed.out(f"{BOX} --unshare=user,pid --mount={submount},readonly "
                    "--mount=type=proc,target=/proc -- "
                    "cat /proc/self/mountinfo", user=ROOTLESS, **kernel)
    assert {"ro", "nosuid"} <= table_of(out)["/data/inner"][0]


def test_a_file_can_be_bound_on_a_file(typed, kernel, user):
    (typed.place / "hosts").write_text("127.0.0.1 own\n")
    (typed.place / "busybox/etc/hosts").touch()
    out = typed.out(f"{BOX} --unshare=user --mount=type=bind,"
                    f"source={typed.place}/hosts,target=/etc/hosts,ro -- "
                    "cat /etc/hosts", user=user, **kernel)
    assert out == "127.0.0.1 own"


def test_a_bound_device_can_be_used(typed, kernel):
    assert typed.out(f"{BOX} --mount=type=bind,source=/dev/zero,"
                     "target=/dev/mine -- sh -c 'head -c 3 /dev/mine | wc -c'",
                     **kernel) == "3"


@pytest.mark.parametrize("value, owner", [
    ("--tmpfs=/mnt:uid=www,gid=staff", "33:50"),
    ("--tmpfs=/mnt:gid=www", "0:33"),
    ("--tmpfs=/mnt:uid=1000,mode=700,gid=staff", "1000:50"),
    ("--mount=type=tmpfs,target=/mnt,uid=www,size=64k", "33:0"),
])
def test_the_owner_of_a_tmpfs_may_be_a_name_of_the_image(typed, kernel, value,
                                                         owner):
    assert typed.out(f"{BOX} {value} -- stat -c %u:%g /mnt",
                     **kernel) == owner


def test_the_owner_of_a_tmpfs_is_not_looked_up_outside(typed):
    line = typed.fails(f"{BOX} --tmpfs=/mnt:uid=systemd-network -- true")
    assert line == (
        "rind: mounts: systemd-network: no such user in /etc/passwd (give its "
        "number, which needs no entry)\n")


def test_tmpfs_has_dockers_defaults(typed, kernel, user):
    out = typed.out(f"{BOX} --unshare=user,pid "
                    "--mount=type=proc,target=/proc --tmpfs=/run "
                    "--tmpfs=/tmp:size=1m,exec,mode=700 -- sh -c "
                    "'stat -c %a /run; cat /proc/self/mountinfo'",
                    user=user, **kernel)
    mode, _, info = out.partition("\n")
    table = table_of(info)
    assert mode == "1777"
    assert {"rw", "nosuid", "nodev", "noexec"} <= table["/run"][0]
    assert "noexec" not in table["/tmp"][0]
    assert {"size=1024k", "mode=700"} <= table["/tmp"][3]


def test_mounts_come_in_the_order_given(typed, kernel):
    (typed.place / "data").mkdir()
    bind = f"--mount=type=bind,source={typed.place}/data,target=/mnt/data"
    assert typed.out(f"{BOX} --tmpfs=/mnt {bind} -- ls /mnt",
                     **kernel) == "data"
    assert typed.out(f"{BOX} {bind} --tmpfs=/mnt -- ls -A /mnt",
                     **kernel) == ""


# --- read-only, mask, protect ---

def test_read_only_closes_the_root_but_not_a_tmpfs(typed, kernel, user):
    (typed.place / "busybox/tmp").chmod(0o1777)
    process = typed(f"{BOX} --unshare=user --read-only --tmpfs=/run -- sh -c "
                    "'touch /run/x && ls /run; touch /tmp/x'", code=1,
                    user=user, **kernel)
    assert process.out == "x\n"
    assert "Read-only file system" in process.err


def test_read_only_closes_submounts_of_the_root_too(typed, kernel):
    inner = typed.place / "busybox/var"
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=777", "tmpfs", inner],
                   check=True)
    try:
        process = typed(f"{BOX} --read-only -- touch /var/x", code=1, **kernel)
        assert "Read-only file system" in process.err
    finally:
        subprocess.run(["umount", inner], check=True)


def test_read_only_root_on_a_read_only_mount_is_never_written_to(typed,
                                                                 kernel):
    image = typed.place / "busybox"
    for options in (["--bind", image, image],
                    ["-o", "remount,bind,ro", image]):
        subprocess.run(["mount", *options], check=True)
    try:
        assert "read-only" in typed.fails(f"{BOX} --read-only "
                                          "--tmpfs=/new -- true", **kernel)
    finally:
        subprocess.run(["umount", image], check=True)
    assert not (image / "new").exists()


def test_a_masked_file_is_empty_and_a_directory_too(typed, kernel, user):
    (typed.place / "busybox/secret").mkdir()
    (typed.place / "busybox/secret/key").write_text("k")
    (typed.place / "busybox/key").write_text("k")
    out = typed(f"{BOX} --unshare=user --mask=/secret --mask=/key -- sh -c "
                "'cat /key; ls -A /secret; touch /secret/x || echo closed'",
                user=user, **kernel)
    assert out.out == "closed\n"


def test_a_masked_working_directory_is_masked_too(typed, kernel):
    secret = typed.place / "secret"
    secret.mkdir()
    (secret / "key").write_text("k")
    assert typed.out(f"rind --unshare=mount --mask={secret} --user=www-data "
                     "-- ls -A", cwd=secret,
                     env={"PWD": str(secret)}, **kernel) == ""


def test_a_protected_path_is_read_only_and_its_neighbour_is_not(typed, kernel,
                                                                user):
    for name in ("kept", "free"):
        (typed.place / "busybox" / name).mkdir()
        (typed.place / "busybox" / name).chmod(0o777)
    process = typed(f"{BOX} --unshare=user --protect=/kept -- sh -c "
                    "'touch /free/x && echo free; touch /kept/x'", code=1,
                    user=user, **kernel)
    assert process.out == "free\n" and "Read-only" in process.err


@pytest.mark.parametrize("option", ["mask", "protect"])
def test_what_is_masked_or_protected_must_be_there(typed, option):
    assert "/nowhere" in typed.fails(f"{BOX} --{option}=/nowhere -- true")


# --- missing targets ---

def test_missing_targets_are_made_in_a_new_root_with_0755(typed, kernel):
    out = typed.out(f"{BOX} --mount=type=tmpfs,target=/made/on/the/way -- "
                    "stat -c %a /made /made/on", **kernel)
    assert out.split() == ["755", "755"]


def test_missing_targets_are_made_in_a_tmpfs(typed, kernel):
    typed(f"rind --unshare=mount --user=www-data --tmpfs={typed.place} "
          f"--tmpfs={typed.place}/a/b -- test -d {typed.place}/a/b", cwd="/",
          **kernel)


def test_missing_targets_are_made_nowhere_else(typed, kernel):
    target = typed.place / "new"
    assert str(target) in typed.fails(
        f"rind --unshare=mount --user=www-data --tmpfs={target} -- true",
        **kernel)
    assert not target.exists()


# --- propagation and the root ---

def test_no_mount_is_seen_outside(typed, kernel):
    process = typed.start("rind --unshare=mount --user=www-data --tmpfs=/mnt "
                          "-- sh -c 'echo ready; read x'", **kernel)
    process.read_until("ready")
    assert Path("/proc/self/mountinfo").read_text() == typed.mounts
    process.type("\n")
    assert process.wait() == 0


def test_no_mount_of_the_host_comes_in_later(typed):
    process = typed.start("rind --unshare=mount --user=www-data -- sh -c "
                          "'echo ready; read x; cat /proc/self/mountinfo'")
    process.read_until("ready")
    late = typed.place / "late"
    late.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", late], check=True)
    try:
        process.type("\n")
        assert process.wait() == 0
        assert str(late) not in process.out
        assert "shared:" not in process.out
    finally:
        subprocess.run(["umount", late], check=True)


@pytest.mark.parametrize("root", ["busybox", "./busybox/", "../{name}/busybox",
                                  "{place}/busybox", "link"])
def test_any_way_to_write_the_root_works(typed, kernel, root):
    (typed.place / "link").symlink_to("busybox")
    root = root.format(place=typed.place, name=typed.place.name)
    out = typed.out(f"rind --root={root} --unshare=mount --user=www -- ls /",
                    **kernel)
    assert "rind-wait-loop" in out


def test_the_root_can_be_the_root_that_is(typed, kernel, user):
    out = typed.out("rind --root=/ --unshare=user,mount --read-only "
                    "--user=www-data -- sh -c 'touch /tmp/x || "
                    "readlink -f /bin/sh'", user=user, **kernel)
    assert out.startswith("/")


@pytest.mark.parametrize("root,reason", [
    ("nowhere", "No such file or directory"),
    ("rind", "Not a directory"),
])
def test_a_root_that_cannot_be_says_why(typed, root, reason):
    line = typed.fails(f"rind --root={root} --unshare=mount --user=www -- id")
    assert root in line and reason in line


def test_the_old_root_cannot_be_found_again(typed, kernel, user):
    out = typed.out(f"{BOX} --unshare=pid,user --mount=type=proc,target=/proc "
                    "--cap=all -- sh -c 'pwd; cat /proc/self/mountinfo; "
                    "ls /../../../'", user=user, **kernel)
    lines = out.splitlines()
    assert lines[0] == "/"
    assert set(table_of("\n".join(x for x in lines if " - " in x))) == \
        {"/", "/proc"}
    assert "rind-wait-loop" in lines


@pytest.mark.parametrize("fd,option", [(0, ""), (100, "--keep-fd=100")])
def test_a_directory_from_outside_is_refused(typed, kernel, fd, option):
    directory = os.open("/etc", os.O_RDONLY | os.O_DIRECTORY)
    os.dup2(directory, 100)
    kwargs = {"stdin": directory} if fd == 0 else {"pass_fds": (100,)}
    try:
        line = typed.fails(f"{BOX} {option} -- ls", **kernel, **kwargs)
    finally:
        os.close(directory)
        os.close(100)
    assert f"{fd}: a directory of the old root" in line


@pytest.mark.parametrize("mode", ["--unshare=pid", "--exec"])
def test_a_directory_from_socket_activation_is_refused(typed, mode):
    words = (f"{BOX} {mode} -- cat /proc/self/fd/3/passwd").split()
    words[0] = str(typed.place / "rind")
    shell = ("exec 3</etc; LISTEN_FDS=1; LISTEN_PID=$$; "
             "export LISTEN_FDS LISTEN_PID; exec " + " ".join(words))
    done = subprocess.run(["sh", "-c", shell], cwd=typed.place,
                          capture_output=True, text=True, timeout=TIMEOUT)
    assert (done.returncode, done.stdout) == (125, "")
    assert "3: a directory of the old root" in done.stderr


def test_other_descriptors_are_closed_and_lead_nowhere(typed):
    directory = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
    try:
        out = typed.out(f"{FULL} -- sh -c 'ls -l /proc/self/fd'",
                        pass_fds=(directory,))
    finally:
        os.close(directory)
    assert all("pipe:" in line or "/proc/" in line
               for line in out.splitlines() if "->" in line)


# --- a /proc that shows processes of the outside ---

NEW_PROC = "--mount=type=proc,target=/proc"
BOUND_PROC = "--mount=type=bind,source=/proc,target=/proc"
OVERLAY = "--mount=type=overlay,target=/,lowerdir={0}/busybox"
VIEW = "a view of processes outside of the new root"


@pytest.fixture
def victim(typed):
    """The path by which /proc leads to the outside, of a process there."""
    with subprocess.Popen(["/bin/sleep", "1000"], user=33, group=33,
                          extra_groups=[]) as process:
        yield f"/proc/{process.pid}/root/{typed.place}/rind"
        process.kill()


@pytest.mark.parametrize("root", ["--root={0}/busybox", OVERLAY])
@pytest.mark.parametrize("proc", [NEW_PROC, "--standard-mounts"])
@pytest.mark.parametrize("mode", ["", "--exec"])
def test_a_new_root_gets_no_proc_of_its_callers_pid_namespace(typed, root, proc,
                                                              mode, victim):
    """/proc/PID/root of any process with the app's user would lead out."""
    line = typed.fails(f"rind {root.format(typed.place)} {proc} {mode} "
                       f"--unshare=mount --user=33 -- ls {victim}")
    assert line == f"rind: root: /proc: {VIEW} (add --unshare=pid)\n"


@pytest.mark.parametrize("words, path, cure", [
    (f"--root={{0}}/busybox {BOUND_PROC}", "/proc",
     f"add --unshare=pid and {NEW_PROC}"),
    ("--root=/", "/proc", f"add --unshare=pid and {NEW_PROC}"),
    ("--root={0}/busybox --mount=type=bind,source=/,target=/host",
     "/host/proc", "add --mask=/host/proc"),
    ("--root={0}/busybox --mount=type=bind,source=/proc/self,target=/me", "/me",
     "add --mask=/me"),
])
@pytest.mark.parametrize("spaces", ["mount", "mount,pid"])
def test_a_proc_that_comes_along_from_outside_is_refused(typed, words, path,
                                                         cure, spaces):
    line = typed.fails(f"rind {words.format(typed.place)} --user=33 "
                       f"--unshare={spaces} -- true")
    assert line == f"rind: root: {path}: {VIEW} ({cure})\n"


@pytest.mark.parametrize("words", [
    f"--root={{0}}/busybox {BOUND_PROC} {NEW_PROC} --unshare=pid",
    f"--root=/ {NEW_PROC} --unshare=pid",
    "--root=/ --standard-mounts --unshare=pid",
    "--root={0}/busybox --mount=type=bind,source=/,target=/host "
    "--mask=/host/proc",
    "--root={0}/busybox --mount=type=bind,source=/proc/sys,target=/sys",
    "--root={0}/busybox",
])
def test_a_root_without_such_a_proc_is_none_of_these(typed, words, victim):
    process = typed(f"rind {words.format(typed.place)} --unshare=mount "
                    f"--user=33 -- ls {victim}", code=None)
    assert process.err.endswith(": No such file or directory\n"), process.err


def test_pid_1_may_have_a_proc_of_its_own_namespace_in_a_new_root(container):
    process = container("--unshare=mount", "--root=/", "--standard-mounts",
                        "--user=app", "echo", "ran")
    assert process.wait() == 0, process.err


@pytest.mark.parametrize("unshare", ["mount,user", "mount,user,pid"])
def test_a_user_namespace_closes_an_outer_proc(typed, unshare, victim):
    """So that one stays: ptrace(2) and /proc/PID/root ask for a capability."""
    process = typed(f"rind --root=/ --unshare={unshare} --user=33 -- "
                    f"ls {victim}", code=2)
    assert "Permission denied" in process.err


# --- overlay ---

def test_an_image_can_be_run_on_a_throw_away_layer(typed, kernel, user):
    image = typed.place / "busybox"
    (image / "home/app").chmod(0o777)
    if user:  # the kernel copies up what has an owner inside, nothing else
        subprocess.run(["find", image, "-type", "d", "-exec", "chown",
                        f"{user}:", "{}", "+"], check=True)
    before = tree_of(image)
    for _ in range(2):
        out = typed.out("rind --unshare=all --standard-mounts --user=www "
                        f"--mount=type=overlay,target=/,lowerdir={image} -- "
                        "sh -c 'touch /home/app/new; ls /home/app; "
                        "grep -c /upper /proc/self/mountinfo'", user=user,
                        **kernel)
        assert out.split() == ["new", "1"]
    assert tree_of(image) == before


def test_an_upper_layer_keeps_what_was_written(typed, kernel):
    for name in ("upper", "work"):
        (typed.place / name).mkdir()
    layers = (f"lowerdir={typed.place}/busybox,upperdir={typed.place}/upper,"
              f"workdir={typed.place}/work")
    before = tree_of(typed.place / "busybox")
    for expected in ("kept", "kept\nkept"):
        out = typed.out(f"rind --unshare=mount --user=root --cap=dac_override "
                        f"--mount=type=overlay,target=/,{layers} -- sh -c "
                        "'echo kept >>/file; cat /file'", **kernel)
        assert out == expected
    assert (typed.place / "upper/file").read_text() == "kept\nkept\n"
    assert tree_of(typed.place / "busybox") == before


def test_an_overlay_can_be_mounted_on_a_directory(typed, kernel):
    for name in ("one", "two"):
        (typed.place / name).mkdir()
        (typed.place / name / name).touch()
    out = typed.out(f"{BOX} --mount=type=overlay,target=/srv,lowerdir="
                    f"{typed.place}/one:{typed.place}/two -- ls /srv",
                    **kernel)
    assert out.split() == ["one", "two"]


def test_a_throw_away_layer_has_the_lower_ones_owner_and_mode(typed, kernel):
    for name, owner, mode in (("hidden", 0, 0o700), ("own", 1000, 0o700),
                              ("shared", 0, 0o1777)):
        lower = typed.place / name
        lower.mkdir()
        os.chown(lower, owner, owner)
        lower.chmod(mode)
    out = typed.out(
        "rind --root=busybox --unshare=mount --user=1000 "
        + " ".join(f"--mount=type=overlay,target=/mnt/{name},"
                   f"lowerdir={typed.place}/{name}"
                   for name in ("hidden", "own", "shared"))
        + " -- sh -c 'cd /mnt; stat -c \"%u %a\" *; touch own/x shared/x; "
        "touch hidden/x 2>&1'", **kernel, code=None)
    assert out.splitlines()[:3] == ["0 700", "1000 700", "0 1777"]
    assert out.splitlines()[3].endswith("Permission denied")


def test_a_colon_in_a_layers_name_is_escaped(typed, kernel):
    lower = typed.place / "a:b"
    lower.mkdir(0o711)
    (lower / "there").touch()
    option = f"type=overlay,target=/mnt,lowerdir={typed.place}/a\\\\:b"
    out = typed.out(f"rind --root=busybox --unshare=mount --mount={option} "
                    "--user=root -- sh -c 'stat -c %a /mnt; ls /mnt'", **kernel)
    assert out.split() == ["711", "there"]


def test_a_throw_away_root_is_not_given_to_who_stands_for_strangers(typed):
    """65534 inside is a user, and what the kernel calls an owner outside."""
    out = typed.out(
        "rind --unshare=user,mount --uid-map=0:100000:65536 "
        "--gid-map=0:100000:65536 --user=65534:65534 "
        f"--mount=type=overlay,target=/,lowerdir={typed.place}/busybox "
        "-- stat -c '%u %g %a' /")
    assert out == "0 0 755"


def test_a_sys_that_is_none_outside_is_bound_as_it_is(typed):
    """In a user namespace a sysfs of another network may not be mounted."""
    typed("rind --unshare=mount --tmpfs=/sys --user=root --cap=all -- "
          f"{typed.place}/rind --unshare=user,mount,pid,ipc --standard-mounts "
          "--user=root -- true")


@pytest.mark.whole
def test_a_place_that_another_start_makes_is_no_error(typed):
    """The first is held up before it makes it."""
    number = {"x86_64": "258", "aarch64": "34"}[os.uname().machine]

    def is_making():
        try:
            return any(Path(f"/proc/{pid}/syscall").read_text().split()[0]
                       == number
                       for pid in watch.all_below(process.popen.pid))
        except (FileNotFoundError, ProcessLookupError):  # it has just ended
            return False

    for delay in DELAYS:
        process = typed.start(
            f"{BOX} --tmpfs=/new{delay} -- true",
            strace="--seccomp-bpf -o /dev/null -e trace=mkdirat "
                   f"-e inject=mkdirat:delay_enter={delay}s")
        until(lambda: is_making() or process.popen.poll() is not None,
              "mkdirat")
        with contextlib.suppress(FileExistsError):  # too late
            (typed.place / f"busybox/new{delay}").mkdir()
            break
    assert (process.wait(), process.err) == (0, "")


def test_a_sysfs_over_itself_takes_the_flags(typed, kernel):
    """By the old calls that is EBUSY."""
    table = table_of(typed.out(
        "rind --unshare=mount --mount=type=sysfs,target=/sys,readonly "
        "--user=root -- cat /proc/self/mountinfo", **kernel))
    assert "ro" in table["/sys"][0]


def test_made_places_are_everybodys_whatever_the_umask(typed, kernel):
    typed("rind --root=busybox --unshare=mount --user=1000 "
          "--mount=type=overlay,target=/,lowerdir="
          f"{typed.place}/busybox --tmpfs=/x/y "
          "-- ls /x/y", preexec_fn=lambda: os.umask(0o077), **kernel)


def test_an_overlay_root_can_be_read_only(typed, kernel):
    process = typed("rind --unshare=mount --user=root --cap=dac_override "
                    "--read-only --mount=type=overlay,target=/,"
                    f"lowerdir={typed.place}/busybox -- touch /x", code=1,
                    **kernel)
    assert "Read-only" in process.err


@pytest.mark.parametrize("wrong", ["EINVAL", "EIO"])
def test_an_overlay_that_fails_leaves_no_scratch_mount(typed, wrong):
    trace = typed.place / "trace"
    line = typed.fails(
        "rind --unshare=mount --user=www --mount=type=overlay,target=/,"
        f"lowerdir={typed.place}/busybox -- true",
        strace=f"-o {trace} -e trace=move_mount,umount2 "
               f"-e inject=move_mount:error={wrong}:when=2")
    assert "overlay on" in line
    assert trace.read_text().split("umount2")[1].endswith("= 0\n")


def test_a_layer_in_tmp_is_not_hidden_by_the_throw_away_one(typed, kernel):
    """It is the first of two, so that a colon follows it. What else is in /tmp,
    others have there, and it comes and goes."""
    with tempfile.NamedTemporaryFile(dir="/tmp", prefix="rind-layer-") as file:
        names = f"/srv/{Path(file.name).name} /srv/bin"
        out = typed.out(f"{BOX} --mount=type=overlay,target=/srv,"
                        f"lowerdir=/tmp:/usr -- ls -d {names}", **kernel)
        assert sorted(out.split()) == sorted(names.split())


def test_more_data_than_the_kernel_takes_is_not_cut(typed):
    """mount(2) takes a page less one byte, and cuts what is longer there."""
    names = [f"{number:0200}" for number in range(25)]
    for name in names:
        (typed.place / name).mkdir()
    layers = ":".join(f"{typed.place}/{name}" for name in names)
    assert "Filename too long" in typed.fails(
        f"{BOX} --mount=type=overlay,target=/srv,lowerdir={layers} -- true",
        strace=OLD_API)


def test_a_missing_lower_layer_is_named(typed):
    assert "/nowhere" in typed.fails(
        "rind --unshare=mount --user=www "
        "--mount=type=overlay,target=/,lowerdir=/nowhere -- true")


# --- the standard mounts ---

STANDARD = {
    "/proc": ({"rw", "nosuid", "nodev", "noexec"}, "proc"),
    "/sys": ({"ro", "nosuid", "nodev", "noexec"}, "sysfs"),
    "/dev": ({"rw", "nosuid"}, "tmpfs"),
    "/dev/pts": ({"rw", "nosuid", "noexec"}, "devpts"),
    "/dev/shm": ({"rw", "nosuid", "nodev", "noexec"}, "tmpfs"),
    "/dev/mqueue": ({"rw", "nosuid", "nodev", "noexec"}, "mqueue"),
    "/tmp": ({"rw", "nosuid", "nodev"}, "tmpfs"),
    "/run": ({"rw", "nosuid", "nodev"}, "tmpfs"),
}


def test_the_standard_mounts_are_there_with_their_flags(typed, kernel, user):
    table = table_of(typed.out(f"{FULL} -- cat /proc/self/mountinfo",
                               user=user, **kernel))
    for point, (options, kind) in STANDARD.items():
        assert table[point][1] == kind, point
        assert options <= table[point][0], point
    assert "ro" in table["/"][0]


def test_the_devices_are_there_and_open_to_the_app(typed, kernel, user):
    out = typed.out(f"{FULL} -- sh -c 'cd /dev; stat -c \"%n %a %t:%T\" null "
                    "zero full random urandom tty; echo x >null; "
                    "head -c2 zero | wc -c; head -c2 urandom | wc -c; "
                    "echo x 2>null >full || echo full'", user=user, **kernel)
    assert out.splitlines() == [
        "null 666 1:3", "zero 666 1:5", "full 666 1:7", "random 666 1:8",
        "urandom 666 1:9", "tty 666 5:0", "2", "2", "full"]


def test_the_links_of_dev_lead_to_the_apps_own(typed, kernel, user):
    out = typed.out(f"{FULL} -- sh -c 'cd /dev; for link in ptmx fd stdin "
                    "stdout stderr; do readlink $link; done'", user=user,
                    **kernel)
    assert out.split() == ["pts/ptmx", "/proc/self/fd", "/proc/self/fd/0",
                           "/proc/self/fd/1", "/proc/self/fd/2"]


def test_a_new_terminal_can_be_opened(typed, kernel, user):
    out = typed.out(f"{FULL} -- sh -c 'exec 3<>/dev/ptmx; ls -A /dev/pts; "
                    "stat -c %a /dev/pts/0'", user=user, **kernel)
    assert out.split() == ["0", "ptmx", "620"]


def test_with_a_terminal_there_is_a_console(typed, kernel, user):
    process = typed(f"{FULL} -- sh -c 'test -c /dev/console && echo there; "
                    "echo written >/dev/console'", tty=True, user=user,
                    code=None, **kernel)
    assert "there" in process.out


def test_without_a_terminal_there_is_none(typed):
    typed(f"{FULL} -- test ! -e /dev/console")


def test_masked_paths_tell_nothing(typed, kernel, user):
    out = typed.out(f"{FULL} -- sh -c 'cat /proc/keys /proc/kcore "
                    "/proc/timer_list 2>/dev/null | wc -c; ls -A "
                    "/proc/acpi /sys/firmware /proc/scsi 2>/dev/null | "
                    "grep -v :; true'", user=user, **kernel)
    assert out == "0"


# Some kernels lack one of them: there is then nothing to protect.
@pytest.mark.parametrize("path", filter(os.path.exists, [
    "/proc/sys", "/proc/bus", "/proc/fs", "/proc/irq",
    "/proc/sysrq-trigger"]))
def test_protected_paths_are_read_only(typed, kernel, path):
    table = table_of(typed.out(f"{FULL} -- cat /proc/self/mountinfo",
                               **kernel))
    assert "ro" in table[path][0]


def test_a_mount_of_the_users_own_comes_before_the_standard_one(typed):
    table = table_of(typed.out(f"{FULL} --tmpfs=/run:size=8k -- "
                               "cat /proc/self/mountinfo"))
    assert "size=8k" in table["/run"][3]


def test_a_proc_of_the_users_own_is_covered_too(typed, kernel):
    out = typed.out(
        f"{FULL_AS_ROOT} --mount=type=proc,target=/proc,hidepid=2 -- sh -c "
        "'cat /proc/keys /proc/timer_list | wc -c; ls -A /proc/acpi; "
        "for path in /proc/sys/kernel/hostname /proc/sys/vm/swappiness; do "
        "(: >>$path) 2>&1; done; grep -c hidepid /proc/mounts'", **kernel)
    empty, *refused, own = out.splitlines()
    assert empty == "0"
    assert [line.rpartition(": ")[2] for line in refused] == [
        "Read-only file system"] * 2
    assert int(own) > 1


def test_a_sys_that_was_there_becomes_read_only_with_all_below(typed, kernel):
    table, own = (table_of(typed.out(
        f"rind --unshare=mount {option} --user=root -- "
        "cat /proc/self/mountinfo", **kernel)) for option in (
            "", "--standard-mounts"))
    points = {point for point in table if (point + "/").startswith("/sys/")}
    need(any("rw" in table[point][0] for point in points),
         "all of /sys is read-only here")
    assert points <= set(own)
    assert all("ro" in own[point][0] for point in points)


@pytest.mark.parametrize("point", ["/proc/fs", "/proc/sys/fs/binfmt_misc",
                                   "/sys/"])
def test_a_mount_of_the_users_own_is_not_covered(typed, kernel, point):
    need(os.path.exists(point), f"no {point} here")
    typed(f"{FULL} --tmpfs={point}:mode=1777 -- touch {point}/file", **kernel)


def test_what_is_right_in_a_container_is_left_alone(typed):
    look = "cat /proc/self/mountinfo"
    # In one container: the next one's procfs may be another device.
    before, after = typed.out(
        "rind --root=busybox --unshare=mount,pid,net,ipc --standard-mounts "
        f"--user=root --cap=all -- sh -c '{look}; echo and then; /rind "
        f"--unshare=mount --standard-mounts --user=www -- {look}'"
    ).split("and then\n")
    for point in STANDARD:
        assert [line.split()[2:6] for line in before.splitlines()
                if line.split()[4] == point] == \
            [line.split()[2:6] for line in after.splitlines()
             if line.split()[4] == point], point


def test_an_empty_image_gets_its_mounts_where_it_is_already_the_root(
        container, place):
    """As on a device: no new root, nothing mounted but /proc."""
    process = container(
        "--unshare=mount", "--standard-mounts", "--user=app", "sh", "-c",
        "touch /dev/shm/x /tmp/x && test -e /sys/kernel && echo all there",
        image=place / "busybox", prepare='cd "$IMAGE"; mkdir -p sys '
                                    'tmp run dev/pts dev/shm dev/mqueue')
    assert (process.wait(), process.out, process.err) == (0, "all there\n", "")


def test_a_directory_of_a_tmpfs_is_no_mount_of_its_own(typed, kernel):
    """The root is a tmpfs, as what has to be there would be."""
    new = typed.place / "tmpfs"
    new.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "none", new], check=True)
    try:
        subprocess.run(["cp", "-a", f"{typed.place}/busybox/.", new],
                       check=True)
        (new / "tmp").mkdir(exist_ok=True)
        typed("rind --root=tmpfs --unshare=mount,pid --standard-mounts "
              "--read-only --user=1000 -- touch /tmp/x /dev/shm/x", **kernel)
    finally:
        subprocess.run(["umount", new], check=True)


# --- real programs ---

def free_port():
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]


def answers(port, words):
    try:
        with socket.create_connection(("127.0.0.1", port), TIMEOUT) as connection:
            connection.sendall(words)
            return connection.recv(4096)
    except OSError:
        return b""


@pytest.mark.whole
def test_nginx_runs_on_a_read_only_root(typed, kernel):
    need(os.path.exists("/usr/sbin/nginx"), "no nginx here")
    port = free_port()
    (typed.place / "nginx.conf").write_text(
        "daemon off; pid /run/nginx.pid; error_log stderr;\n"
        "events {}\n"
        f"http {{ access_log off; server {{ listen 127.0.0.1:{port}; "
        "location / { return 200 'served'; } } }\n")
    process = typed.start(
        "rind --root=/ --unshare=mount,pid,ipc --standard-mounts --read-only "
        "--tmpfs=/run:uid=33 --tmpfs=/tmp --tmpfs=/var/lib/nginx:uid=33 "
        "--tmpfs=/var/log/nginx:uid=33 "
        f"--mount=type=bind,source={typed.place},target=/mnt,ro "
        "--user=www-data -- nginx -c /mnt/nginx.conf", **kernel)
    until(lambda: b"served" in answers(port, b"GET / HTTP/1.0\r\n\r\n"),
          "nginx's answer")
    os.kill(typed.rind_of(process), signal.SIGQUIT)
    assert process.wait() == 0


@pytest.mark.whole
def test_redis_runs_on_a_read_only_root(typed, kernel):
    need(os.path.exists("/usr/bin/redis-server"), "no redis here")
    port = free_port()
    process = typed.start(
        "rind --root=/ --unshare=mount,pid,ipc --standard-mounts --read-only "
        "--tmpfs=/run --tmpfs=/tmp --tmpfs=/var/lib/redis --user=www-data "
        "--workdir=/var/lib/redis -- redis-server --port "
        f"{port}", **kernel)
    until(lambda: b"PONG" in answers(port, b"PING\r\n"), "redis's answer")
    assert b"OK" in answers(port, b"SAVE\r\n")
    os.kill(typed.rind_of(process), signal.SIGTERM)
    assert process.wait() == 0


# --- a hostile image ---

LINKS = ["/etc", "../../../../../../etc", "/nowhere/at/all", "/",
         "../../../../../..", "/proc/1/root/etc", "loop"]
TARGETS = ["proc", "sys", "dev", "tmp", "run"]


@pytest.mark.parametrize("link", LINKS)
def test_links_in_an_image_never_lead_outside(typed, kernel, user, link):
    image = typed.place / "busybox"
    (image / "loop").symlink_to("loop")
    for target in TARGETS:
        subprocess.run(["rm", "-rf", image / target], check=True)
        (image / target).symlink_to(link)
    etc = tree_of("/etc")
    process = typed(f"{FULL} --tmpfs=/run/deep --mask=/etc/passwd -- true",
                    code=None, user=user, **kernel)
    assert process.wait() in (0, 125, 127)
    assert tree_of("/etc") == etc
    assert Path("/proc/self/mountinfo").read_text() == typed.mounts


@pytest.mark.parametrize("target", ["/link/etc/made", "/link/made",
                                    "/dir/up/made", "/dangling/made",
                                    "/file-link"])
def test_a_link_in_the_middle_of_a_target_stays_inside(typed, kernel, target):
    image = typed.place / "busybox"
    outside = typed.place / "outside"
    outside.mkdir()
    (image / "link").symlink_to(outside)
    (image / "dir").mkdir()
    (image / "dir/up").symlink_to("../../outside")
    (image / "dangling").symlink_to(outside / "nothing")
    (image / "file-link").symlink_to(outside / "file")
    before = sorted(os.listdir("/"))
    typed(f"{BOX} --mount=type=bind,source=/etc/hostname,target={target} -- "
          "true", code=None, **kernel)
    typed(f"{BOX} --tmpfs={target} -- true", code=None, **kernel)
    assert not list(outside.iterdir())
    assert sorted(os.listdir("/")) == before


def test_a_link_that_leads_inside_is_followed(typed, kernel):
    image = typed.place / "busybox"
    (image / "real").mkdir()
    (image / "absolute").symlink_to("/real")
    (image / "relative").symlink_to("../../real")
    (image / "deep").mkdir()
    (image / "deep/absolute").symlink_to("/real")
    out = typed.out(f"{BOX} --unshare=pid --mount=type=proc,target=/proc "
                    "--tmpfs=/absolute/a --tmpfs=/relative/b "
                    "--tmpfs=/deep/absolute/c -- "
                    "cat /proc/self/mountinfo", **kernel)
    assert {"/real/a", "/real/b", "/real/c"} <= set(table_of(out))


# --- many, and nested ---

@pytest.mark.whole
def test_64_layers_of_mounts(typed, kernel):
    layers = " ".join("--tmpfs=" + "/l" * (i + 1) for i in range(64))
    out = typed.out(f"{BOX} --unshare=pid {layers} --tmpfs=/proc "
                    "--mount=type=proc,target=/proc -- sh -c "
                    "'grep -c /l /proc/self/mountinfo'", **kernel)
    assert out == "64"


def test_64_mounts_on_one_place(typed, kernel):
    layers = "--tmpfs=/mnt " * 64
    out = typed.out(f"{BOX} --unshare=pid {layers} "
                    "--mount=type=proc,target=/proc -- sh -c "
                    "'grep -c /mnt /proc/self/mountinfo'", **kernel)
    assert out == "64"


NEST = "--root=/ --unshare=mount,pid,ipc,net,uts --standard-mounts"


def test_rind_in_rind_in_rind_as_root(typed):
    whole = NEST.replace("--root=/", "--root=busybox")
    os.link(typed.place / "rind", typed.place / "busybox/inner")
    out = typed.out(
        f"rind {whole} --user=root --cap=all -- "
        f"/inner {NEST} --user=root --cap=all -- "
        f"/inner {NEST} --user=www --read-only -- sh -c "
        "'id -u; ps | wc -l; cat /proc/1/comm; touch /x || exit 9'", code=9)
    uid, count, name = out.split()
    assert (uid, name) == ("33", "inner") and int(count) < 8


def test_rind_in_a_user_namespace_says_what_the_kernel_refuses(typed, user):
    os.link(typed.place / "rind", typed.place / "busybox/inner")
    line = typed.fails(
        "rind --root=busybox --unshare=all --standard-mounts --user=root "
        "--cap=all -- /inner --root=/ --unshare=all --standard-mounts "
        "--user=root -- id", user=user)
    assert "proc on /proc: Operation not permitted" in line
    assert "masked paths" in line


def test_rind_in_a_user_namespace_works_on_an_unmasked_proc(typed, user):
    os.link(typed.place / "rind", typed.place / "busybox/inner")
    out = typed.out(
        "rind --root=busybox --unshare=all --mount=type=proc,target=/proc "
        "--user=root --cap=all -- /inner --unshare=all "
        "--mount=type=proc,target=/proc --user=root -- "
        "sh -c 'cat /proc/1/comm'", user=user)
    assert out == "inner"


def test_a_shared_network_is_seen_in_sys(typed):
    """A sysfs of its own is what the kernel refuses there."""
    out = typed.out(f"{BOX} --unshare=user,pid,ipc --standard-mounts -- "
                    "sh -c 'ls /sys/class/net; touch /sys/x'", code=1,
                    user=ROOTLESS)
    assert out.split() == sorted(os.listdir("/sys/class/net"))


def test_a_shared_ipc_namespace_has_no_queues_of_ones_own(typed):
    assert "add --unshare=ipc" in typed.fails(
        "rind --root=busybox --unshare=user,mount,pid,net --standard-mounts "
        "--user=root -- true", user=ROOTLESS)


@pytest.mark.parametrize("kind, flags", [
    ("tmpfs", "nosuid,nodev,noexec"), ("proc", "nosuid,nodev,noexec"),
    ("sysfs", "nosuid,nodev,noexec"), ("mqueue", "nosuid,nodev,noexec"),
    ("devpts", "nosuid,noexec"),
])
def test_a_mount_of_the_kernels_has_the_flags_that_engines_give_it(typed, kind,
                                                                   flags):
    command = ("rind --unshare=mount,pid,ipc,net --user=0 "
               "--mount=type={},target=/mnt{} -- "
               "awk '$5 == \"/mnt\" {{ print $6 }}' /proc/self/mountinfo")
    found = typed.out(command.format(kind, "")).split(",")
    assert [flag for flag in found if flag.startswith("no")
            and flag in ("nosuid", "nodev", "noexec")] == flags.split(",")
    found = typed.out(command.format(kind, ",suid,dev,exec")).split(",")
    assert not {"nosuid", "nodev", "noexec"} & set(found)
