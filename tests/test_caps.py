"""--cap and --allow-new-privs: what the app holds, and can ever hold."""

from pathlib import Path

import pytest

import harness
from inside import (CAPABILITIES, TMP, as_user, capsh, fields, mask, one_line,
                    only, sets, without)

NOTHING = mask()
BOUNDING = harness.status_of("self")["CapBnd"]

DOCKER = """chown dac_override fowner fsetid kill setgid setuid setpcap
net_bind_service net_raw sys_chroot mknod audit_write setfcap""".split()

SETUID_PROGRAM = TMP + ('; cp "$IMAGE/bin/status" "$IMAGE/tmp/setuid"'
                        '; chmod 4755 "$IMAGE/tmp/setuid"')


def file_capability(value):
    """prepare: /tmp/able, a shell with this file capability."""
    return TMP + ('; cp "$IMAGE/bin/status" "$IMAGE/tmp/able"; '
                  f'setcap {value} "$IMAGE/tmp/able"')


def printed_sets(process):
    assert process.wait() == 0, process.err
    return sets(process.out)


def test_without_an_option_every_set_is_empty(container):
    process = container("--user=app", "cat", "/proc/self/status")
    assert printed_sets(process) == [NOTHING] * 5


def held(user, caps):
    """The five sets of an app with CAPS. Root's pass nothing on: its uid does.
    """
    passed_on = mask() if user == "root" else caps
    return [passed_on, caps, caps, caps, passed_on]


@pytest.mark.parametrize("user", ["app", "root"])
@pytest.mark.parametrize("words, caps", [
    (["--cap=none"], []),
    (["--cap=chown"], ["chown"]),
    (["--cap=chown,net_raw"], ["chown", "net_raw"]),
    (["--cap=cap_chown"], ["chown"]),
    (["--cap=CAP_NET_BIND_SERVICE,Chown"], ["net_bind_service", "chown"]),
    (["--cap=chown,chown"], ["chown"]),
    (["--cap=chown", "--cap=kill"], ["chown", "kill"]),
    (["--cap", "checkpoint_restore"], ["checkpoint_restore"]),
    (["--cap=docker"], DOCKER),
    (["--cap=Docker,sys_nice"], [*DOCKER, "sys_nice"]),
])
def test_the_sets_are_the_list(container, user, words, caps):
    process = container(f"--user={user}", *words, "cat", "/proc/self/status")
    assert printed_sets(process) == held(user, mask(*caps))


@pytest.mark.parametrize("user", ["app", "root"])
def test_an_exec_of_the_apps_own_keeps_them(container, user):
    process = container(f"--user={user}", "--cap=chown", "sh", "-c",
                        "cat /proc/self/status")
    assert printed_sets(process) == held(user, mask("chown"))


def test_root_does_not_regain_by_an_exec_what_it_has_dropped(container):
    process = container("--user=root", "--cap=chown", "dropcaps", "sh", "-c",
                        "cat /proc/self/status")
    assert printed_sets(process) == [NOTHING, NOTHING, NOTHING, mask("chown"),
                                     NOTHING]


def test_root_that_leaves_its_uid_loses_them(container):
    process = container("--user=root", "--cap=chown,setuid", "become", "1000",
                        "cat", "/proc/self/status")
    assert printed_sets(process) == [NOTHING, NOTHING, NOTHING,
                                     mask("chown", "setuid"), NOTHING]


def test_a_daemon_may_keep_them_over_its_own_change_of_uid(container):
    process = container("--user=root", "--cap=chown,setuid", "keepcaps",
                        "1000")
    assert process.wait() == 0, process.err
    assert fields(process.out)["Uid"].split() == ["1000"] * 4
    assert sets(process.out)[1] == mask("chown", "setuid")
    assert sets(process.out)[2] == NOTHING  # it raises them itself


def test_no_other_user_can_leave_its_uid_with_them(container):
    process = container("--user=app", "--cap=chown", "keepcaps", "33")
    assert process.wait() == 1
    assert process.err == "keepcaps: Operation not permitted\n"


@pytest.mark.parametrize("words", [
    ["--cap=all"], ["--cap=ALL"], ["--cap=chown,all"],
    ["--cap=all", "--cap=chown"]])
