"""Ten seconds of each fuzz target, from its seeds on: see tests/fuzz.

What was ever found is among the seeds; "./build.sh fuzz" looks for longer.
"""

import concurrent.futures
import os
import re
import shutil
import subprocess

import pytest

import harness
from conftest import need

pytestmark = pytest.mark.whole

SECONDS = 10
# A third of a CPU each: all of it within a minute.
AT_ONCE = 3 * os.cpu_count()
FUZZ = harness.CLONE / "tests" / "fuzz"
TARGETS = re.findall(r'^\t\{ "([a-z-]+)", run_',
                     (FUZZ / "main.c").read_text(), re.M)


def run(name):
    return subprocess.run([FUZZ / "run", str(SECONDS), name], text=True,
                          capture_output=True, check=False)


@pytest.fixture(scope="session")
def runs():
    """The run of each target, all begun with the first."""
    need(shutil.which("clang-14"), "no clang-14: ./build.sh test installs it")
    built = subprocess.run(["make", "-s", "fuzz"], cwd=harness.CLONE,
                           capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(run, name) for name in TARGETS}


def test_each_target_has_seeds():
    assert len(TARGETS) > 15
    assert set(TARGETS) == {path.name for path in (FUZZ / "seeds").iterdir()}


@pytest.mark.parametrize("name", TARGETS)
def test_fuzz(runs, name):
    done = runs[name].result()
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(rf"^{name} .* nothing$", done.stdout, re.M), done.stdout
