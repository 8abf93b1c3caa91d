"""--check: a process as it is shown, and what can be asserted about it."""

import ctypes
import json
import os
import re
import subprocess

import pytest

import harness

KNOWN = ("nonroot user group groups caps bounding securebits no-new-privs "
         "seccomp ns not-host root mounts masked fds pid1 not-pid1 "
         "not-dumpable no-tracer").split()
RIND = str(harness.BUILD / "rind")
HARDEN = ("mount -t tmpfs -o ro tmpfs \"$IMAGE/sys\"; "
          "for p in sys irq bus fs sysrq-trigger; do "
          "f=\"$IMAGE/proc/$p\"; [ ! -e \"$f\" ] || "
          "{ mount --bind \"$f\" \"$f\"; mount -o remount,bind,ro \"$f\"; }; "
          "done; "
          "for p in kcore keys timer_list latency_stats sched_debug; do "
          "f=\"$IMAGE/proc/$p\"; [ ! -e \"$f\" ] || "
          "mount --bind /dev/null \"$f\"; done; "
          "for p in acpi scsi asound; do f=\"$IMAGE/proc/$p\"; "
          "[ ! -e \"$f\" ] || mount -t tmpfs -o ro tmpfs \"$f\"; done")
READ_ONLY = "mount -o remount,bind,ro \"$IMAGE\""


def rows_of(text):
    """The table as {name: (verdict, value)}."""
    return {line[:17].strip(): (line[17:26].strip(), line[26:])
            for line in text.splitlines()}


@pytest.fixture
def confined(container):
    """confined(*words) is rind --check WORDS as the app of a container."""
    def run(*words, options=(), check="--check", **kwargs):
        process = container("--user=app", *options, "--", "/rind", check,
                            *words, **kwargs)
        return process.wait(), process
    return run


@pytest.fixture
def root(container):
    """The same as PID 1 of the container: root with all there is."""
    def run(*words, check="--check", **kwargs):
        process = container(check, *words, **kwargs)
        return process.wait(), process
    return run


def test_a_confined_app_looks_good(confined):
    code, process = confined()
    rows = rows_of(process.out)
    assert code == 0 and process.err == ""
    assert rows["uids"] == ("good", "1000")
    assert rows["gids"] == ("good", "1000")
    for name in ("permitted", "effective", "inheritable", "bounding",
                 "ambient"):
        assert rows[name] == ("good", "none")
    assert rows["no-new-privs"] == ("good", "on")
    assert rows["securebits"][0] == "good"
    assert rows["descriptors"][0] == "good"
    assert rows["tracer"] == ("good", "none")
    assert rows["root"] == ("weak", "writable")


def test_unconfined_root_looks_bad(root):
    code, process = root()
    rows = rows_of(process.out)
    assert code == 0
    assert rows["process"] == ("-", "1, rind")
    assert rows["uids"] == ("bad", "0")
    assert rows["permitted"][0] == "bad"
    assert rows["no-new-privs"] == ("weak", "off")
    assert "/proc/sys" in rows["unprotected"][1]
    assert rows["unprotected"][0] == "bad"
    assert "pid=own" in rows["namespaces"][1]


def test_a_user_on_the_host_may_ask(plain):
    process = plain("--check", user=65534, group=65534, extra_groups=[])
    assert process.wait() == 0
    rows = rows_of(process.out)
    assert rows["uids"] == ("good", "65534")
    assert rows["groups"] == ("good", "none")
    assert rows["effective"] == ("good", "none")
    assert "user=" in rows["namespaces"][1]


@pytest.mark.whole
def test_what_cannot_be_known_without_proc_is_unknown(confined):
    code, process = confined(proc=False)
    rows = rows_of(process.out)
    assert code == 0
    for name in ("lsm", "namespaces", "uid-map", "writable-mounts", "tracer",
                 "cgroup"):
        assert rows[name] == ("unknown", "unknown")
    assert rows["uids"] == ("good", "1000")
    assert rows["permitted"] == ("good", "none")
    assert rows["seccomp"][1] in ("off", "filter")
    assert rows["descriptors"] == ("good", "0 unknown, 1 unknown, 2 unknown")