def test_all_is_the_whole_bounding_set(container, words):
    process = container("--user=app", *words, "cat", "/proc/self/status")
    assert printed_sets(process) == [BOUNDING] * 5


def test_all_is_what_the_engine_left(container):
    process = container("--user=app", "--cap=all", "cat", "/proc/self/status",
                        enter=only("setuid", "setgid", "setpcap", "kill"))
    assert printed_sets(process) == [
        mask("setuid", "setgid", "setpcap", "kill")] * 5


def test_every_capability_of_the_kernel_has_its_name(container):
    names = [name for bit, name in enumerate(CAPABILITIES)
             if int(BOUNDING, 16) >> bit & 1]
    process = container("--user=app", "--cap=" + ",".join(names),
                        "cat", "/proc/self/status")
    assert printed_sets(process) == [BOUNDING] * 5


# The app on port 80, in a network of its own

NETWORK = "unshare --net " + harness.CHROOT


def test_a_user_serves_port_80_with_that_capability_alone(container):
    process = container("--user=www", "--cap=net_bind_service",
                        "httpd", "-f", "-p", "80", "-h", "/var/www",
                        enter=NETWORK)

    def listens():
        sockets = Path(f"/proc/{process.app}/net/tcp6").read_text()
        sockets += Path(f"/proc/{process.app}/net/tcp").read_text()
        return ":0050 " in sockets and " 0A " in sockets

    harness.until(listens, "a listener on port 80")
    status = harness.status_of(process.app)
    assert status["Uid"].split() == ["33"] * 4
    assert status["CapEff"] == mask("net_bind_service")
    process.kill("TERM")
    assert process.wait() == 143


def test_a_user_cannot_serve_port_80_without_it(container):
    process = container("--user=www", "httpd", "-f", "-p", "80",
                        enter=NETWORK)
    assert process.wait() == 1
    assert "Permission denied" in process.err


# What root is, and what an exec gives


def test_root_cannot_do_what_is_not_listed(container):
    process = container("--user=root", "--cap=chown", "sh", "-c",
                        "chown app /tmp/x && mkdir /tmp/x/y",
                        prepare=TMP + '; mkdir -m 700 "$IMAGE/tmp/x"')
    assert process.wait() == 1
    assert process.err == ("mkdir: can't create directory '/tmp/x/y': "
                           "Permission denied\n")


@pytest.mark.parametrize("user", ["app", "root"])
@pytest.mark.parametrize("more", [[], ["--allow-new-privs"]])
def test_a_setuid_root_program_gains_nothing_beyond_the_list(
        container, user, more):
    process = container(f"--user={user}", "--cap=chown", *more,
                        "/tmp/setuid", prepare=SETUID_PROGRAM)
    assert process.wait() == 0
    for name in ("CapPrm", "CapEff", "CapBnd", "CapInh", "CapAmb"):
        assert int(fields(process.out)[name], 16) & ~int(mask("chown"), 16) == 0


def test_a_setuid_root_program_stays_the_user(container):
    process = container("--user=app", "/tmp/setuid", prepare=SETUID_PROGRAM)
    assert process.wait() == 0
    assert fields(process.out)["Uid"].split() == ["1000"] * 4
    assert sets(process.out) == [NOTHING] * 5


def test_a_setuid_root_program_is_root_with_allow_new_privs(container):
    process = container("--user=app", "--cap=chown", "--allow-new-privs",
                        "/tmp/setuid", prepare=SETUID_PROGRAM)
    assert process.wait() == 0
    found = fields(process.out)
    assert found["Uid"].split() == ["1000", "0", "0", "0"]
    assert found["CapEff"] == mask("chown")
    assert found["NoNewPrivs"] == "0"


def test_no_new_privs_is_on_without_an_option(container):
    process = container("--user=root", "--cap=all", "cat",
                        "/proc/self/status")
    assert process.wait() == 0
    assert fields(process.out)["NoNewPrivs"] == "1"


# The lock of NO_SETUID_FIXUP, with NOROOT and its lock
@pytest.mark.parametrize("user, more, bits", [
    ("app", [], "b"), ("app", ["--allow-new-privs"], "8"),
    ("app", ["--cap=setuid"], "b"),
    ("root", [], "8"), ("root", ["--allow-new-privs"], "8")])
