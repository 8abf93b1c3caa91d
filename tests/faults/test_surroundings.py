"""/proc, /dev, /etc/passwd and /etc/group that are not what they should be: the
app is what was asked for all the same, or one line names the step and the file.
"""

import pytest

from inside import one_line, without

pytestmark = pytest.mark.whole

# How $AT is made to be so, once it is out of the way.
FORMS = {
    "missing": ":",
    "an empty file": ': >"$AT"',
    "an empty directory": 'mkdir "$AT"',
    "a FIFO": 'mkfifo "$AT"',
    "a device": 'mknod "$AT" c 1 3',
    "a terminal": 'mknod "$AT" c 5 2',
    "a socket": 'python3 -c "import socket, sys; socket.socket(socket.AF_UNIX)'
                '.bind(sys.argv[1])" "$AT"',
    "a link to itself": 'ln -s "${AT##*/}" "$AT"',
    "a link out of the image": 'ln -s /../../../../../no/such/file "$AT"',
    "64 MiB of zeros": 'truncate -s 64M "$AT"',
    "64 MiB of one line": 'head -c 67108864 /dev/zero | tr "\\0" x >"$AT"',
    "unreadable": ': >"$AT"; chmod 0 "$AT"',
}


def so(path, form):
    """Shell text for prepare."""
    return (f'AT="$IMAGE{path}"; rm -rf "$AT"; {FORMS[form]}')


@pytest.fixture
def odd(container, place):
    """odd(path, form, *words): rind where PATH is so, with the app readback;
    returns what the app is by system calls alone, or the line."""
    def run(path, form, *words, proc=True, **kwargs):
        process = container(
            *words, "/bin/readback", image=place / "busybox",
            prepare=so(path, form), proc=proc, **kwargs)
        code = process.wait()
        if code:
            assert code == 125
            line = one_line(process)
            assert line.startswith("rind: ")
            return line.removeprefix("rind: ")
        assert process.err == ""
        return [line for line in process.out.splitlines()
                if line.startswith(("ids", "sets", "securebits"))]

    return run


def is_app(uid, gid, groups, caps="0", bounding=""):
    return [f"ids: {uid} {uid} {gid} {gid}, groups: {groups}",
            f"sets: {caps} {caps} {caps}, no_new_privs 1, "
            f"bounding:{bounding}", "securebits: b"]


NOBODY = ["missing", "an empty file", "a link out of the image"]
STRANGE = [form for form in FORMS if form not in (
    *NOBODY, "64 MiB of zeros", "64 MiB of one line", "unreadable")]
LONG = ["64 MiB of zeros", "64 MiB of one line"]


@pytest.mark.parametrize("form", NOBODY)
@pytest.mark.parametrize("file, user, expected", [
    ("passwd", "app", "user: app: no such user in /etc/passwd"),
    ("passwd", "4242", is_app(4242, 4242, "4242")),
    ("passwd", "4242:4343", is_app(4242, 4343, "4343")),
    ("group", "app", is_app(1000, 1000, "1000")),
    ("group", "app:www", "user: www: no such group in /etc/group"),
    ("group", "app:33", is_app(1000, 33, "33")),
])
def test_a_file_that_knows_nobody(odd, form, file, user, expected):
    found = odd(f"/etc/{file}", form, f"--user={user}")
    assert found[:len(expected)] == expected


USERS = [("passwd", "app"), ("passwd", "4242"),
         ("group", "app"), ("group", "app:www")]


@pytest.mark.parametrize("form", STRANGE)
@pytest.mark.parametrize("file, user", USERS)
def test_a_file_that_is_none_of_the_images(odd, form, file, user):
    assert odd(f"/etc/{file}", form, f"--user={user}").startswith(
        f"user: /etc/{file}: ")


@pytest.mark.parametrize("form", LONG)
@pytest.mark.parametrize("file, user", USERS)
def test_a_file_that_is_64_mib_long(odd, form, file, user):
    """An error that names it, or what is so without one line of it."""
    without_it = {("passwd", "4242"): is_app(4242, 4242, "4242"),
                  ("group", "app"): is_app(1000, 1000, "1000")}
    found = odd(f"/etc/{file}", form, f"--user={user}")
    if isinstance(found, list):
        assert found == without_it[file, user]
    else:
        assert found.startswith("user: ") and f"/etc/{file}" in found


