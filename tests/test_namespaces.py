"""Namespaces: every kind is really new, and nothing of them stays behind."""

import fcntl
import os
import signal
import struct
import subprocess
import termios

import pytest

import harness
from conftest import ROOTLESS, need
from harness import DELAYS, TIMEOUT, children_of, status_of, until

KINDS = {"user": "user", "mount": "mnt", "pid": "pid", "net": "net",
         "ipc": "ipc", "uts": "uts", "cgroup": "cgroup", "time": "time"}
RANGES = "--uid-map=0:100000:65536 --gid-map=0:100000:65536"
WHOLE = "rind --root=busybox --unshare=all --standard-mounts --user=www"


def own(kind):
    return os.readlink(f"/proc/self/ns/{KINDS[kind]}")


def read_links(typed, command, **kwargs):
    names = " ".join(KINDS.values())
    lines = typed.out(f"{command} -- sh -c 'for kind in {names}; do "
                      "readlink /proc/self/ns/$kind; done'", **kwargs).split()
    return dict(zip(KINDS, lines))


# --- each kind ---

@pytest.mark.parametrize("kind", KINDS)
def test_unshare_makes_one_new_namespace_and_no_other(typed, kind):
    links = read_links(typed, f"rind --unshare={kind} --user=www-data")
    assert {k for k in KINDS if links[k] != own(k)} == {kind}


def test_unshare_all_makes_all_of_them(typed, user):
    links = read_links(typed, WHOLE, user=user)
    assert {k for k in KINDS if links[k] != own(k)} == set(KINDS)


def test_kinds_add_up_over_lists_and_repeated_options(typed):
    links = read_links(typed, "rind --unshare=net,ipc --unshare=uts "
                              "--user=www-data")
    assert {k for k in KINDS if links[k] != own(k)} == {"net", "ipc", "uts"}


def test_the_app_cannot_leave_for_the_namespaces_outside(typed):
    out = typed(f"{WHOLE} -- sh -c 'nsenter -t 1 -m true; echo no'")
    assert out.out == "no\n" and "nsenter" in out.err


# --- pid ---

PID = ("rind --root=busybox --unshare=pid,mount --standard-mounts "
       "--user=www")


def test_rind_is_pid_1_and_the_app_is_not(typed):
    out = typed.out(f"{PID} -- sh -c 'echo $$; cat /proc/1/comm'")
    number, name = out.split()
    assert number != "1" and name == "rind"


@pytest.mark.parametrize("code", [0, 1, 42, 125, 255])
def test_exit_codes_come_out_of_a_pid_namespace(typed, user, code):
    process = typed(f"{WHOLE} -- sh -c 'exit {code}'", code=code, user=user)
    assert process.err == ""


def test_a_fatal_signal_comes_out_as_128_plus_its_number(typed):
    typed(f"{PID} -- sh -c 'kill -SEGV $$'", code=139)


@pytest.mark.parametrize("name", ["TERM", "HUP", "USR1", "INT", "RTMIN"])
def test_signals_to_the_outer_reach_the_app_once(typed, user, name):
    number = int(getattr(signal, f"SIG{name}"))
    process = typed.start(
        f"{WHOLE} --stop-grace=100ms -- sh -c "
        f"'trap \"echo got {number}\" {number}; "
        "trap \"echo end; exit 7\" USR2; echo ready; "
        "while :; do sleep 100 & wait $!; done'", user=user)
    process.read_until("ready")
    process.kill(number)
    process.read_until(f"got {number}")
    process.kill("USR2")
    assert process.wait() == 7
    assert process.out == f"ready\ngot {number}\nend\n"


def test_killing_the_outer_kills_all_that_is_inside(typed, user):
    process = typed.start(
        f"{WHOLE} -- sh -c 'setsid sleep 1000 & sleep 1001 & echo ready; "
        "wait'", user=user)
    process.read_until("ready")
    assert len(typed.processes()) >= 4
    process.kill("KILL")
    until(lambda: not typed.processes(), "the end of all inside")
    assert process.wait() == 137


def test_killing_the_inner_is_told_as_a_kill(typed):
    process = typed.start(f"{PID} -- sh -c 'echo ready; exec sleep 1000'")
    process.read_until("ready")
    os.kill(children_of(process.pid)[0], signal.SIGKILL)
    assert process.wait() == 137


def test_orphans_inside_do_not_stay_as_zombies(typed):
    typed(f"{PID} -- sh -c 'for i in $(seq 30); do (true &); done; "
          "while grep -q \"^State:.Z\" /proc/[0-9]*/status; do :; done'")