def test_the_unknown_does_not_hold(confined):
    code, process = confined("no-tracer", "nonroot", proc=False)
    assert code == 1
    assert process.err == "rind: check: no-tracer: tracer unknown\n"


def test_a_directory_called_proc_is_not_believed(container):
    lie = ("mkdir -p \"$IMAGE/tmp/lie/self\"; "
           "mount --bind \"$IMAGE/tmp/lie\" \"$IMAGE/proc\"; "
           "printf 'Name:\\tx\\nTracerPid:\\t0\\n' >"
           "\"$IMAGE/proc/self/status\"")
    process = container("--check", "no-tracer", proc=False, prepare=lie)
    assert process.wait() == 1


# An assertion, where it holds, and where it does not.
APP = {"where": "app"}
ROOT = {"where": "root"}
HARD = {"where": "root", "prepare": HARDEN}
SEALED = {"where": "root", "prepare": READ_ONLY}
ASSERTIONS = [
    ("nonroot", APP, ROOT),
    ("user=app", APP, ROOT), ("user=1000", APP, ROOT),
    ("user=root", ROOT, APP),
    ("group=app", APP, ROOT), ("group=0", ROOT, APP),
    ("groups=none", {"where": "app", "options": ["--groups=app"]},
     {"where": "app", "options": ["--groups=33"]}),
    ("groups=www,50", {"where": "app", "options": ["--groups=www,staff"]},
     {"where": "app", "options": ["--groups=www"]}),
    ("caps=none", APP, ROOT),
    ("caps=kill,CAP_CHOWN", {"where": "app",
                             "options": ["--cap=chown,kill"]}, APP),
    ("bounding=none", APP, ROOT),
    ("bounding=kill", {"where": "app", "options": ["--cap=kill"]}, APP),
    ("securebits=locked", APP, ROOT),
    ("no-new-privs", APP,
     {"where": "app", "options": ["--allow-new-privs"]}),
    ("not-host=mount,pid,ipc,uts", APP, None),
    ("not-host=net", None, ROOT),
    ("ns=pid", ROOT, None), ("ns=user", None, ROOT),
    ("root=read-only", SEALED, ROOT),
    ("mounts=read-only", SEALED, ROOT),
    ("masked", HARD, ROOT),
    ("fds=standard", APP, None), ("fds=3", APP, None), ("fds=4", None, APP),
    ("pid1", ROOT, APP), ("not-pid1", APP, ROOT),
    ("no-tracer", APP, None),
    ("not-dumpable", None, APP),
]


@pytest.mark.parametrize("assertion,good,bad", ASSERTIONS,
                         ids=[row[0] for row in ASSERTIONS])
def test_an_assertion_holds_or_is_named(confined, root, assertion, good, bad):
    for case, want in ((good, 0), (bad, 1)):
        if case is None:
            continue
        case = dict(case)
        run = {"app": confined, "root": root}[case.pop("where")]
        code, process = run(assertion, **case)
        assert process.out == ""
        assert (code, bool(process.err)) == (want, bool(want)), process.err
        if want:
            assert process.err.startswith(f"rind: check: {assertion}: ")
            assert process.err.count("\n") == 1


def test_each_that_does_not_hold_has_its_line(root):
    code, process = root("nonroot", "pid1", "no-new-privs")
    assert code == 1
    assert process.err == ("rind: check: nonroot: uids 0\n"
                           "rind: check: no-new-privs: no-new-privs off\n")


def test_one_more_descriptor_is_seen(plain):
    here = os.open("/", os.O_RDONLY)
    process = plain("--check", "fds=standard", pass_fds=[here])
    assert process.wait() == 1
    assert f"{here} /" in process.err
    shown = plain("--check", pass_fds=[here])
    os.close(here)
    assert shown.wait() == 0
    assert rows_of(shown.out)["descriptors"][0] == "bad"


