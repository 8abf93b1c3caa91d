"""Soak: what holds for the first holds for the millionth.

"./build.sh soak" does all of it, and prints one table of figures; in the suite
each is a short one. Both ways of reaping are tried side by side.

A time is compared with that of a rind that has just been started, the one and
the other in turns, so that a busy machine slows both. Half as much again is
more than two equal ones ever differed; growth that matters is beyond it at
once: one of 20 picoseconds a signal would add 20 µs to the 40 of a round trip
within a million. A percentile of its own would be at the mercy of who else
wants the CPU in one trip of a hundred; so the slow ones are counted.
"""

import os
import resource
import signal
import statistics
import time
from typing import NamedTuple

import pytest

import cgroups
import harness
import watch
from conftest import need
from containers import Containers
from lives import LIVES, Lives
from soak import (PATIENCE, Soaked, assert_no_growth, beside, held, pace,
                  queue, reaping_beside, times_of)

pytestmark = pytest.mark.whole


class Size(NamedTuple):
    """How much of each."""

    orphans: int
    signals: int
    slices: int
    compared: int  # round trips, and orphans, of each side
    lives: int
    starts: int  # that are timed
    namespaces: int
    containers: int


FULL = Size(1000000, 1000000, 20, 20000, 10000, 200, 1000, 1000)
SHORT = Size(12000, 12000, 4, 1000, 4 * len(LIVES), 6, 16, 30)
SIZE = FULL if os.environ.get("RIND_SOAK") == "all" else SHORT
SLOWER = 1.5
SLOW = 4  # medians


@pytest.fixture(scope="module")
def table(request):
    """table(figure, rind, value) enters a figure into the table that is
    printed at the end."""
    rows = {}
    yield lambda figure, rind, value: rows.setdefault(
        figure, {}).__setitem__(rind, value)
    names = ["rind", "rind-wait-loop"]
    lines = ["\n", "| soak | " + " | ".join(names) + " |",
             "| --- " * (1 + len(names)) + "|"]
    lines += [f"| {figure} | " + " | ".join(
        values.get(name, "-") for name in names) + " |"
        for figure, values in rows.items()]
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print("\n".join(lines))


@pytest.fixture
def soaked(container, rind):
    """soaked() starts a rind as PID 1 of an app that answers signals."""
    return lambda: Soaked(container("--user=app", "answer", "77", binary=rind))


def assert_same_pace(old, fresh):
    middle = statistics.median(fresh)
    assert statistics.median(old) <= SLOWER * middle, (pace(old), pace(fresh))
    slow = [sum(took > SLOW * middle for took in times) / len(times)
            for times in (old, fresh)]
    assert slow[0] <= 2 * slow[1] + 0.01, (slow, pace(old), pace(fresh))


def told(old, fresh):
    """Both, as the table has them."""
    return "{:.0f}, {:.0f} ({:.0f}, {:.0f})".format(*pace(old), *pace(fresh))


def held_as_told(before, after):
    return f"{before.pss}, {before.descriptors} → " \
           f"{after.pss}, {after.descriptors}"