def test_leftovers_are_asked_before_they_are_killed(typed):
    process = typed(
        f"{PID} -- sh -c 'mkfifo /tmp/f /tmp/g; "
        "(trap \"echo bye; exit\" TERM; echo >/tmp/f; read y <>/tmp/g) & "
        "read x </tmp/f; exit 3'", code=3)
    assert process.out == "bye\n"


def test_the_app_has_the_terminal_and_ctrl_c_reaches_it(typed, user):
    process = typed.start(
        f"{WHOLE} -- sh -c 'trap \"echo interrupted; exit 5\" INT; "
        "read x; echo read $x; while :; do sleep 100 & wait $!; done'",
        tty=True, user=user)
    process.type("words\n")
    process.read_until("read words")
    process.type("\x03")
    assert process.wait() == 5
    assert "interrupted" in process.out


def test_the_window_size_and_its_change_reach_the_app(typed):
    process = typed.start(
        f"{PID} -- sh -c 'trap \"stty size\" WINCH; echo ready; "
        "while :; do sleep 100 & wait $!; done'", tty=True)
    process.read_until("ready")
    fcntl.ioctl(process.terminal, termios.TIOCSWINSZ,
                struct.pack("HHHH", 41, 123, 0, 0))
    process.read_until("41 123")
    process.kill("TERM")
    assert process.wait() == 143


def test_the_outer_holds_no_capability_but_kill(typed):
    process = typed.start(f"{PID} -- sh -c 'echo ready; read x'")
    process.read_until("ready")
    status = status_of(process.pid)
    assert int(status["CapPrm"], 16) in (0, 1 << 5)
    assert status["NoNewPrivs"].strip() == "1"
    process.type("\n")
    assert process.wait() == 0


# --- user ---

def test_root_with_ranges_is_a_non_root_user_of_the_host(typed):
    process = typed.start(f"{WHOLE} {RANGES} -- sh -c 'id -u; read x'")
    process.read_until("33\n")
    inner = children_of(process.pid)[0]
    assert status_of(inner)["Uid"].split()[0] == "100000"
    app, = children_of(inner)
    assert set(status_of(app)["Uid"].split()) == {"100033"}
    assert set(status_of(app)["Gid"].split()) == {"100033"}
    process.type("\n")
    assert process.wait() == 0


def test_root_without_a_map_keeps_all_ids_as_themselves(typed):
    out = typed.out("rind --unshare=user --user=www-data -- "
                    "cat /proc/self/uid_map /proc/self/gid_map")
    assert out.split() == ["0", "0", "4294967295"] * 2


def test_a_user_becomes_root_of_its_own_namespace(typed):
    out = typed.out("rind --unshare=user --user=root -- sh -c 'id -u; id -g; "
                    "cat /proc/self/uid_map /proc/self/setgroups'",
                    user=ROOTLESS)
    assert out.split() == ["0", "0", "0", "34", "1", "deny"]


def test_a_users_own_id_can_be_a_user_of_the_image(typed):
    out = typed.out("rind --root=busybox --unshare=user,mount,pid "
                    "--mount=type=proc,target=/proc --user=www -- sh -c "
                    "'id -u; cat /proc/self/uid_map; touch /x || echo no'",
                    user=ROOTLESS)
    assert out.split() == ["33", "33", "34", "1", "no"]


def test_a_users_own_id_can_have_another_group(typed):
    out = typed.out(f"{WHOLE}:7 -- sh -c 'id -u; id -g; "
                    "cat /proc/self/uid_map /proc/self/gid_map'",
                    user=ROOTLESS)
    assert out.split() == ["33", "7", "33", "34", "1", "7", "34", "1"]


@pytest.fixture
def granted(place):
    """/etc/subuid and /etc/subgid, in the tests' mount namespace alone."""
    grants = place / "subid"
    grants.write_text(f"{ROOTLESS}:200000:65536\n")
    for path in ("/etc/subuid", "/etc/subgid"):
        need(os.path.exists(path), f"no {path}")
        subprocess.run(["mount", "--bind", grants, path], check=True)
    yield
    for path in ("/etc/subuid", "/etc/subgid"):
        subprocess.run(["umount", path], check=True)


SUBRANGES = ("--uid-map=0:34:1 --uid-map=1:200000:65536 "
             "--gid-map=0:34:1 --gid-map=1:200000:65536")


