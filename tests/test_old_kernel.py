"""rind as the init of a machine with another kernel (tests/old-kernel)."""

import os
import shutil
import subprocess

import pytest

import harness
from conftest import need


@pytest.mark.parametrize("suite, version", [
    ("bullseye", "5.10."), (None, "6."), ("trixie", "6.12.")])
def test_all_behaves_the_same_on_another_kernel(suite, version):
    need(os.getuid() == 0, "the image holds root's files")
    need(shutil.which("qemu-system-x86_64"), "needs qemu-system-x86")
    ran = subprocess.run(
        [harness.ROOT / "tests" / "old-kernel", *filter(None, [suite])],
        text=True, capture_output=True, timeout=320, check=False)
    need(ran.returncode != 3, f"the mirror no longer has {suite}")
    lines = ran.stdout.splitlines()
    assert lines and lines[0].startswith(f"kernel {version}"), ran.stderr
    assert [line for line in lines if line.startswith("FAILED")] == []
    assert lines[-1] == "end of the table", ran.stdout
    assert len(lines) > 25
