"""rind as the init of another machine: an older kernel, or an aarch64
(tests/emulated)."""

import os
import shutil
import subprocess

import pytest

import harness
from conftest import need

pytestmark = pytest.mark.whole


# Seconds of the emulated machine's: a minute at most where nobody else wants
# the CPUs.
PATIENCE = 1200


@pytest.mark.parametrize("suite, architecture, version", [
    ("bullseye", "amd64", "5.10."), ("", "amd64", "6."),
    ("trixie", "amd64", "6.12."), ("bookworm", "arm64", "6.1.")])
def test_all_behaves_the_same_elsewhere(suite, architecture, version):
    need(os.getuid() == 0, "the image holds root's files")
    for program in ("qemu-system-x86_64", "qemu-system-aarch64",
                    "aarch64-linux-gnu-gcc"):
        need(shutil.which(program), f"needs {program}")
    ran = subprocess.run(
        [harness.CLONE / "tests" / "emulated", suite, architecture],
        text=True, capture_output=True, timeout=3 * PATIENCE, check=False,
        env={**os.environ, "TIMEOUT": str(PATIENCE)})
    need(ran.returncode != 3, f"the mirror no longer has {suite}")
    lines = ran.stdout.splitlines()
    assert lines and lines[0].startswith(f"kernel {version}"), ran.stderr
    assert [line for line in lines if line.startswith("FAILED")] == []
    assert lines[-1] == "end of the table", ran.stdout
    assert len(lines) > 25
