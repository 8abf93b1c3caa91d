"""rind as the init of a machine with an older kernel (tests/old-kernel)."""

import os
import shutil
import subprocess

import harness
from conftest import need


def test_all_behaves_the_same_on_an_older_kernel():
    need(os.getuid() == 0, "the image holds root's files")
    need(shutil.which("qemu-system-x86_64"), "needs qemu-system-x86")
    ran = subprocess.run([harness.ROOT / "tests" / "old-kernel"], text=True,
                         capture_output=True, timeout=320, check=False)
    lines = ran.stdout.splitlines()
    assert lines and lines[0].startswith("kernel 6."), ran.stderr
    assert [line for line in lines if line.startswith("FAILED")] == []
    assert lines[-1] == "end of the table", ran.stdout
    assert len(lines) > 20
