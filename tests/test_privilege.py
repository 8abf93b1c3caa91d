"""What rind itself has beyond its caller, and what comes along with it."""

import ctypes
import os
import subprocess

import pytest

import harness
from conftest import ROOTLESS

SYS_KEYCTL = {"x86_64": 250, "aarch64": 219}[os.uname().machine]
SYS_ADD_KEY = {"x86_64": 248, "aarch64": 217}[os.uname().machine]
JOIN_SESSION, READ, SESSION = 1, 11, -3
libc = ctypes.CDLL(None, use_errno=True)


MORE_RIGHTS = ("rind: start: setuid: rind has more rights than its caller "
               "(run setcap -r on the file rind)\n")


def make_capable(typed, caps):
    (typed.place / "rind").unlink()
    subprocess.run(["cp", typed.place.parent / "rind", typed.place],
                   check=True)
    subprocess.run(["setcap", caps, typed.place / "rind"], check=True)


@pytest.mark.parametrize("caps", ["cap_sys_admin+ep", "cap_net_raw+p"])
def test_a_rind_with_file_capabilities_refuses_to_run(typed, caps):
    make_capable(typed, caps)
    assert typed.fails("rind -- id", user=ROOTLESS) == MORE_RIGHTS


def test_a_root_that_is_none_is_a_caller_as_any_other(typed):
    make_capable(typed, "cap_net_raw+ep")
    process = subprocess.run(
        ["setpriv", "--securebits=+noroot", typed.place / "rind", "--user=0",
         "--", "id"], stderr=subprocess.PIPE, text=True, check=False)
    assert (process.returncode, process.stderr) == (125, MORE_RIGHTS)


def test_root_may_give_rind_file_capabilities(typed):
    make_capable(typed, "cap_net_raw+ep")
    assert typed.out("rind --user=0 -- id -u") == "0"


def test_ambient_capabilities_are_the_callers_own(typed):
    out = typed.out(f"rind --user=1000 --cap=net_raw -- {typed.place}/rind "
                    "--cap=net_raw -- grep CapEff /proc/self/status")
    assert out.split() == ["CapEff:", "0000000000002000"]


@pytest.fixture
def secret():
    """A key in a session keyring that the test's children inherit."""
    def hold():
        assert libc.syscall(SYS_KEYCTL, JOIN_SESSION, None) > 0
        assert libc.syscall(SYS_ADD_KEY, b"user", b"rind-secret", b"psst", 4,
                            SESSION) > 0
    return hold


READER = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
key = libc.syscall({keyctl}, 10, -3, b"user", b"rind-secret", 0)
text = ctypes.create_string_buffer(16)
print(libc.syscall({keyctl}, 11, key, text, 16) > 0 and text.value.decode())
""".format(keyctl=SYS_KEYCTL)


@pytest.mark.parametrize("option", ["", "--exec"])
def test_the_keys_of_who_starts_rind_stay_his(typed, secret, option):
    words = ["/usr/bin/python3", "-c", READER]
    told = subprocess.run(words, preexec_fn=secret, capture_output=True,
                          check=True)
    assert told.stdout == b"psst\n"
    rind = [typed.place / "rind", "--user=1000", *option.split(), "--"]
    told = subprocess.run([*rind, *words], preexec_fn=secret,
                          timeout=harness.TIMEOUT, capture_output=True,
                          check=True)
    assert told.stdout == b"False\n"
