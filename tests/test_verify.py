"""A kernel, or a filter, that says yes and does nothing: the app must not
start. strace(1) plays the liar."""

import os
import re
import shutil
import subprocess

import pytest

import harness
from conftest import need
from inside import CAPABILITIES

RIND = str(harness.BUILD / "rind")
WORDS = ["--user=1000:1000", "--cap=chown"]

# strace counts the calls of each process, so a call of the app's that is chosen
# by its place hits one of rind's as well. With these few in the bounding set
# that one only asks for a capability that is not there anyway.
FEW = """chown kill setgid setuid setpcap net_bind_service net_raw sys_chroot
mknod""".split()
NO_KILL = [cap for cap in FEW if cap != "kill"]


@pytest.fixture
def strace(tmp_path):
    """strace(expression, *words) runs rind with the call lying."""
    need(shutil.which("strace"), "strace is not installed")

    def run(*expressions, words=WORDS, few=FEW):
        options = [word for e in expressions for word in ("-e", e)]
        return subprocess.run(
            ["capsh", "--drop=" + ",".join("cap_" + name for name in CAPABILITIES
                                if name not in few),
             "--shell=" + shutil.which("strace"), "--", "-ff", "-qq",
             "-o", "log", *options, RIND, *words, "touch", "ran"],
            cwd=tmp_path, timeout=harness.TIMEOUT, capture_output=True,
            text=True, check=False)

    tmp_path.chmod(0o777)
    return run


def calls_of(tmp_path, process, name):
    """The calls of that name of rind's own, or of the app's process before it
    is the app, in their order: the arguments of each."""
    for log in tmp_path.glob("log.*"):
        text = log.read_text()
        # rind's own log starts with its execve, and its trial has none.
        if "execve(" in text and text.startswith("execve(") == (
                process == RIND_ITSELF):
            return re.findall(rf"^{name}\((.*)\) += ", text, re.MULTILINE)
    raise AssertionError("there is no such process")


def refused(result, tmp_path, what, step="verify",
            reason="read-back mismatch"):
    assert result.returncode == 125
    assert result.stdout == ""
    assert result.stderr == (
        f"rind: {step}: {what}: {reason} "
        "(remove the system call filter that fakes success)\n")
    assert not (tmp_path / "ran").exists()


def test_an_honest_kernel_runs_the_app(strace, tmp_path):
    result = strace("trace=all")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "ran").exists()


@pytest.mark.parametrize("call, what", [
    ("setresuid", "uid or gid"),
    ("setresgid", "uid or gid"),
    ("setgroups", "groups"),
])
def test_a_call_that_lies_is_found_out(strace, tmp_path, call, what):
    result = strace(f"inject={call}:retval=0")
    refused(result, tmp_path, what)


def test_a_way_back_to_capabilities_is_found_out(strace, tmp_path):
    result = strace("inject=capset:retval=0:when=2")
    refused(result, tmp_path, "capabilities", reason="can be regained")


def test_a_way_back_to_root_is_found_out(strace, tmp_path):
    result = strace("inject=setresuid:retval=0:when=2")
    refused(result, tmp_path, "root", reason="can be regained")


@pytest.fixture
def lie(tmp_path):
    """lie(where, words, few): one call of one process returns 0 and does
    nothing, as build/tests/fault has it."""
    def run(where, words, few):
        return subprocess.run(
            ["capsh", "--drop=" + ",".join("cap_" + name for name in CAPABILITIES
                                if name not in few),
             f"--shell={harness.BUILD / 'tests/fault'}", "--", "-a",
             "/touch", "report", where,
             RIND, *words, "/usr/bin/touch", "ran"],
            cwd=tmp_path, timeout=harness.TIMEOUT, capture_output=True,
            text=True, check=False)

    return run


NUMBERS = {
    "x86_64": {"prctl": 157, "capset": 126, "setresuid": 117,
               "setresgid": 119},
    "aarch64": {"prctl": 167, "capset": 91, "setresuid": 147,
                "setresgid": 149},
}[os.uname().machine]
RIND_ITSELF = 0
APP = 1  # the first process after rind itself


