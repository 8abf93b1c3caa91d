"""Faults: the app runs with exactly what was asked, or not at all.

"./build.sh faults" tries every call with every error. In the suite each call is
tried once, of the two longest configurations one in six: they are the third
long one in other circumstances.
"""

import os

import pytest

from sweep import CONFIGURATIONS, STDERRS, Sweep

pytestmark = pytest.mark.whole

FULL = os.environ.get("RIND_FAULTS") == "all"


@pytest.fixture(params=CONFIGURATIONS)
def sweep(request, place):
    started = Sweep(place, CONFIGURATIONS[request.param])
    started.name = request.param
    started.trace()
    yield started
    started.end()


def check(sweep, kind, faults, capsys):
    wrong, met = sweep.all_of(faults)
    with capsys.disabled():
        print(f"\n{sweep.name}: {kind}: {len(faults)} faults tried, "
              f"{met} met, {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong)
    # The last calls of PID 1's race with the app's own start.
    assert met >= len(faults) * 0.9 - 2


def test_a_call_that_fails_weakens_nothing(sweep, capsys):
    check(sweep, "once",
          sweep.all_errors() if FULL else
          sweep.each_once()[::sweep.how.every], capsys)


def test_a_call_that_always_fails_weakens_nothing(sweep, capsys):
    faults = sweep.from_then_on()
    check(sweep, "from then on", faults if FULL else
          faults[::4 * sweep.how.every], capsys)


def test_a_call_that_lies_weakens_nothing(sweep, capsys):
    faults = sweep.lies()
    check(sweep, "lies", faults if FULL else
          faults[::8 * sweep.how.every], capsys)


@pytest.mark.parametrize("sweep", ["user and capabilities", "everything"],
                         indirect=True)
@pytest.mark.parametrize("stderr", list(STDERRS)[1:])
def test_a_line_that_cannot_be_said_changes_nothing(sweep, stderr, capsys):
    deaf = Sweep(sweep.place, sweep.how, stderr)
    deaf.name = f"{sweep.name}, stderr {stderr}"
    deaf.trace()
    check(deaf, "once", deaf.each_once()[::1 if FULL else 20], capsys)
    deaf.end()


def test_a_process_that_is_killed_leaves_nothing(sweep, capsys):
    faults = sweep.kills()
    check(sweep, "killed", faults if FULL else
          faults[::8 * sweep.how.every], capsys)