def test_securebits_are_set_and_locked(container, user, more, bits):
    process = container(f"--user={user}", "--cap=setpcap", *more, "status")
    assert process.wait() == 0
    found = fields(process.out)
    assert found["SecureBits"] == bits
    assert found["UnlockSecureBits"] == "Operation not permitted"


# An app that has dropped all it held, and runs a program that has a
# capability of its own.
DROP = ["setpriv", "--ambient-caps=-net_raw", "--inh-caps=-net_raw",
        "sh", "-c"]


def test_file_capabilities_are_ignored(container):
    process = container("--user=app", "--cap=net_raw", *DROP, "/tmp/able",
                        prepare=file_capability("cap_net_raw+p"))
    assert process.wait() == 0
    assert fields(process.out)["CapPrm"] == NOTHING


def test_file_capabilities_work_with_allow_new_privs(container):
    process = container("--user=app", "--cap=net_raw", "--allow-new-privs",
                        *DROP, "/tmp/able",
                        prepare=file_capability("cap_net_raw+p"))
    assert process.wait() == 0
    assert fields(process.out)["CapPrm"] == mask("net_raw")


def test_file_capabilities_never_exceed_the_list(container):
    process = container("--user=app", "--cap=chown", "--allow-new-privs",
                        "/tmp/able",
                        prepare=file_capability("cap_net_raw,cap_chown+p"))
    assert process.wait() == 0
    assert fields(process.out)["CapPrm"] == mask("chown")


def test_a_program_that_insists_on_its_file_capabilities_says_so(container):
    process = container("--user=app", "/tmp/able",
                        prepare=file_capability("cap_net_raw+ep"))
    assert process.wait() == 126
    assert one_line(process) == (
        "rind: exec: /tmp/able: Operation not permitted (list its file "
        "capabilities in --cap, or remove them with setcap -r)")


# What is refused


@pytest.mark.parametrize("caps, line", [
    ("nosuch", "--cap=nosuch: no such capability"),
    ("chown,nosuch", "--cap=chown,nosuch: no such capability"),
    ("cap_", "--cap=cap_: no such capability"),
    ("cap_cap_chown", "--cap=cap_cap_chown: no such capability"),
    ("chow", "--cap=chow: no such capability"),
    ("0", "--cap=0: no such capability"),
    ("chown, kill", "--cap=chown, kill: no such capability"),
    ("", "--cap=: an empty item in the list"),
    ("chown,", "--cap=chown,: an empty item in the list"),
    (",chown", "--cap=,chown: an empty item in the list"),
    ("chown,,kill", "--cap=chown,,kill: an empty item in the list"),
    ("none,chown", "--cap=none,chown: "),
    ("chown,none", "--cap=chown,none: "),
])
def test_a_list_that_is_none_is_refused(plain, caps, line):
    process = plain("--user=1000", f"--cap={caps}", "echo", "ran")
    assert process.wait() == 125
    assert one_line(process).startswith("rind: options: " + line)


@pytest.mark.parametrize("words", [
    ["--cap=none,chown"], ["--cap=chown,NONE"]])
def test_none_stands_alone(plain, words):
    process = plain("--user=1000", *words, "echo", "ran")
    assert process.wait() == 125
    assert one_line(process).endswith(': "none" stands alone')


def test_none_may_be_said_twice(container):
    process = container("--user=app", "--cap=none", "--cap=none",
                        "cat", "/proc/self/status")
    assert printed_sets(process) == [NOTHING] * 5


@pytest.mark.parametrize("caps, name", [
    ("sys_admin", "sys_admin"), ("chown,sys_admin", "sys_admin"),
    ("CAP_NET_RAW,sys_admin", "net_raw")])
def test_what_the_engine_withholds_cannot_be_listed(container, caps, name):
    process = container("--user=app", f"--cap={caps}", "echo", "ran",
                        enter=without("sys_admin", "net_raw"))
    assert process.wait() == 125
    assert one_line(process) == (
        f"rind: caps: {name}: not in the bounding set (grant it: "
        f"docker run --cap-add={name.upper()})")


# Started as a user


def test_a_user_with_nothing_to_drop_is_fine(container):
    process = container("status", enter=as_user(1000))
    assert process.wait() == 0
    found = fields(process.out)
    assert [found[name] for name in ("CapInh", "CapPrm", "CapEff",
                                     "CapAmb")] == [NOTHING] * 4
    assert found["NoNewPrivs"] == "1"


