"""Bad input to namespaces and mounts: one line that says why, nothing done."""

import pytest

from conftest import ROOTLESS

MOUNT = "--unshare=mount"

BAD = [
    # namespaces
    ("--unshare=nothing", "no such namespace"),
    ("--unshare=", "no such namespace"),
    ("--unshare=pid,,net", "no such namespace"),
    ("--hostname=box", "add --unshare=uts"),
    (f"--unshare=uts --hostname={'h' * 65}", "1 to 64 bytes"),
    ("--unshare=uts --hostname=", "1 to 64 bytes"),
    ("--unshare=uts --hostname=a --hostname=b", "--hostname"),
    ("--boot-offset=1", "add --unshare=time"),
    ("--monotonic-offset=1", "add --unshare=time"),
    ("--unshare=time --boot-offset=soon", "not a time"),
    ("--unshare=time --boot-offset=--1", "not a time"),
    ("--unshare=time --boot-offset=-9999999", "Result not representable (choose an offset that leaves the clock"),
    ("--uid-map=0:0:1", "add --unshare=user"),
    ("--gid-map=0:0:1", "add --unshare=user"),
    ("--exec --unshare=pid", "leave out --exec"),
    ("--exec --unshare=user", "leave out --exec"),
    # maps
    ("--unshare=user --uid-map=0:0", "INSIDE:OUTSIDE:COUNT"),
    ("--unshare=user --uid-map=0:0:1:1", "INSIDE:OUTSIDE:COUNT"),
    ("--unshare=user --uid-map=0:0:0", "INSIDE:OUTSIDE:COUNT"),
    ("--unshare=user --uid-map=-1:0:1", "INSIDE:OUTSIDE:COUNT"),
    ("--unshare=user --uid-map=root:0:1", "INSIDE:OUTSIDE:COUNT"),
    ("--unshare=user --gid-map=4294967294:0:2", "beyond 4294967294"),
    ("--unshare=user --gid-map=0:2:4294967294", "beyond 4294967294"),
    ("--unshare=user --gid-map=0:0:99999999999", "INSIDE:OUTSIDE:COUNT"),
    ("--unshare=user --uid-map=0:0:10 --uid-map=9:50:1", "overlaps"),
    ("--unshare=user --uid-map=0:0:10 --uid-map=50:9:1", "overlaps"),
    ("--unshare=user " + " ".join(f"--gid-map={i}:{i}:1"
                                  for i in range(341)), "kernel's 340"),
    # options without their namespace
    ("--root=busybox", "add --unshare=mount"),
    ("--standard-mounts", "add --unshare=mount"),
    ("--tmpfs=/run", "add --unshare=mount"),
    ("--mount=type=tmpfs,target=/run", "add --unshare=mount"),
    ("--read-only --unshare=pid", "add --unshare=mount"),
    ("--mask=/proc/keys", "add --unshare=mount"),
    ("--protect=/etc --unshare=net", "add --unshare=mount"),
    # targets
    (f"{MOUNT} --tmpfs=/a/../b", 'or ".." in the target'),
    (f"{MOUNT} --tmpfs=/..", 'or ".." in the target'),
    (f"{MOUNT} --tmpfs=run", "not an absolute path"),
    (f"{MOUNT} --tmpfs=", "not an absolute path"),
    (f"{MOUNT} --mount=type=tmpfs,target=run", "not an absolute path"),
    (f"{MOUNT} --mount=type=tmpfs,target=/x/..", 'or ".." in the target'),
    (f"{MOUNT} --mask=proc", "not an absolute path"),
    (f"{MOUNT} --protect=/etc/../etc", 'or ".." in the target'),
    (f"{MOUNT} --tmpfs=/", "only an overlay can be the new root"),
    (f"{MOUNT} --tmpfs=//", "root"),
    (f"{MOUNT} --mount=type=bind,source=/etc,target=/.", "in the target"),
    (f"{MOUNT} --tmpfs=/./run", "in the target"),
    (f"{MOUNT} --mask=/", "--read-only"),
    (f"{MOUNT} --protect=//", "--read-only"),
    (f"{MOUNT} --mount=type=tmpfs", "no target"),
    (f"{MOUNT} --tmpfs=/{'a' * 256}", "name too long"),
    (f"{MOUNT} --tmpfs=/{'a/' * 2100}", "name too long"),
    # sources
    (f"{MOUNT} --mount=type=bind,source=/nowhere,target=/mnt", "/nowhere"),
    (f"{MOUNT} --mount=type=bind,source=etc,target=/mnt",
     "source is not an absolute path"),
    (f"{MOUNT} --mount=type=bind,target=/mnt", "without a source"),
    (f"{MOUNT} --mount=target=/mnt", "without a source"),
    (f"{MOUNT} --mount=type=tmpfs,source=/a,target=/mnt",
     "only a bind mount has a source"),
    (f"{MOUNT} --mount=type=bind,source=/etc/passwd,target=/mnt",
     "directory"),
    (f"{MOUNT} --mount=type=bind,source=/etc,target=/etc/passwd",
     "directory"),
    # types, keys and options
    (f"{MOUNT} --mount=type=ext4,target=/mnt", "no such type"),
    (f"{MOUNT} --mount=type,target=/mnt", "a key without a value"),
    (f"{MOUNT} --mount=", "an empty item"),
    (f"{MOUNT} --mount=type=tmpfs,,target=/mnt", "an empty item"),
    (f"{MOUNT} --mount=type=tmpfs,target=/mnt,color=red", "no such option"),
    (f"{MOUNT} --mount=type=tmpfs,target=/mnt,hidepid=2", "no such option"),
    (f"{MOUNT} --mount=type=proc,target=/mnt,size=1m", "no such option"),
    (f"{MOUNT} --mount=type=tmpfs,target=/mnt,size=", "no such option"),
    (f"{MOUNT} --mount=type=tmpfs,target=/mnt,size=lots", "Invalid"),
    (f"{MOUNT} --mount=type=tmpfs,target=/mnt,readonly=maybe",
     "readonly is true or false"),
    (f"{MOUNT} --mount=type=bind,source=/etc,target=/mnt,bind-recursive=no",
     "bind-recursive is"),
    (f"{MOUNT} --tmpfs=/mnt:nosense", "no such option"),
    (f"{MOUNT} --tmpfs=/mnt:", "an empty item"),
    # overlay
    (f"{MOUNT} --mount=type=overlay,target=/", "has a lowerdir"),
    (f"{MOUNT} --mount=type=overlay,target=/,lowerdir=a", "not an absolute path"),
    (f"{MOUNT} --mount=type=overlay,target=/,lowerdir=/,upperdir=/tmp",
     "go together"),
    (f"{MOUNT} --mount=type=overlay,target=/mnt,lowerdir=/nowhere",
     "overlay on /mnt: No such file or directory (create lowerdir, upperdir "
     "and workdir first)"),
    (f"{MOUNT} --mount=type=overlay,target=/mnt,lowerdir=/etc,upperdir=/no,"
     "workdir=/no", "(create lowerdir, upperdir and workdir first)"),
    (f"{MOUNT} --mount=type=overlay,target=/,lowerdir=/nowhere",
     "root: /nowhere: No such file or directory (create it, or name a directory "
     "that exists)"),
    (f"{MOUNT} --mount=type=overlay,target=/nowhere,lowerdir=/etc",
     "target on /nowhere: No such file or directory (create the mount point: "
     "rind does so only below a new root)"),
    (f"{MOUNT} --mount=type=overlay,target=/mnt,lowerdir=/etc,upperdir=/sys,"
     "workdir=/dev", "overlay on /mnt: Invalid argument (put upperdir and "
     "workdir on one writable file system, neither inside the other)"),
    (f"{MOUNT} --mount=type=tmpfs,target=/mnt,lowerdir=/", "has a lowerdir"),
    (f"{MOUNT} --mount=type=bind,source=/,target=/mnt,workdir=/w",
     "for overlay"),
    # roots
    (f"{MOUNT} --root=", "no directory is named"),
    (f"{MOUNT} --root=nowhere", "No such file or directory"),
    (f"{MOUNT} --root=rind", "Not a directory"),
    (f"{MOUNT} --root=busybox --root=empty", "--root"),
    (f"{MOUNT} --mask=/nowhere", "mask on /nowhere: No such file or directory"),
    (f"{MOUNT} --protect=/nowhere",
     "protect on /nowhere: No such file or directory"),
    (f"{MOUNT} --tmpfs=/nowhere",
     "create the mount point: rind does so only below a new root"),
    (f"{MOUNT} --tmpfs=/mnt:size=big", "write size=64m, mode=1777, uid=0 or gid=0"),
    (f"{MOUNT} --mount=/etc:/mnt", "see --mount in rind(8)"),
    (f"{MOUNT} --standard-mounts --standard-mounts=yes", "standard-mounts"),
]


