"""Fixtures: rind as PID 1 in a container, and as a plain process."""

import os

import pytest

import harness


def pytest_report_header(config):
    release = os.uname().release
    return f"kernel {release}, uid {os.getuid()}"


def need(condition, reason):
    """Skips with REASON, or fails where nothing may be skipped."""
    if condition:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"cannot run here: {reason}")
    pytest.skip(reason)


@pytest.fixture(params=["rind", "rind-wait-loop"])
def rind(request):
    """Both ways of reaping: the kernel's, and the loop of older kernels."""
    return request.param


@pytest.fixture
def container():
    """container(*words, binary="rind", proc=True, tty=False, prepare="",
    image=IMAGE, enter=CHROOT, **popen) runs rind with WORDS as PID 1 inside the image."""
    need(os.getuid() == 0, "namespaces need root")
    started = []

    def run(*words, binary="rind", proc=True, tty=False, prepare="",
            image=harness.IMAGE, enter=harness.CHROOT, **kwargs):
        command = harness.namespace_command([f"/{binary}", *words],
                                            image, proc, prepare, enter)
        process = harness.start(command, tty=tty, pid1=True, **kwargs)
        started.append(process)
        return process

    yield run
    for process in started:
        process.destroy()


@pytest.fixture
def plain():
    """plain(*words, binary="rind", tty=False, **popen) runs rind on the host,
    where it is not PID 1."""
    started = []

    def run(*words, binary="rind", tty=False, **kwargs):
        process = harness.start([str(harness.BUILD / binary), *words],
                                tty=tty, **kwargs)
        started.append(process)
        return process

    yield run
    for process in started:
        process.destroy()