def test_a_user_with_nothing_to_drop_may_say_none(container):
    process = container("--cap=none", "true", enter=as_user(1000))
    assert process.wait() == 0
    assert process.err == ""


def test_a_user_cannot_allow_new_privs_over_a_full_bounding_set(container):
    process = container("--allow-new-privs", "echo", "ran",
                        enter=as_user(1000))
    assert process.wait() == 125
    assert one_line(process) == (
        "rind: caps: bounding set: rind may not change it (start "
        "rind as root, with docker run --cap-add=SETPCAP)")


def no_capability_at_all():
    drop = ",".join("cap_" + name for name in CAPABILITIES)
    return capsh(f"--drop={drop}", "--gid=1000", "--groups=1000",
                 "--uid=1000")


def test_a_user_could_not_signal_setuid_programs_and_says_so(container):
    process = container("--allow-new-privs", "echo", "ran",
                        enter=no_capability_at_all())
    assert process.wait() == 125
    assert one_line(process).startswith(
        "rind: confine: CAP_KILL: missing, and with --allow-new-privs the app "
        "can become a user that rind cannot signal (")


def test_a_user_may_allow_new_privs_where_nobody_supervises(container):
    process = container("--exec", "--allow-new-privs", "status",
                        enter=no_capability_at_all())
    assert process.wait() == 0
    assert sets(process.out) == [NOTHING] * 5
    assert fields(process.out)["NoNewPrivs"] == "0"


def test_a_user_cannot_list_what_it_lacks(container):
    process = container("--cap=chown", "echo", "ran", enter=as_user(1000))
    assert process.wait() == 125
    assert one_line(process) == ("rind: caps: chown: rind does not hold it "
                                 "itself (start rind as root, or with "
                                 "CAP_CHOWN)")


def test_a_user_keeps_what_an_engine_has_given_it(container):
    process = container(
        "--cap=net_bind_service", "cat", "/proc/self/status",
        enter=capsh("--keep=1", "--gid=1000", "--groups=1000", "--uid=1000",
                    "--caps=cap_net_bind_service,cap_setpcap+eip",
                    "--addamb=cap_net_bind_service,cap_setpcap"))
    assert printed_sets(process) == [mask("net_bind_service")] * 5


# docker run --cap-drop=ALL --cap-add=...


def test_setuid_and_setgid_are_enough_and_pid_1_signals_as_the_app(container):
    process = container("--user=app", "status", "wait",
                        enter=only("setuid", "setgid"))
    process.read_until("UnlockSecureBits")
    # Real, effective, saved: the app's own right to signal goes by two of them.
    for pid, uids, gid in ((process.pid, ["0", "1000", "0", "1000"], "0"),
                           (process.app, ["1000"] * 4, "1000")):
        status = harness.status_of(pid)
        assert status["Uid"].split() == uids
        assert status["Gid"].split() == [gid] * 4
        assert status["NoNewPrivs"] == "1"
        for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
            assert status[name] == NOTHING
    assert harness.status_of(process.pid)["Groups"].split() == []
    process.kill("TERM")
    assert process.wait() == 143


def test_capabilities_are_kept_without_setpcap(container):
    names = ["chown", "kill", "setuid", "setgid"]
    process = container("--user=app", "--cap=all", "status",
                        enter=only(*names))
    assert process.wait() == 0, process.err
    assert printed_sets(process) == [mask(*names)] * 5


def test_a_user_that_pid_1_cannot_take_is_an_error(container):
    process = container(
        "--user=app", "status", enter="strace -f -qq -o /dev/null "
        "--inject=setresuid:error=EPERM " + only("setuid", "setgid"))
    assert process.wait() == 125
    # What the app's process says of its streams may come before.
    assert process.err.splitlines()[-1] == (
        "rind: confine: user: Operation not permitted")


def test_with_setpcap_too_nothing_is_left_in_the_bounding_set(container):
    process = container("--user=app", "status", "wait",
                        enter=only("setuid", "setgid", "setpcap"))
    process.read_until("UnlockSecureBits")
    for pid in (process.pid, process.app):
        assert harness.status_of(pid)["CapBnd"] == NOTHING
    process.kill("TERM")
    assert process.wait() == 143