def test_orphans(soaked, rind, table):
    """A quarter of them comes while signals do. By the end each pid has been
    in use many times, the app's number too, were it free."""
    old = soaked()
    each = SIZE.orphans // SIZE.slices
    old.orphans(each)  # all pages that this needs are there then
    old.trips(100)
    before = held(old.pid)
    most = 0
    start = time.monotonic()
    for number in range(1, SIZE.slices):
        trips = old.start_trips(each // 50) if number % 4 == 0 else None
        most = max(most, old.orphans(each))
        if trips:
            times_of(trips, each // 50)
    took = time.monotonic() - start
    assert watch.namespace_of(old.pid) == sorted([old.pid, old.app])
    after = held(old.pid)
    assert_no_growth(before, after)
    fresh = soaked()
    of_old, of_fresh = reaping_beside(old, fresh, SIZE.compared)
    assert of_old <= 2 * of_fresh + 1
    last = beside(old, fresh, SIZE.compared)
    assert_same_pace(*last)
    assert old.end() == 77 and fresh.end() == 77
    rate = each * (SIZE.slices - 1) / took
    table("orphans", rind, f"{SIZE.orphans:,}")
    table("orphans a second", rind, f"{rate:,.0f}")
    table("zombies at most, and at the end", rind, f"{most}, 0")
    assert most < each / 10
    table("orphans: Pss in kB, descriptors: first → last", rind,
          held_as_told(before, after))
    table("CPU of PID 1 for an orphan, µs: last (fresh)", rind,
          f"{of_old:.2f} ({of_fresh:.2f})")
    table("signal after the orphans, µs: median, p99 (fresh)", rind,
          told(*last))


def test_signals(soaked, rind, table):
    old, fresh = soaked(), soaked()
    first = beside(old, fresh, SIZE.compared)
    assert fresh.end() == 77
    each = SIZE.signals // SIZE.slices
    medians = [statistics.median(old.trips(each))]
    before = held(old.pid)
    for _ in range(1, SIZE.slices):
        medians.append(statistics.median(old.trips(each)))
    after = held(old.pid)
    assert_no_growth(before, after)
    fresh = soaked()
    last = beside(old, fresh, SIZE.compared)
    assert_same_pace(*last)
    assert old.end() == 77 and fresh.end() == 77
    table("signals and answers", rind, f"{SIZE.signals:,}")
    table("signals: Pss in kB, descriptors: first → last", rind,
          held_as_told(before, after))
    table("first signals, µs: median, p99 (fresh)", rind, told(*first))
    table("last signals, µs: median, p99 (fresh)", rind, told(*last))
    table("medians of all slices, µs: least, most", rind,
          f"{min(medians):.0f}, {max(medians):.0f}")


def test_queued_signals(container, rind, table):
    process = container("--user=app", "tally", "40", "41", binary=rind)
    process.read_until("ready\n")
    each = SIZE.signals // SIZE.slices
    taken = []
    before = None
    for first in range(0, SIZE.signals, each):
        start = time.monotonic()
        queue(process.pid, 40, first, each)
        harness.until(lambda: process.popen.poll() is not None or
                      watch.settled(process.pid) and
                      watch.settled(process.app), "all in the app", PATIENCE)
        assert process.popen.poll() is None, process.wait() and process.out
        taken.append(time.monotonic() - start)
        before = before or held(process.pid)
    after = held(process.pid)
    queue(process.pid, 41, 0, 1)
    assert process.wait() == 0
    assert f"\n{SIZE.signals} in order\n" in process.out
    assert_no_growth(before, after)
    table("queued signals, all in order", rind, f"{SIZE.signals:,}")
    table("queued signals: Pss in kB, descriptors: first → last", rind,
          held_as_told(before, after))
    table("queued signals a second: first, last", rind,
          f"{each / taken[0]:,.0f}, {each / taken[-1]:,.0f}")


@pytest.fixture
def group():
    """The tests' own cgroup, in which the kernel counts what they leave."""
    need(os.getuid() == 0, "cgroups need root")
    made = cgroups.make_group("pids")
    need(made, "no cgroup that counts processes can be made")
    made.enter()
    yield made
    made.leave()
    made.remove()


def cost_of(taken):
    """Of a start's CPU time, since a busy machine makes either wait."""
    return taken["rind"][1] / taken["unshare"][1]


def test_starts_and_stops(typed, rind, group, table):
    lives = Lives(typed.place, rind, {"RIND_TEST": typed.mark})
    first = lives.pace(SIZE.starts)
    alone = group.count()
    start = time.monotonic()
    wrong = lives.all(SIZE.lives)
    took = time.monotonic() - start
    assert not wrong, "\n".join(wrong[:20])
    harness.until(lambda: group.count() == alone, "the end of all, zombies too",
                  PATIENCE)
    assert not group.groups()
    typed.assert_nothing_left()
    last = lives.pace(SIZE.starts)
    assert cost_of(last) <= SLOWER * cost_of(first), (first, last)
    table("starts and stops", rind, f"{SIZE.lives:,}")
    table("exit codes met, all of them right", rind, f"{len(lives.codes)}")
    table("starts and stops a second", rind, f"{SIZE.lives / took:,.0f}")
    for name, taken in (("first", first), ("last", last)):
        table(f"{name} starts, ms, of CPU (by unshare(1))", rind,
              "{:.1f}, {:.1f} ({:.1f}, {:.1f})".format(*taken["rind"],
                                                     *taken["unshare"]))


STARTS = """
cd /proc/sys/user
for file in max_*_namespaces; do
	echo {most} >$file || exit
done
i=0
patience=300
while [ $i -lt {count} ]; do
	said=$("$@" -- sh -c "exit $((i % 256))" 2>&1)
	case $?:$said in
	125:*max_*_namespaces*)
		[ $((patience -= 1)) -gt 0 ] || exit
		sleep 0.1 ;;
	$((i % 256)):) i=$((i + 1)) ;;
	*) echo "$said"; exit ;;
	esac
done
echo "all $i"
"""


def test_no_namespace_is_left(typed, rind, table):
    """The kernel itself counts them, for a user namespace's owner, and allows
    half as many of each kind as are made. It hears a while later that one is
    gone, which is tried until then."""
    image = typed.place / "busybox"
    script = STARTS.format(most=SIZE.namespaces // 2, count=SIZE.namespaces)
    (typed.place / "starts").write_text(script)
    process = typed.start(
        "rind --unshare=user,mount --uid-map=0:0:65536 --gid-map=0:0:65536 "
        f"--user=root --cap=all -- sh {typed.place}/starts {image}/{rind} "
        f"--unshare=all --root={image} --standard-mounts --read-only "
        "--user=www")
    assert process.wait(PATIENCE) == 0
    assert (process.out, process.err) == (f"all {SIZE.namespaces}\n", "")
    table("containers of eight namespaces, one after the other", rind,
          f"{SIZE.namespaces:,}")


@pytest.fixture
def many_descriptors():
    """So many that each container can have a pipe."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * SIZE.containers + 200
    need(before[1] >= wanted, f"{wanted} descriptors are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE,
                       (max(wanted, before[0]), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_containers_at_once(typed, rind, group, many_descriptors, table):
    alone = group.count()
    with Containers(typed, rind, SIZE.containers) as containers:
        start = time.monotonic()
        containers.start()
        started = time.monotonic()
        containers.assert_apart()
        memory = containers.held()
        asked = time.monotonic()
        containers.ask(signal.SIGUSR1)
        answered = time.monotonic()
        codes = containers.stop()
        stopped = time.monotonic()
    assert codes == containers.codes
    harness.until(lambda: group.count() == alone, "the end of all, zombies too")
    assert not group.groups()
    typed.assert_nothing_left()
    table("containers at once", rind, f"{SIZE.containers:,}")
    table("their start, s", rind, f"{started - start:.1f}")
    table("a signal to each and its answer, s", rind,
          f"{answered - asked:.2f}")
    table("their stop, s", rind, f"{stopped - answered:.1f}")
    for what in ("pss", "dirty"):
        table(f"{what} of each, kB: PID 1, outside", rind, ", ".join(
            f"{sum(getattr(one, what) for one in side) / len(side):.0f}"
            for side in memory))
