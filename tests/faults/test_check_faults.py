"""--check while the kernel refuses: what it then cannot know is unknown, and
never better than it is. Each system call is made to fail in turn, as in
test_faults.py; there is no app, so all calls of the process are met."""

import errno
import itertools
import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

import pytest

import harness
from conftest import need
from sweep import CANNOT_FAIL, FAULT, NAMES

pytestmark = pytest.mark.whole

FULL = os.environ.get("RIND_FAULTS") == "all"
ERRORS = ["EACCES", "ENOMEM", "EINTR", "EINVAL", "ENOSYS"]
RANK = ["good", "weak", "bad"]
# None of these holds for root on the host; each is asked about in the table.
BROKEN = ["nonroot", "caps=none", "bounding=none", "no-new-privs", "seccomp",
          "ns=pid", "root=read-only", "mounts=read-only", "masked", "pid1",
          "not-dumpable"]


OWN_UTS = ("unshare", "--uts")


def run(words, where, before=()):
    """rind WORDS with a fault at WHERE, started by BEFORE: its result, and the
    faults' report."""
    with tempfile.NamedTemporaryFile("r") as report:
        done = subprocess.run(
            [*before, FAULT, "-a", "/no-app", report.name, where,
             harness.BUILD / "rind", *words], capture_output=True, text=True,
            check=False, stdin=subprocess.DEVNULL, close_fds=True,
            timeout=harness.TIMEOUT, cwd="/")
        return done, report.read().splitlines()


def faults(words, before):
    """Each call with one error, another one from call to call; of calls that
    come often, the first ones and some of the others. In the full run all."""
    _, report = run(words, "trace", before)
    seen, errors = {}, itertools.cycle(ERRORS)
    for line in report:
        number = int(line.split()[2])
        seen[number] = seen.get(number, 0) + 1
        if NAMES.get(number) in CANNOT_FAIL or (
                not FULL and seen[number] > 40 and seen[number] % 16):
            continue
        for error in ERRORS if FULL else [next(errors)]:
            yield f"0:{number}:{seen[number]}:{getattr(errno, error)}"


def rows_of(text):
    """Name to verdict; a row that is broken up in a terminal is not here."""
    return {line.split()[0]: line.split()[1] for line in text.splitlines()}


def sweep(words, judge, before=()):
    """What JUDGE(result) has to say about each run with a fault."""
    def one(where):
        done, report = run(words, where, before)
        bad = [line for line in report
               if line.startswith(("crash", "hang"))][:3]
        # It may come behind assertions that have been found not to hold.
        if not bad and done.returncode == 125 and re.fullmatch(
                r"(rind: [a-z-]+: [^\n]+\n)+", done.stderr):
            return None
        what = bad or judge(done)
        return what and f"{where}: {what}: {done}"

    tried = list(faults(words, before))
    assert len(tried) > 50
    with ThreadPoolExecutor(2 * os.cpu_count()) as pool:
        return [what for what in pool.map(one, tried) if what]


@pytest.fixture(autouse=True)
def as_root():
    need(os.getuid() == 0, "the verdicts are those about root")


def test_no_row_looks_better_than_it_is():
    honest = rows_of(run(["--check"], "trace")[0].stdout)
    assert honest["uids"] == honest["permitted"] == "bad"

    def judge(done):
        rows = rows_of(done.stdout)
        if done.returncode or rows.keys() != honest.keys():
            return "not the whole table"
        return [name for name, verdict in rows.items()
                if verdict != "unknown" and honest[name] in RANK and
                RANK.index(verdict) < RANK.index(honest[name])]

    assert sweep(["--check"], judge) == []


def test_no_assertion_holds_that_does_not():
    def judge(done):
        if done.returncode != 1:
            return "wrong exit code"
        told = {line.split(": ")[2] for line in done.stderr.splitlines()}
        return sorted(set(BROKEN) - told)

    assert sweep(["--check", *BROKEN], judge) == []


def test_no_namespace_looks_like_its_own_that_is_its_parents():
    """Where its inode alone does not tell it."""
    def judge(done):
        row = re.search(r"^namespaces +(\S+) +(.*)$", done.stdout, re.M)
        return done.returncode or not row or "uts=own" in row[2]

    assert "uts=parent" in run(["--check"], "trace", OWN_UTS)[0].stdout
    assert sweep(["--check"], judge, OWN_UTS) == []
