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


def prctls_of_the_app(tmp_path):
    """The app's own calls of prctl in their order: the arguments of each."""
    for log in tmp_path.glob("log.*"):
        text = log.read_text()
        # rind's own log starts with its execve, and its trial has none.
        if "execve(" in text and not text.startswith("execve("):
            return re.findall(r"^prctl\((.*)\) += ", text, re.MULTILINE)
    raise AssertionError("no process became the app")


def refused(result, tmp_path, what):
    assert result.returncode == 125
    assert result.stdout == ""
    assert result.stderr == (
        f"rind: verify: {what}: the kernel says otherwise than asked "
        "(the app was not started)\n")
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


def test_a_capset_that_lies_is_found_out(strace, tmp_path):
    result = strace("inject=capset:retval=0", words=["--user=root"])
    refused(result, tmp_path, "capability sets")


def test_a_way_back_to_capabilities_is_found_out(strace, tmp_path):
    result = strace("inject=capset:retval=0:when=2")
    refused(result, tmp_path, "capabilities can be regained")


def test_a_way_back_to_root_is_found_out(strace, tmp_path):
    result = strace("inject=setresuid:retval=0:when=2")
    refused(result, tmp_path, "root can be regained")


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


PRCTL = {"x86_64": 157, "aarch64": 167}.get(os.uname().machine)
APP = 1  # the first process after rind itself


# prctl does many things: the one call that is meant is found by its place.
@pytest.mark.parametrize("call, what", [
    ("PR_CAPBSET_DROP, CAP_NET_RAW", "bounding set"),
    ("PR_SET_SECUREBITS", "securebits"),
    ("PR_SET_NO_NEW_PRIVS", "no_new_privs"),
    ("PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE", "capability sets"),
])
def test_a_prctl_that_lies_is_found_out(strace, lie, tmp_path, call, what):
    how = {"words": ["--user=root", "--cap=chown"],
           "few": FEW}
    assert strace("trace=execve,prctl", **how).returncode == 0
    (tmp_path / "ran").unlink()
    calls = prctls_of_the_app(tmp_path)
    place = 1 + next(i for i, arguments in enumerate(calls)
                     if arguments.startswith(call))
    result = lie(f"{APP}:{PRCTL}:{place}:0", **how)
    refused(result, tmp_path, what)


def test_a_capset_that_lies_leaves_nothing_to_make_ambient(strace, tmp_path):
    result = strace("inject=capset:retval=0")
    assert result.returncode == 125
    assert result.stderr == "rind: caps: ambient: Operation not permitted\n"
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("call, line", [
    ("setgroups", "user: 1000:1000: rind may not change its groups (needs "
     "CAP_SETGID in a user namespace that allows setgroups)"),
    ("setresgid", "user: gid: Operation not permitted (is it mapped in this "
     "user namespace?)"),
    ("setresuid", "user: uid: Operation not permitted (is it mapped in this "
     "user namespace?)"),
])
def test_a_call_that_fails_is_one_line(strace, tmp_path, call, line):
    result = strace(f"inject={call}:error=EPERM")
    assert result.returncode == 125
    assert result.stderr == f"rind: {line}\n"
    assert not (tmp_path / "ran").exists()
