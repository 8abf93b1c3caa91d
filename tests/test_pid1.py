"""What PID 1 keeps, and that the app cannot reach it."""

import os

import pytest

import harness
from inside import (TMP, as_user, capsh, fields, mask, one_line, only, sets)

NOTHING = mask()
KILL = mask("kill")

# What PID 1 holds: (permitted, effective, bounding); nothing is inheritable
# or ambient.
KEEPS_KILL = [NOTHING, KILL, KILL, KILL, NOTHING]

# Not where the uids differ, and not where they are one.
ATTACKS = """kill ptrace prlimit setpriority sched_setaffinity
sched_setscheduler ioprio_set process_vm_readv pidfd_getfd environ mem maps
root cwd fd fd/2 oom_score_adj""".split() + ["mem for writing"]
REFUSED = {"Operation not permitted", "Permission denied"}
LOOKS = """ptrace process_vm_readv pidfd_getfd environ mem maps root cwd fd
fd/2 oom_score_adj""".split() + ["mem for writing"]


def confinement(text):
    found = fields(text)
    return found["Uid"].split(), sets(text), found["NoNewPrivs"]


def running(container, *words, **kwargs):
    """A container whose app has printed its first line and waits."""
    process = container(*words, "status", "wait", **kwargs)
    process.read_until("UnlockSecureBits")
    return process


def status_text(pid):
    return "\n".join(f"{key}:\t{value}"
                     for key, value in harness.status_of(pid).items())


def test_pid_1_keeps_its_uid_and_cap_kill_alone(container, rind):
    process = running(container, "--user=app", binary=rind)
    assert confinement(status_text(process.pid)) == (
        ["0"] * 4, KEEPS_KILL, "1")


@pytest.mark.parametrize("caps", ["all", "docker", "setuid,setgid"])
def test_pid_1_keeps_no_more_for_an_app_that_holds_much(container, caps):
    process = running(container, "--user=app", f"--cap={caps}")
    assert confinement(status_text(process.pid)) == (
        ["0"] * 4, KEEPS_KILL, "1")


def test_pid_1_keeps_no_more_with_allow_new_privs(container):
    process = running(container, "--user=app", "--allow-new-privs")
    assert confinement(status_text(process.pid)) == (
        ["0"] * 4, KEEPS_KILL, "1")


# Where rind is started as the app's own user, root or not, PID 1 takes ids that
# are nobody's, if it may.
SPARE = "65531"


@pytest.mark.parametrize("words", [[], ["--cap=setuid"], ["--cap=all"],
                                   ["--allow-new-privs"]], ids=str)
def test_pid_1_of_a_root_app_has_ids_of_its_own(container, rind, words):
    process = running(container, "--user=root", *words, binary=rind)
    assert confinement(status_text(process.pid)) == (
        [SPARE] * 4, KEEPS_KILL, "1")
    status = harness.status_of(process.pid)
    assert status["Gid"].split() == [SPARE] * 4
    assert status["Groups"].split() == []
    assert harness.status_of(process.app)["Uid"].split() == ["0"] * 4


def test_a_gid_of_its_own_is_enough_against_limits(container):
    """prlimit(2) compares both; nothing else does."""
    process = container("--user=root", "sh", "-c", "attack; echo ready; cat",
                        enter=only("setgid", "setpcap"))
    process.read_until("ready")
    status = harness.status_of(process.pid)
    assert status["Uid"].split() == ["0"] * 4
    assert status["Gid"].split() == [SPARE] * 4
    assert "prlimit: Operation not permitted" in process.out
    process.kill("TERM")
    assert process.wait() == 143


def test_the_spare_ids_are_not_the_apps(container):
    process = running(container, f"--user={SPARE}", enter=capsh(
        f"--keep=1", f"--gid={SPARE}", f"--uid={SPARE}",
        "--caps=cap_setuid,cap_setgid,cap_kill,cap_setpcap+eip",
        "--addamb=cap_setuid,cap_setgid,cap_kill,cap_setpcap"))
    status = harness.status_of(process.pid)
    assert status["Uid"].split() == ["65530"] * 4
    assert status["Gid"].split() == ["65530"] * 4


def test_the_spare_gid_is_not_the_apps(container):
    process = running(container, f"--user=root:{SPARE}")
    assert harness.status_of(process.pid)["Gid"].split() == ["65530"] * 4


def test_a_user_namespace_that_maps_few_ids_has_a_spare_one(typed):
    process = typed.start("rind --unshare=user,pid --uid-map=0:100000:5 "
                          "--gid-map=0:100000:5 --user=root -- sh -c "
                          "'echo ready; read line'")
    process.read_until("ready")
    inner = harness.children_of(process.pid)[0]
    assert harness.status_of(inner)["Uid"].split() == ["100003"] * 4
    process.type("\n")
    assert process.wait() == 0