def test_a_seccomp_filter_is_seen(plain):
    class Filter(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    allow = ctypes.create_string_buffer(
        (6).to_bytes(2, "little") + bytes(2)
        + (0x7fff0000).to_bytes(4, "little"), 8)
    libc = ctypes.CDLL(None, use_errno=True)

    def filter_all():
        program = Filter(1, ctypes.addressof(allow))
        libc.prctl(38, 1, 0, 0, 0)
        if libc.prctl(22, 2, ctypes.byref(program), 0, 0):
            raise OSError(ctypes.get_errno(), "seccomp")

    with_filter = plain("--check", "seccomp", preexec_fn=filter_all)
    assert with_filter.wait() == 0, with_filter.err
    shown = plain("--check", preexec_fn=filter_all)
    assert shown.wait() == 0
    assert rows_of(shown.out)["seccomp"][1].startswith("filter, filters=")
    without = plain("--check", "seccomp")
    if harness.status_of("self")["Seccomp"] == "0":
        assert without.wait() == 1


def test_the_machines_own_namespaces_are_told_by_their_inodes(plain):
    if os.readlink("/proc/self/ns/uts") != "uts:[4026531838]":
        pytest.skip("the tests run in a UTS namespace of their own")
    process = plain("--check", "not-host=uts")
    assert process.wait() == 1
    assert " uts=host," in process.err


INNER = "unshare --uts sh -c '{}; true'"


def namespaces_seen(script, **kwargs):
    """{kind: whose} of the rind --check that SCRIPT runs."""
    done = subprocess.run(
        ["sh", "-c", script], env={**os.environ, "CHECK": f"{RIND} --check"},
        capture_output=True, text=True, check=True, **kwargs)
    return dict(item.split("=") for item in
                rows_of(done.stdout)["namespaces"][1].split(", "))


@pytest.mark.parametrize("script, whose", [
    (INNER.format("$CHECK"), "parent"),
    (INNER.format("unshare --uts $CHECK"), "own"),
    ("unshare -pf --mount-proc unshare --uts $CHECK", "own"),
    ("unshare -pf --mount-proc --uts sh -c \"" + INNER.format(
        "nsenter --uts=/proc/1/ns/uts $CHECK") + "; true\"", "pid1"),
    ("unshare -pf --mount-proc sh -c 'unshare --uts setpriv --reuid=33 "
     "--clear-groups $CHECK; true'", "unknown"),
])
def test_a_namespace_is_told_by_whom_it_is_shared_with(script, whose):
    assert namespaces_seen(script)["uts"] == whose


@pytest.mark.parametrize("pid", ["", "--pid --fork --mount-proc"])
def test_a_pid_1_that_may_not_be_asked_is_known_if_it_is_the_hosts(pid):
    is_hosts = not pid and (
        os.readlink("/proc/self/ns/pid") == "pid:[4026531836]")
    script = INNER.format("unshare --uts $CHECK").replace(
        "unshare --uts sh", "setpriv --reuid=33 --clear-groups unshare "
        "--map-root-user --uts sh")
    if pid:
        script = f"unshare {pid} sh -c \"{script}; true\""
    seen = namespaces_seen(script)["uts"]
    assert seen == ("own" if is_hosts else "unknown")


def test_namespaces_that_are_all_new_are_good(typed):
    rows = rows_of(typed.out(
        "rind --unshare=all --root=busybox --standard-mounts --user=www "
        "--mount=type=bind,source={0}/rind,target=/rind -- /rind --check"
        .format(typed.place)))
    assert rows["namespaces"][0] == "good"
    assert "host" not in rows["namespaces"][1]


def test_the_group_of_root_is_a_weakness(plain):
    process = plain("--check", user=33, group=33, extra_groups=[0])
    assert process.wait() == 0
    assert rows_of(process.out)["groups"] == ("weak", "0")


def test_a_thousand_groups_are_all_shown(plain, sleeper):
    groups = list(range(100001, 101001))
    pid = sleeper(user=33, group=33, extra_groups=groups)
    process = plain(f"--check={pid}")
    assert process.wait() == 0
    assert rows_of(process.out)["groups"] == (
        "good", ", ".join(map(str, groups)))


def test_all_capabilities_are_shown_as_one_word():
    done = subprocess.run(["unshare", "--user", "--map-root-user", RIND,
                           "--check"], capture_output=True, text=True,
                          check=True)
    assert rows_of(done.stdout)["effective"] == ("bad", "all")


def test_a_file_that_cannot_be_read_is_not_an_unknown_user(container):
    process = container(
        "--check", "user=app", prepare='mount -t tmpfs none "$IMAGE/etc"; '
        'mkdir "$IMAGE/etc/passwd"')
    assert process.wait() == 125
    assert process.err.startswith("rind: user: /etc/passwd: ")


def test_a_cgroup_that_is_not_mounted_has_no_known_limits():
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c",
         f"umount -Rl /sys/fs/cgroup && exec {RIND} --check"],
        capture_output=True, text=True, check=True)
    verdict, value = rows_of(done.stdout)["cgroup"]
    assert verdict == "unknown" and "memory=unknown" in value