@pytest.mark.parametrize("words, engine, line", [
    (["--cap=setuid"], ["setuid", "setgid"],
     "caps: bounding set: rind may not change it (start rind as root, with "
     "docker run --cap-add=SETPCAP)"),
    (["--allow-new-privs"], ["setuid", "setgid"],
     "caps: bounding set: rind may not change it (start rind as root, with "
     "docker run --cap-add=SETPCAP)"),
    (["--cap=setuid,setgid"], ["setuid", "setgid"],
     "confine: CAP_KILL: missing, and with --cap=setuid the app can become a "
     "user that rind cannot signal (start rind with CAP_KILL: docker run "
     "--cap-add=KILL)"),
    (["--cap=setuid"], ["setuid", "setgid", "setpcap"],
     "confine: CAP_KILL: missing, and with --cap=setuid the app can become a "
     "user that rind cannot signal (start rind with CAP_KILL: docker run "
     "--cap-add=KILL)"),
    (["--allow-new-privs"], ["setuid", "setgid", "setpcap"],
     "confine: CAP_KILL: missing, and with --allow-new-privs the app can "
     "become a user that rind cannot signal (start rind with CAP_KILL: docker "
     "run --cap-add=KILL)"),
])
def test_an_app_that_pid_1_could_not_signal_is_refused(container, words,
                                                       engine, line):
    process = container("--user=app", *words, "echo", "ran",
                        enter=only(*engine))
    assert process.wait() == 125
    assert one_line(process) == "rind: " + line


@pytest.mark.parametrize("engine, line", [
    (["kill"], "user: app: rind may not change its user (start rind as root, "
     "with docker run --cap-add=SETUID)"),
    (["setuid"], "user: app: rind may not change its group (start rind as "
     "root, with docker run --cap-add=SETGID)"),
])
def test_root_that_cannot_change_its_user_says_what_is_missing(
        container, engine, line):
    process = container("--user=app", "echo", "ran", enter=only(*engine))
    assert process.wait() == 125
    assert one_line(process).startswith("rind: " + line)


def test_streams_that_cannot_be_given_away_are_a_warning_only(container):
    process = container("--user=app", "echo", "ran", enter=without("chown"))
    assert process.wait() == 0
    assert process.out == "ran\n"
    assert process.err == (
        "rind: streams: not given to the app's user: Operation not permitted "
        "(start rind with CAP_CHOWN, or opening /dev/stdout may fail)\n")


# An inner rind, and what the outer one has locked

RIND = str(harness.BUILD / "rind")
ALL_SETS = "grep Cap /proc/self/status"


@pytest.mark.parametrize("outer", ["", "--allow-new-privs"])
@pytest.mark.parametrize("inner", ["--user=1000", "--user=root"])
@pytest.mark.parametrize("more", ["", "--allow-new-privs"])
def test_below_a_rind_for_root_each_app_gets_its_own(plain, outer, inner,
                                                     more):
    process = plain("--user=root", "--cap=all", *outer.split(), "--", RIND,
                    inner, *more.split(), "--cap=chown", "sh", "-c", ALL_SETS)
    assert printed_sets(process) == held(inner[7:], mask("chown"))


# Below another user's rind uid 0 gives nothing.
def test_below_a_rind_for_another_user_root_gets_the_list(plain):
    process = plain("--user=1000", "--cap=setuid,setgid,setpcap,kill,chown",
                    "--", RIND, "--user=root", "--cap=chown", "sh", "-c",
                    ALL_SETS)
    assert printed_sets(process) == [mask("chown")] * 5


def test_below_a_rind_for_another_user_setuid_programs_stay_off(plain):
    """But in a user namespace, which has securebits of its own."""
    outer = ["--user=1000", "--cap=all", "--", RIND]
    inner = ["--user=1001", "--allow-new-privs"]
    refused = plain(*outer, *inner, "true")
    assert refused.wait() == 125
    assert refused.err == (
        "rind: caps: securebits: Operation not permitted (add "
        "--unshare=user: an outer program has locked them)\n")
    allowed = plain(*outer, "--unshare=user", *inner, "sh", "-c", "exit 7")
    assert allowed.wait() == 7, allowed.err