def test_where_no_other_id_is_mapped_the_uid_stays(typed):
    process = typed.start("rind --verbose --unshare=user,pid "
                          "--uid-map=0:100000:1 --gid-map=0:100000:1 "
                          "--user=root -- sh -c 'echo ready; read line'")
    process.read_until("ready")
    inner = harness.children_of(process.pid)[0]
    assert harness.status_of(inner)["Uid"].split() == ["100000"] * 4
    assert harness.status_of(inner)["CapEff"] == NOTHING
    process.type("\n")
    assert process.wait() == 0
    assert "confine: uid: PID 1 has that of the app" in process.err


def test_pid_1_started_as_the_user_holds_nothing(container):
    process = running(container, enter=as_user(1000))
    uid, caps, no_new_privs = confinement(status_text(process.pid))
    assert uid == ["1000"] * 4 and no_new_privs == "1"
    assert caps[:3] == [NOTHING] * 3 and caps[4] == NOTHING


@pytest.mark.parametrize("words, expected", [
    (["--user=app"], (["0"] * 4, KEEPS_KILL, "1")),
    (["--user=app", "--cap=all"], (["0"] * 4, KEEPS_KILL, "1")),
    (["--user=root"], (["65531"] * 4, KEEPS_KILL, "1")),
])
def test_pid_1_is_confined_before_the_apps_first_instruction(
        container, rind, words, expected):
    process = container(*words, "cat", "/proc/1/status", binary=rind)
    assert process.wait() == 0
    assert confinement(process.out) == expected


def test_pid_1_works_in_the_root_directory(container):
    process = running(container, "--user=app",
                      enter=capsh().replace("exec", "cd /tmp; exec"))
    assert os.path.samefile(f"/proc/{process.pid}/cwd",
                            f"/proc/{process.pid}/root")
    assert os.readlink(f"/proc/{process.app}/cwd").endswith("/tmp")


def test_pid_1_stays_in_the_root_directory_with_a_workdir(container):
    process = running(container, "--user=app", "--workdir=/home/app")
    assert os.path.samefile(f"/proc/{process.pid}/cwd",
                            f"/proc/{process.pid}/root")
    assert os.readlink(f"/proc/{process.app}/cwd").endswith("/home/app")


def test_pid_1_keeps_stderr_and_what_it_waits_on_and_no_other(container,
                                                              rind):
    process = running(container, "--user=app", "--keep-fd=7", binary=rind,
                      prepare='exec 7<"$IMAGE/etc/passwd" 9<"$IMAGE"')

    def descriptors():
        try:
            return {fd: os.readlink(f"/proc/{process.pid}/fd/{fd}")
                    for fd in os.listdir(f"/proc/{process.pid}/fd")}
        except FileNotFoundError:
            return None  # one was closed in between

    # PID 1 may still be closing the pipe that has told of the exec.
    harness.until(lambda: len(descriptors() or "1234") <= 3,
                  "PID 1 with three descriptors")
    found = descriptors()
    assert found.pop("2").startswith("pipe:")
    assert set(found.values()) == {"anon_inode:[signalfd]",
                                   "anon_inode:[pidfd]"}


# Not dumpable: /proc/PID belongs to root then, whosever the process is.
@pytest.mark.parametrize("words, enter", [
    ([], as_user(1000)),
    (["--user=app"], only("setuid", "setgid")),
])
def test_pid_1_with_the_apps_uid_is_not_dumpable(container, words, enter):
    process = running(container, *words, enter=enter)
    assert harness.status_of(process.pid)["Uid"].split()[1] == "1000"
    assert os.stat(f"/proc/{process.pid}/environ").st_uid == 0
    assert os.stat(f"/proc/{process.app}/environ").st_uid == 1000


# Attacks


@pytest.mark.parametrize("user", ["app", "www", "4242:0"])
def test_another_uid_cannot_touch_pid_1(container, rind, user):
    process = container(f"--user={user}", "attack", binary=rind)
    assert process.wait() == 0
    results = dict(line.split(": ") for line in process.out.splitlines())
    assert sorted(results) == sorted(ATTACKS)
    assert set(results.values()) <= REFUSED


@pytest.mark.parametrize("words, enter", [
    ([], as_user(1000)),
    (["--user=app"], only("setuid", "setgid")),
])
def test_the_same_uid_cannot_look_into_pid_1(container, words, enter):
    process = container(*words, "attack", enter=enter)
    assert process.wait() == 0
    results = dict(line.split(": ") for line in process.out.splitlines())
    assert {results[name] for name in LOOKS} <= REFUSED