@pytest.fixture
def sleeper():
    """sleeper(**popen) is another process, and how rind's words name it."""
    started = []

    def run(words=("sleep", "60"), **kwargs):
        popen = subprocess.Popen(words, stdin=subprocess.DEVNULL, **kwargs)
        started.append(popen)
        return popen.pid
    yield run
    for popen in started:
        popen.kill()
        popen.wait()


def test_another_process_is_looked_at(plain, sleeper):
    pid = sleeper(user=33, group=33, extra_groups=[50])
    process = plain(f"--check={pid}")
    assert process.wait() == 0
    rows = rows_of(process.out)
    assert rows["process"][1] == f"{pid}, sleep"
    assert rows["uids"] == ("good", "33")
    assert rows["groups"] == ("good", "50")
    assert rows["securebits"] == ("unknown", "unknown")
    assert rows["dumpable"] == ("weak", "yes")
    held = plain(f"--check={pid}", "nonroot", "user=33", "groups=50",
                 "caps=none", "not-pid1", "no-tracer")
    assert held.wait() == 0, held.err


def test_pid_1_is_looked_at_from_inside(container):
    process = container("--user=root", "--allow-new-privs", "--", "sh", "-c",
                        "/rind --check=1 pid1 not-dumpable no-new-privs; "
                        "echo $?; /rind --check=1 nonroot not-pid1; echo $?")
    assert process.wait() == 0
    assert process.out.split()[-1] == "1"
    assert "check: not-pid1: " in process.err
    assert "check: not-dumpable" not in process.err


def test_pid_1_of_a_root_app_is_looked_at_from_inside(container):
    """It has a user of its own, whose /proc/1 is, as root's would be the app's."""
    process = container("--user=root", "--", "sh", "-c",
                        "/rind --check=1 pid1 nonroot no-new-privs; echo $?; "
                        "/rind --check=1 not-dumpable; echo $?")
    assert process.wait() == 0
    assert process.out.split() == ["0", "1"]


def test_a_process_that_is_not_dumpable_is_told_by_its_owner(plain, sleeper):
    read, write = os.pipe()
    pid = sleeper(["/usr/bin/python3", "-c",
                   "import ctypes, os, time\n"
                   "ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)\n"
                   f"os.close({write}); time.sleep(60)"],
                  user=33, group=33, pass_fds=[write])
    os.close(write)
    assert os.read(read, 1) == b""
    os.close(read)
    process = plain(f"--check={pid}", "not-dumpable", "nonroot")
    assert process.wait() == 0, process.err


def test_a_tracer_is_seen(plain, sleeper):
    pid = sleeper()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(0x4206, pid, None, None):  # PTRACE_SEIZE
        pytest.skip("ptrace: " + os.strerror(ctypes.get_errno()))
    process = plain(f"--check={pid}", "no-tracer")
    assert process.wait() == 1
    assert process.err == f"rind: check: no-tracer: tracer {os.getpid()}\n"