@pytest.mark.parametrize("file", ["passwd", "group"])
def test_a_file_that_rind_may_not_read(odd, file):
    assert odd(f"/etc/{file}", "unreadable", "--user=app:app",
               enter=without("dac_override", "dac_read_search")) == (
        f"user: /etc/{file}: Permission denied")


# In the place of /proc: nothing that needs it goes on without.
PROCS = [form for form in FORMS if form != "unreadable"]


@pytest.mark.parametrize("form", PROCS)
@pytest.mark.parametrize("words, expected", [
    ([], is_app(1000, 1000, "50 1000 1005", "1", " 0")),
    (["--oom-score-adj=100"], "oom-score-adj: /proc/self/oom_score_adj: "),
    (["--unshare=pid"], is_app(1000, 1000, "50 1000 1005", "1", " 0")),
    (["--unshare=time", "--boot-offset=1s"], "time: /proc/self/"),
])
def test_a_proc_that_is_none(odd, form, words, expected):
    found = odd("/proc", form, "--user=app", "--cap=chown", *words, proc=False)
    assert found[:len(expected)] == expected


@pytest.mark.parametrize("form", PROCS)
def test_a_proc_that_is_none_is_finished_or_named(odd, form):
    found = odd("/proc", form, "--user=app", "--unshare=mount",
                "--standard-mounts", proc=False)
    # The image has no /dev/pts, which comes later.
    place = "/dev/pts" if form == "an empty directory" else "/proc"
    assert found.startswith("mounts: ") and place in found


def test_a_user_namespace_needs_proc(odd):
    assert odd("/proc", "missing", "--user=app", "--unshare=user",
               proc=False).startswith("namespaces: /proc/self/uid_map: ")


def test_a_uid_map_that_is_none_is_not_believed(container, place):
    process = container(
        "--user=app", "--unshare=user", "/bin/readback", proc=False,
        image=place / "busybox", prepare='mkdir "$IMAGE/proc/self"; '
        'echo 0 >"$IMAGE/proc/self/uid_map"')
    assert process.wait() == 125
    assert one_line(process) == (
        "rind: namespaces: /proc/self/uid_map: No such file or directory "
        "(mount /proc)")


def test_a_user_whose_passwd_cannot_be_read_is_not_granted_more(odd):
    assert odd("/etc/passwd", "an empty directory", "--user=root",
               "--unshare=user", "--uid-map=0:100000:65536",
               "--gid-map=0:100000:65536", enter="chroot --userspec=34:34 "
               '--groups= "$IMAGE"').startswith("user: /etc/passwd: ")


def test_a_proc_of_plain_files_is_not_taken_for_one(container, place):
    process = container(
        "--user=app", "--oom-score-adj=100", "/bin/readback", proc=False,
        image=place / "busybox", prepare='mkdir "$IMAGE/proc/self"; '
        ': >"$IMAGE/proc/self/oom_score_adj"')
    assert process.wait() == 125
    assert "oom-score-adj: /proc/self/oom_score_adj: " in one_line(process)


@pytest.mark.parametrize("form", PROCS)
def test_a_dev_that_is_none(odd, form):
    """Nothing needs it, unless a stream is missing."""
    assert odd("/dev", form, "--user=app") == is_app(
        1000, 1000, "50 1000 1005")


@pytest.mark.parametrize("form", PROCS)
def test_a_dev_that_is_none_is_finished_or_named(odd, form):
    found = odd("/dev", form, "--user=app", "--unshare=mount",
                "--standard-mounts")
    if form == "an empty directory":
        assert found == is_app(1000, 1000, "50 1000 1005")
    else:
        assert found.startswith("mounts: ") and "/dev" in found


@pytest.mark.parametrize("path", ["/dev", "/dev/null"])
@pytest.mark.parametrize("form", [form for form in PROCS if form not in (
    "a device", "an empty directory")])
def test_a_closed_stream_is_not_opened_to_what_is_no_null(odd, path, form):
    enter = """sh -c 'exec chroot "$0" "$@" <&-' "$IMAGE\""""
    assert odd(path, form, "--user=app", enter=enter).startswith(
        "streams: stdin: ")