@pytest.fixture
def lie_about(strace, lie, tmp_path):
    """lie_about(process, name, arguments, words, few): its one call of that
    name that begins with these arguments lies. prctl does many things: the call
    that is meant is found by its place."""
    def run(process, name, arguments, words, few=FEW):
        assert strace(f"trace=execve,{name}", words=words,
                      few=few).returncode == 0
        (tmp_path / "ran").unlink()
        calls = calls_of(tmp_path, process, name)
        place = 1 + next(i for i, words in enumerate(calls)
                         if words.startswith(arguments))
        return lie(f"{process}:{NUMBERS[name]}:{place}:0", words, few)

    return run


@pytest.mark.parametrize("user, call, what", [
    ("root", "PR_CAPBSET_DROP, CAP_NET_RAW", "bounding set"),
    ("root", "PR_SET_SECUREBITS", "securebits"),
    ("root", "PR_SET_NO_NEW_PRIVS", "no_new_privs"),
    ("1000:1000", "PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE", "capability sets"),
])
def test_a_prctl_that_lies_is_found_out(lie_about, tmp_path, user, call, what):
    refused(lie_about(APP, "prctl", call, [f"--user={user}", "--cap=chown"]),
            tmp_path, what)


@pytest.mark.parametrize("whose, options", [
    (RIND_ITSELF, ["--exec", "--user=root", "--parent-death=TERM"]),
    (APP, ["--user=root", "--die-with-rind"])])
def test_a_lie_about_the_parents_death_is_found_out(lie_about, tmp_path, whose,
                                                    options):
    result = lie_about(whose, "prctl", "PR_SET_PDEATHSIG", options)
    assert result.returncode == 125
    option = options[-1].strip("-").partition("=")[0]
    assert result.stderr == f"rind: {option}: read-back mismatch\n"
    assert not (tmp_path / "ran").exists()


# Without CAP_KILL the app's uid becomes rind's effective one; that change takes
# its capabilities and makes it not dumpable, too.
@pytest.mark.parametrize("few, name, arguments", [
    (FEW, "prctl", "PR_CAPBSET_DROP, CAP_CHOWN"),
    (FEW, "prctl", "PR_CAPBSET_DROP, CAP_NET_RAW"),
    (FEW, "prctl", "PR_SET_SECUREBITS"),
    (FEW, "prctl", "PR_SET_NO_NEW_PRIVS"),
    (FEW, "prctl", "PR_SET_DUMPABLE"),
    (FEW, "capset", ""),
    (NO_KILL, "prctl", "PR_SET_SECUREBITS"),
    (NO_KILL, "prctl", "PR_SET_NO_NEW_PRIVS"),
    (NO_KILL, "setresuid", ""),
])
def test_a_lie_about_rind_itself_is_found_out(lie_about, tmp_path, few, name,
                                              arguments):
    refused(lie_about(RIND_ITSELF, name, arguments, WORDS, few), tmp_path,
            "rind itself", "confine")


@pytest.mark.parametrize("name", ["setresuid", "setresgid"])
def test_a_lie_about_ids_of_its_own_is_found_out(lie_about, tmp_path, name):
    refused(lie_about(RIND_ITSELF, name, "", ["--user=root"], FEW), tmp_path,
            "rind itself", "confine")


def test_a_capset_that_lies_is_found_out(lie_about, tmp_path):
    refused(lie_about(APP, "capset", "", ["--user=root"]), tmp_path,
            "capability sets")


def test_a_capset_that_lies_leaves_nothing_to_make_ambient(lie_about,
                                                           tmp_path):
    result = lie_about(APP, "capset", "", WORDS)
    assert result.returncode == 125
    assert result.stderr == "rind: caps: ambient: Operation not permitted\n"
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("call, line", [
    ("setgroups", "user: 1000:1000: rind may not change its groups (start "
     "rind with CAP_SETGID in a user namespace that allows setgroups)"),
    ("setresgid", "user: gid: Operation not permitted (choose a gid that is "
     "mapped in this user namespace)"),
    ("setresuid", "user: uid: Operation not permitted (choose a uid that is "
     "mapped in this user namespace)"),
])
def test_a_call_that_fails_is_one_line(strace, tmp_path, call, line):
    result = strace(f"inject={call}:error=EPERM")
    assert result.returncode == 125
    assert result.stderr == f"rind: {line}\n"
    assert not (tmp_path / "ran").exists()