def test_a_user_with_subordinate_ids_has_ranges(granted, typed):
    out = typed.out(f"{WHOLE} {SUBRANGES} -- sh -c 'id -u; id -G; "
                    "cat /proc/self/uid_map'", user=ROOTLESS)
    assert out.split() == ["33", "33", "0", "34", "1", "1", "200000", "65536"]


def test_ids_that_are_not_granted_are_refused_before_anything(granted, typed):
    line = typed.fails(f"{WHOLE} --uid-map=0:200000:65537 -- true",
                       user=ROOTLESS)
    assert ("--uid-map=0:200000:65537: outside ids that the user may not map "
            "(grant them to the user in /etc/subuid)") in line


def test_a_helper_that_may_not_map_is_told_of(granted, typed):
    """no_new_privs takes its setuid bit."""
    rind = f"{typed.place}/rind"
    process = typed(f"rind --user=34:34 -- {rind} --unshare=user {SUBRANGES} "
                    "--user=root -- true", code=125)
    assert process.err.splitlines()[-1] == (
        "rind: namespaces: /usr/bin/newuidmap: the map was refused "
        "(make it setuid root, and start rind without no_new_privs)")


def test_a_helper_that_is_not_there_is_told_of(typed):
    for name in ("subuid", "subgid"):
        (typed.place / "busybox/etc" / name).write_text("34:200000:65536\n")
    assert typed.fails(
        "rind --root=busybox --unshare=mount,pid --mount=type=proc,target=/proc "
        "--mount=type=bind,source={0}/rind,target=/rind --user=34:34 -- "
        "/rind --unshare=user {1} --user=root -- true".format(
            typed.place, SUBRANGES)) == (
        "rind: namespaces: /usr/bin/newuidmap: not found "
        "(install the package uidmap, or map one id alone)\n")


def test_ids_that_are_not_mapped_here_are_refused_to_root(typed):
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", typed.place / "rind",
         "--unshare=user", "--uid-map=0:7:1", "--user=root", "--", "true"],
        capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        125, "rind: namespaces: --uid-map=0:7:1: no such outside ids in "
             "rind's own user namespace (choose ids that /proc/self/uid_map "
             "lists)\n")


@pytest.mark.parametrize("inside", ["1000:0:1", "1000:1000:1"])
def test_root_by_another_number_is_refused_where_it_is_not_asked_for(typed,
                                                                     inside):
    line = typed.fails(f"rind --unshare=user --uid-map={inside} "
                       f"--gid-map={inside} -- cat /etc/shadow")
    assert line.startswith("rind: user: root: the app would run as root")


def test_a_user_of_the_overflow_id_can_be_stopped(typed):
    """Where 0 is not mapped, rind itself reads as 65534 inside."""
    process = typed.start(
        "rind --unshare=user,pid --uid-map=65534:165534:1 "
        "--gid-map=65534:165534:1 --user=65534 -- sh -c "
        "'trap \"exit 3\" TERM; echo ready; while :; do read line; done'")
    process.read_until("ready")
    process.kill("TERM")
    assert process.wait() == 3


def test_a_map_of_foreign_ids_as_a_user_is_refused(typed):
    line = typed.fails("rind --unshare=user --uid-map=0:0:1 --user=root -- id",
                       user=ROOTLESS)
    assert "/etc/subuid" in line


@pytest.mark.parametrize("maps", [
    "--uid-map=0:1000:10 --uid-map=5:5000:10",
    "--uid-map=0:1000:10 --uid-map=20:1009:10",
    "--gid-map=0:4294967290:10",
    "--uid-map=0:0:0",
    "--uid-map=0:1",
    "--uid-map=a:b:c",
    "--uid-map=0:123456789012:1",
    " ".join(f"--uid-map={i}:{i}:1" for i in range(341)),
])
def test_wrong_maps_are_refused_before_anything_is_made(typed, maps):
    trace = typed.place / "trace"
    line = typed.fails(
        f"rind --unshare=user {maps} --user=root -- true",
        strace=f"-o {trace} -e trace=clone,clone3,fork,vfork,unshare,mount")
    assert line.startswith("rind: ")
    assert trace.read_text() == ""


def test_340_lines_of_map_are_taken(typed):
    maps = " ".join(f"--uid-map={2 * i}:{2 * i}:1" for i in range(340))
    out = typed.out(f"rind --unshare=user {maps} --user=www-data -- "
                    "sh -c 'wc -l </proc/self/uid_map'", code=None)
    # The id of www-data, 33, is odd and not mapped.
    assert out == ""
    out = typed.out(f"rind --unshare=user {maps} --user=6:12 -- "
                    "sh -c 'wc -l </proc/self/uid_map'")
    assert out == "340"


