"""The file system beside runc's: each difference is in docs/mounts.md."""

import fnmatch
import os
import re
import shutil
import subprocess

import pytest

from conftest import need
from harness import ROOT, TIMEOUT

pytestmark = pytest.mark.whole


def test_each_difference_from_runc_has_its_reason_in_the_documentation():
    need(os.getuid() == 0, "runc's default needs root")
    need(shutil.which("runc"), "no runc here")
    text = (ROOT / "docs/mounts.md").read_text()
    known = re.findall(r"^\| `((?:mount|file|name) [^`]+)` \|", text, re.M)
    done = subprocess.run([ROOT / "tests/compare-runc", "differences"],
                          capture_output=True, text=True, timeout=TIMEOUT)
    assert done.returncode == 0, done.stderr
    unknown = [line for line in done.stdout.splitlines()
               if not any(fnmatch.fnmatchcase(line.split("\t")[0], pattern)
                          for pattern in known)]
    assert not unknown
    # Both were really looked at: these differ on every machine.
    for thing in ("mount /proc", "mount /tmp", "mount /dev/null"):
        assert f"{thing}\t" in done.stdout


def test_the_documented_table_is_the_one_that_the_program_has():
    text = (ROOT / "docs/mounts.md").read_text()
    mounts = (ROOT / "setup/mounts/standard_mounts.c").read_text()
    rows = re.findall(r'\.target = "(/\S+)",\s+\.kind = MOUNT_(\w+),', mounts)
    assert len(rows) == 8
    for target, kind in rows:
        assert f"| `{target}` | {kind.lower()} |" in text
    covers = (ROOT / "sys/standard_paths.c").read_text()
    paths = set(re.findall(r'"(/(?:proc|sys)/[^"\\]+)', covers))
    assert len(paths) == 15
    for path in paths:
        assert f"`{path}`" in text