@pytest.mark.parametrize("options,reason", BAD)
def test_bad_input_is_refused_in_one_line(typed, options, reason):
    line = typed.fails(f"rind {options} --user=www-data -- echo started",
                       cwd=typed.place)
    assert reason.lower() in line.lower()
    assert len(line) < 1100


@pytest.mark.parametrize("options", [
    "--unshare=mount", "--unshare=net", "--unshare=all --uid-map=0:0:1",
    "--unshare=user --uid-map=0:34:2", "--unshare=user --gid-map=0:0:1",
    "--unshare=all --root=/root", "--unshare=mount,user --tmpfs=/new",
    "--unshare=mount,user --mount=type=bind,source=/etc/shadow,target=/new",
])
def test_what_a_user_may_not_do_is_refused_in_one_line(typed, options):
    typed.fails(f"rind {options} --user=root -- echo started", user=ROOTLESS)


def test_a_root_without_a_place_for_proc_gets_one(typed):
    (typed.place / "busybox/proc").rmdir()
    assert typed.out("rind --root=busybox --unshare=mount,pid "
                     "--standard-mounts --user=www -- cat /proc/1/comm"
                     ) == "rind"


def test_a_root_without_a_place_for_proc_is_told_where_none_can_be_made(typed):
    (typed.place / "busybox/proc").rmdir()
    line = typed.fails("rind --root=busybox --unshare=all --standard-mounts "
                       "--user=www -- true", user=ROOTLESS)
    assert "target on /proc: Permission denied" in line


def test_a_name_that_forges_lines_is_shown_escaped(typed):
    line = typed.fails("rind --unshare=mount "
                       "--mount='type=bind,source=/a\nrind: b,target=/mnt' "
                       "--user=www-data -- true")
    assert "\\n" in line or "\\012" in line or "\\x0a" in line


@pytest.mark.parametrize("number,words", [
    ("EDOM", "Domain error"),
    ("ENOTRECOVERABLE", "State not recoverable")])
def test_an_error_that_nobody_expects_has_words_too(typed, number, words):
    line = typed.fails("rind --workdir=/tmp --user=www-data -- true",
                       strace=f"-o /dev/null --inject=chdir:error={number}")
    assert line.endswith(f": {words}\n")


def test_a_user_who_is_not_mapped_is_what_the_warning_says_too(typed):
    process = typed("rind --unshare=user --uid-map=0:0:1 --gid-map=0:0:50 "
                    "--user=www-data -- true", code=125)
    assert process.err == (
        "rind: streams: not given to the app's user: Invalid argument "
        "(choose a uid that is mapped in this user namespace)\n"
        "rind: user: uid: Invalid argument "
        "(choose a uid that is mapped in this user namespace)\n")