def test_pipes_are_given_to_the_app_of_a_range(typed):
    process = typed(f"{WHOLE} {RANGES} -- sh -c 'echo written >/dev/stdout'")
    assert (process.out, process.err) == ("written\n", "")


# --- net, uts, cgroup, time, ipc ---

def test_loopback_is_up(typed, user):
    out = typed.out(f"{WHOLE} -- ifconfig lo", user=user)
    assert "UP LOOPBACK RUNNING" in out and "inet addr:127.0.0.1" in out


def test_a_server_on_loopback_answers(typed, user):
    out = typed.out(
        f"{WHOLE} -- sh -c 'httpd -p 127.0.0.1:8080 -h /var/www; "
        "wget -qO- http://127.0.0.1:8080/'", user=user)
    assert "served from inside" in out


def test_the_hostname_is_set_inside_and_not_outside(typed, user):
    outside = os.uname().nodename
    name = "n" * 64
    assert typed.out(f"{WHOLE} --hostname={name} -- hostname",
                     user=user) == name
    assert os.uname().nodename == outside


def test_a_hostname_of_65_bytes_is_refused(typed):
    assert "64 bytes" in typed.fails(
        f"{WHOLE} --hostname={'n' * 65} -- hostname")


def test_the_cgroup_looks_like_the_root(typed, user):
    out = typed.out(f"{WHOLE} -- cat /proc/self/cgroup", user=user)
    assert {line.split(":", 2)[2] for line in out.split("\n")} == {"/"}


def test_the_clocks_are_moved(typed, user):
    out = typed.out(f"{WHOLE} --boot-offset=100000 --monotonic-offset=1500ms "
                    "-- sh -c 'cat /proc/uptime /proc/self/timens_offsets'",
                    user=user).split()
    assert float(out[0]) > 100000
    assert out[2:] == ["monotonic", "1", "500000000",
                       "boottime", "100000", "0"]


def test_a_clock_may_not_go_below_zero(typed):
    assert "leaves the clock above zero" in typed.fails(
        f"{WHOLE} --monotonic-offset=-1000000 -- true")


def test_the_message_queues_of_the_host_are_not_there(typed, user):
    queues = typed.place / "queues"
    queues.mkdir()
    subprocess.run(["mount", "-t", "mqueue", "mqueue", queues], check=True)
    name = f"rind-{os.getpid()}"
    try:
        (queues / name).touch()
        out = typed.out(f"{WHOLE} -- sh -c 'ls -A /dev/mqueue; "
                        "touch /dev/mqueue/mine && ls /dev/mqueue'", user=user)
        assert out == "mine"
        assert not (queues / "mine").exists()
    finally:
        (queues / name).unlink()
        subprocess.run(["umount", queues], check=True)


# --- --exec ---

def test_exec_becomes_the_app_in_the_new_namespaces(typed):
    out = typed.out("rind --exec --unshare=mount,net,uts --hostname=own "
                    "--tmpfs=/tmp --user=www-data -- sh -c 'hostname; "
                    "ls -A /tmp; echo $PPID'")
    name, parent = out.split()
    assert name == "own" and parent == str(os.getpid())


@pytest.mark.parametrize("kind", ["pid", "user", "all"])
def test_exec_needs_somebody_outside_of_pid_and_user(typed, kind):
    assert "--exec" in typed.fails(
        f"rind --exec --unshare={kind} --user=www-data -- true")


def test_exec_follows_into_the_time_namespace(typed):
    links = read_links(typed, "rind --exec --unshare=time --user=www-data")
    assert links["time"] != own("time")


STAY = ("rind: user: the groups of rind's caller stay: this user "
        "namespace forbids setgroups\n")
MAY_NOT = ("rind: user: root: rind may not change its groups (start rind "
           "with CAP_SETGID in a user namespace that allows setgroups)\n")


@pytest.mark.parametrize("groups, asked, expected", [
    ("34", [], (0, "0\n", "")),
    ("34,27", [], (0, "0 65534\n", STAY)),
    ("34,27", ["--groups=0"], (125, "", MAY_NOT)),
])
def test_the_callers_groups_do_not_stay_without_a_word(
        place, groups, asked, expected):
    """A user namespace of one line: what setgroups may not take, stays."""
    done = subprocess.run(
        ["setpriv", "--reuid=34", "--regid=34", f"--groups={groups}",
         place / "rind", "--unshare=user", "--user=root", *asked, "--",
         "id", "-G"],
        capture_output=True, text=True, check=False,
        timeout=TIMEOUT)
    assert (done.returncode, done.stdout, done.stderr) == expected