def test_an_app_that_is_dumpable_is_told_by_its_owner(plain, sleeper):
    pid = sleeper([RIND, "--user=33", "--", "sleep", "60"])
    app = harness.until(lambda: harness.children_of(pid), "the app")[0]
    harness.until(lambda: harness.command_line(app) == ["sleep", "60"],
                  "the app's exec")
    process = plain(f"--check={app}", "not-dumpable")
    assert process.wait() == 1


def test_json_has_every_row_and_what_failed(root):
    code, process = root("nonroot", "pid1", check="--check=json")
    data = json.loads(process.out)
    assert code == 1
    assert data["failed"] == ["nonroot"]
    assert data["rows"]["uids"] == {"verdict": "bad", "values": ["0"]}
    assert data["rows"]["process"]["verdict"] is None
    table = root()[1].out
    assert list(data["rows"]) == list(rows_of(table))


@pytest.mark.whole
def test_json_says_null_for_the_unknown(confined):
    _, process = confined(check="--check=json", proc=False)
    rows = json.loads(process.out)["rows"]
    assert rows["cgroup"] == {"verdict": "unknown", "values": None}


def test_a_digit_behind_a_blank_in_a_mount_point_stays_one(container):
    place = harness.IMAGE / "tmp" / "a 1"
    place.mkdir()
    try:
        process = container("--check", prepare="d=\"$IMAGE/tmp/a 1\"; "
                            "mount --bind \"$IMAGE/etc\" \"$d\"")
        assert process.wait() == 0, process.err
    finally:
        place.rmdir()
    assert "/tmp/a 1" in process.out


def test_json_survives_hostile_names(container):
    name = b"a \"b\\\n\x01\xff'"
    host = str(harness.IMAGE).encode() + b"/tmp/" + name
    os.makedirs(host, exist_ok=True)
    try:
        octal = "".join(f"\\{byte:03o}" for byte in name)
        process = container(
            "--check=json", prepare="d=$(printf '%b_' '" + octal.replace(
                "\\", "\\0") + "'); d=\"$IMAGE/tmp/${d%_}\"; "
            "mount --bind \"$IMAGE/etc\" \"$d\"")
        assert process.wait() == 0, process.err
    finally:
        os.rmdir(host)
    assert process.seen["out"].isascii()
    points = json.loads(process.out)["rows"]["writable-mounts"]["values"]
    assert "/tmp/a \"b\\\\\\n\\x01\\xff'" in points


def test_json_survives_a_hostile_process_name(plain, sleeper, tmp_path):
    path = os.fsencode(tmp_path) + b"/\"\\\n\xff}"
    os.symlink(b"/bin/sleep", path)
    pid = sleeper([path, b"60"])
    harness.until(lambda: harness.command_line(pid), "the exec")
    process = plain(f"--check=json,{pid}")
    assert process.wait() == 0
    data = json.loads(process.out)
    assert data["rows"]["process"]["values"][0] == str(pid)
    assert len(data["rows"]["process"]["values"]) == 2


@pytest.mark.parametrize("words,says", [
    (["--check", "frobnicate"], "no such assertion (write one of nonroot, "),
    (["--check", "nonroot=yes"], "takes no value"),
    (["--check", "caps"], "needs a value (write caps=none|LIST)"),
    (["--check", "caps=flying"], "no such capability"),
    (["--check", "caps="], "an empty item"),
    (["--check", "caps=none,kill"], "\"none\" stands alone"),
    (["--check", "user=nosuch"], "no such user"),
    (["--check", "user=4294967295"], "not a number from 0"),
    (["--check", "groups=nosuch"], "no such group"),
    (["--check", "fds=-1"], "neither a number nor"),
    (["--check", "ns=moon"], "no such namespace"),
    (["--check", "ns="], "no such namespace"),
    (["--check", "root=rw"], "no such value (write root=read-only)"),
    (["--check", "--", "nonroot"], "no such assertion"),
    (["--check=yaml"], "neither json nor a process id"),
    (["--check=0"], "neither json nor a process id"),
    (["--check="], "neither json nor a process id"),
    (["--check=json,"], "neither json nor a process id"),
    (["--check=1,2"], "more than one process"),
    (["--check=4194304"], "no such process"),
    (["--user=1", "--check"], "options before it would not be in force"),
])
def test_nonsense_is_an_error_before_anything_is_printed(plain, words, says):
    process = plain(*words)
    assert process.wait() == 125
    assert process.out == ""
    assert process.err.startswith("rind: ") and process.err.count("\n") == 1
    assert says in process.err