@pytest.mark.parametrize("words", [[], ["--cap=net_admin,sys_chroot"]], ids=str)
def test_a_root_app_cannot_touch_pid_1(container, rind, words):
    process = container("--user=root", *words, "attack", binary=rind)
    assert process.wait() == 0
    results = dict(line.split(": ") for line in process.out.splitlines())
    assert sorted(results) == sorted(ATTACKS)
    assert set(results.values()) <= REFUSED


def test_an_app_that_may_become_anybody_cannot_look_into_pid_1(container):
    """By the uid that PID 1 has."""
    process = container("--user=root", "--cap=setuid,setgid,kill", "become",
                        SPARE, "attack")
    assert process.wait() == 0
    results = dict(line.split(": ") for line in process.out.splitlines())
    assert {results[name] for name in LOOKS} <= REFUSED


def test_without_cap_kill_the_app_cannot_signal_pid_1_which_can_signal_it(
        container, rind):
    process = container("--user=app", "sh", "-c", "attack; echo ready; cat",
                        binary=rind, enter=only("setuid", "setgid"))
    process.read_until("ready")
    results = dict(line.split(": ") for line in process.out.splitlines()
                   if ": " in line)
    # PID 1's effective uid is the app's, and setpriority(2) and the like go by
    # that one.
    left = {name for name, result in results.items() if result not in REFUSED}
    assert left <= {"setpriority", "sched_setaffinity", "sched_setscheduler"}
    process.kill("TERM")
    assert process.wait() == 143


# Still in command


def test_an_app_that_changed_its_uid_is_signalled(container, rind):
    process = container("--user=www", "--cap=setuid", "become", "1000",
                        "sh", "-c", "echo ready; cat", binary=rind)
    process.read_until("ready")
    assert harness.status_of(process.app)["Uid"].split() == ["1000"] * 4
    process.kill("TERM")
    assert process.wait() == 143


def test_what_an_app_leaves_under_another_uid_is_killed(container, rind):
    process = container(
        "--user=www", "--cap=setuid", "--stop-grace=0", "sh", "-c",
        "become 1000 sh -c 'trap \"\" TERM; echo ready; sleep 1000' & "
        "read line", binary=rind)
    process.read_until("ready")
    process.type("\n")
    assert process.wait() == 0


def test_a_subreaper_kills_what_an_app_leaves_under_another_uid(plain, rind):
    become = harness.BUILD / "tests" / "become"
    process = plain(
        "--user=1000", "--cap=setuid", "--stop-grace=0", "sh", "-c",
        f"{become} 1001 sh -c 'trap \"\" TERM; echo pid $$ ready; "
        "sleep 1000 & wait; wait' & read line", binary=rind)
    pid = int(process.read_until("ready").split()[1])
    assert harness.status_of(pid)["Uid"].split() == ["1001"] * 4
    process.type("\n")
    assert process.wait() == 0
    assert not os.path.exists(f"/proc/{pid}")


SETUID_PROGRAM = TMP + ('; cp "$IMAGE/bin/status" "$IMAGE/tmp/setuid"'
                        '; chmod 4755 "$IMAGE/tmp/setuid"')


def test_a_setuid_program_is_signalled(container, rind):
    process = container("--user=app", "--allow-new-privs", "/tmp/setuid",
                        "wait", binary=rind, prepare=SETUID_PROGRAM)
    process.read_until("UnlockSecureBits")
    assert harness.status_of(process.app)["Uid"].split()[1:] == ["0"] * 3
    process.kill("TERM")
    assert process.wait() == 143


def test_a_setuid_program_that_is_root_in_full_is_signalled(container, rind):
    process = container("--user=app", "--allow-new-privs", "/tmp/become",
                        "0", "sh", "-c", "echo ready; cat", binary=rind,
                        prepare=TMP + '; cp "$IMAGE/bin/become" '
                        '"$IMAGE/tmp"; chmod 4755 "$IMAGE/tmp/become"')
    process.read_until("ready")
    assert harness.status_of(process.app)["Uid"].split() == ["0"] * 4
    process.kill("TERM")
    assert process.wait() == 143


def test_the_apps_user_itself_cannot_stop_the_container(container):
    process = container("--user=app", "sh", "-c", "kill -TERM 1; echo $?")
    assert process.wait() == 0
    assert process.out == "1\n"


def test_rind_refuses_to_be_a_setuid_program(container):
    process = container("--user=root", "echo", "ran",
                        enter=as_user(1000).replace(
                            "exec \"$0\" \"$@\"", "shift; exec /tmp/rind "
                            "\"$@\""),
                        prepare=TMP + '; cp "$IMAGE/rind" "$IMAGE/tmp"; '
                        'chmod 4755 "$IMAGE/tmp/rind"')
    assert process.wait() == 125
    assert one_line(process).startswith("rind: start: setuid: ")