# --- without privilege ---

@pytest.mark.parametrize("kind", [k for k in KINDS if k != "user"])
def test_without_privilege_the_error_names_the_user_namespace(typed, kind):
    line = typed.fails(f"rind --unshare={kind} -- true", user=ROOTLESS)
    assert "--unshare=user" in line


# --- nothing is left behind ---

STEPS = [
    ("clone", 1), ("unshare", 1), ("unshare", 2), ("unshare", 4),
    ("unshare", 6), ("setns", 1), ("sethostname", 1), ("setresuid", 1),
    ("setgroups", 1), ("ioctl", 1), ("mount", 1), ("open_tree", 1),
    ("open_tree", 3), ("fsopen", 1), ("fsopen", 3), ("fsmount", 2),
    ("fsconfig", 2), ("mount_setattr", 1), ("mount_setattr", 2),
    ("move_mount", 1), ("move_mount", 4), ("move_mount", 8),
    ("move_mount", 12), ("openat2", 2), ("openat2", 9), ("mkdirat", 1),
    ("symlinkat", 2), ("pivot_root", 1), ("umount2", 1), ("chdir", 1),
]
FULL = (f"{WHOLE} {RANGES} --hostname=h --read-only --tmpfs=/run "
        "--tmpfs=/run/new/deep --mask=/etc/passwd --protect=/etc")


@pytest.mark.parametrize("name,when", STEPS)
def test_a_step_that_fails_leaves_nothing(typed, name, when):
    process = typed(f"{FULL} -- echo started", code=None,
                    strace=f"-o /dev/null -e trace={name} "
                           f"-e inject={name}:error=EIO:when={when}")
    assert process.wait() == 125
    assert process.out == ""
    assert process.err.startswith("rind: ") and process.err.count("\n") == 1


def test_an_ordinary_root_is_pivoted_or_nothing_runs(typed):
    """What is done for an initramfs only hides the old root."""
    assert typed.fails(
        f"{FULL} -- true",
        strace="-o /dev/null -e inject=pivot_root:error=EINVAL") == (
            "rind: root: pivot_root: Invalid argument\n")


@pytest.mark.parametrize("when", list(range(1, 40, 3)) +
                         list(range(40, 230, 10)))
def test_a_start_killed_at_any_step_leaves_nothing(typed, when):
    process = typed(f"{FULL} -- true", code=None,
                    strace="-o /dev/null -e trace=all "
                           f"-e inject=all:signal=KILL:when={when}")
    typed.assert_nothing_left()
    # 125: the app's process was killed before it was the app.
    assert process.wait() in (0, 125, 137)


@pytest.mark.parametrize("when", range(1, 60, 6))
def test_an_outer_killed_while_the_inner_starts_leaves_nothing(typed, when):
    process = typed.start(f"{FULL} -- sleep 1000")
    for _ in range(when):
        os.listdir("/proc")  # a while, longer each time
    process.kill("KILL")
    process.wait()
    typed.assert_nothing_left()


@pytest.mark.whole
def test_an_inside_that_cannot_hear_the_outside_says_so(typed):
    """The one outside cannot either, but has not got so far."""
    for delay in DELAYS:
        err = typed("rind --unshare=pid,mount --user=1000 -- true", 125,
                    strace="-o /dev/null -e trace=read,clone "
                    "-e inject=read:error=EPERM:when=1 "
                    f"-e inject=clone:delay_exit={delay}s").err
        if "the rind inside" not in err:
            break
    assert err == "rind: start: socket: Operation not permitted\n"


@pytest.mark.parametrize("user", ["root", "1000"])
def test_without_cap_kill_the_rind_outside_reaches_the_one_inside(user):
    """Its uid is the only right that it has."""
    words = ["setpriv", "--bounding-set=-kill", str(harness.BUILD / "rind"),
             "--unshare=pid", f"--user={user}", "--", "sh", "-c",
             "echo ready; exec sleep 1000"]
    for number, code in ((signal.SIGTERM, 143), (signal.SIGKILL, 137)):
        process = harness.start(words)
        process.read_until("ready")
        inner = children_of(process.popen.pid)[0]
        process.popen.send_signal(number)
        assert process.wait() == code
        until(lambda: not os.path.exists(f"/proc/{inner}"), "the inner's end")
        process.destroy()