def test_an_unknown_one_among_known_ones_is_an_error(root):
    code, process = root("nonroot", "nonrooot")
    assert code == 125
    assert process.err.startswith("rind: check: nonrooot: no such assertion")
    assert all(name in process.err for name in KNOWN)


def test_another_process_without_proc_is_an_error(container):
    process = container("--check=1", proc=False)
    assert process.wait() == 125
    assert "there is no /proc" in process.err


def test_colour_is_for_terminals_only(plain):
    assert "\033" not in plain_out(plain, {})
    shown = plain_out(plain, {}, tty=True)
    assert "\033[" in shown and "weak" in shown
    assert "\033[" in plain_out(plain, {"NO_COLOR": ""}, tty=True)
    assert "\033" not in plain_out(plain, {"NO_COLOR": "1"}, tty=True)


def plain_out(plain, variables, tty=False):
    process = plain("--check", tty=tty, env={**os.environ, **variables})
    assert process.wait() == 0
    return process.out


def test_the_table_is_aligned_and_fits_a_terminal(plain):
    shown = plain_out(plain, {"NO_COLOR": "1"}, tty=True).splitlines()
    assert all(re.match(r"([a-z-]+ +| {17})(good|weak|bad|unknown|-| ) ", line)
               and line[25] == " " for line in shown)
    lines = [line for line in shown if ", " in line]
    assert lines and max(map(len, lines)) <= 80


@pytest.mark.parametrize("columns, broken", [(60, True), (200, True),
                                             (40, False)])
def test_the_table_is_as_wide_as_the_terminal(columns, broken):
    process = harness.start(
        ["sh", "-c", f"stty cols {columns}; NO_COLOR=1 exec {RIND} --check"],
        tty=True)
    assert process.wait() == 0
    lines = process.out.splitlines()
    assert any(line.startswith(" ") for line in lines) == broken
    if broken:
        several = [line for line in lines if ", " in line]
        assert columns / 2 < max(map(len, several)) <= columns


def test_full_disk_is_an_error(plain):
    with open("/dev/full", "w") as full:
        process = plain("--check", stdout=full)
        assert process.wait() == 125
    assert "stdout" in process.err


def test_it_is_fit_for_a_healthcheck(container):
    process = container("--user=app", "--", "sh", "-c",
                        "/rind --check nonroot no-new-privs caps=none "
                        "bounding=none && echo healthy; "
                        "/rind --check=1 not-pid1 || echo sick $?")
    assert process.wait() == 0
    assert process.out == "healthy\nsick 1\n"


def test_the_manual_lists_each_assertion_and_each_row(plain):
    section = (harness.ROOT / "rind.8").read_text().split(".Ss Rows")[1]
    section = section.split(".Sh SIGNALS")[0]
    entries = re.findall(r"^\.It (.*)", section, re.M)
    assertions = {name for entry in entries if entry.startswith("Cm ")
                  for name in entry[3:].split(" Ns ")[0].split(" , ")}
    rows = {name for entry in entries if not entry.startswith("Cm ")
            for name in entry.split(" , ")}
    process = plain("--check", "nosuch")
    assert process.wait() == 125
    known = process.err.split("(write one of ")[1].rstrip(")\n").split(", ")
    assert assertions == {name.rstrip("=") for name in known}
    shown = plain("--check")
    assert shown.wait() == 0
    assert rows == set(rows_of(shown.out))
