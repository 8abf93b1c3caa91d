"""The tests do not care where the clone lies, and whose it is."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import harness
from conftest import ROOTLESS, need

pytestmark = pytest.mark.whole

# What is started under other users, from shells, by its name and in an image.
SOME = ["tests/test_smoke.py", "tests/test_start.py", "tests/test_terminal.py"]


@pytest.fixture
def home():
    """A home that only its owner may enter, with a blank in its path."""
    top = Path(tempfile.mkdtemp(prefix="rind-"))
    top.chmod(0o755)
    new = top / "a home"
    new.mkdir()
    yield new
    shutil.rmtree(top)


def own(home, mode):
    """Gives all in it to a user without rights, but what is root's image."""
    home.chmod(mode)
    subprocess.run(["chown", "-R", ROOTLESS, home], check=True)


@pytest.mark.parametrize("inner", [0o755, 0o700])
def test_a_clone_called_rind_in_a_home_with_a_blank_in_its_path(home, inner):
    need(os.getuid() == 0, "root alone enters the home of somebody else")
    clone = home / "rind"
    shutil.copytree(harness.CLONE, clone, symlinks=True,
                    ignore=shutil.ignore_patterns("build", ".git", "__pycache__",
                                                  ".pytest_cache"))
    (clone / "build").mkdir()
    for name in ("rind", "rind-wait-loop", "tests"):
        subprocess.run(["cp", "-a", harness.BUILD / name, clone / "build"],
                       check=True)
    own(home, 0o700)
    clone.chmod(inner)
    subprocess.run([clone / "tests/images/make"], check=True)
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k",
         "not rind-wait-loop", *SOME], cwd=clone, env=environment, text=True,
        stdout=subprocess.PIPE, check=False, timeout=5 * harness.TIMEOUT)
    assert done.returncode == 0, done.stdout
    assert int(re.search(r"^(\d+) passed", done.stdout, re.M)[1]) > 40
    assert "skipped" not in done.stdout
