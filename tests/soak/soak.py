"""What a soak does to a container, and what it looks at in PID 1."""

import fcntl
import os
import select
import statistics
import struct
import subprocess
import termios
import time
from pathlib import Path
from typing import NamedTuple

import harness
import watch

PROGRAMS = harness.BUILD / "tests"
PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
PATIENCE = 300  # seconds; a signal that is lost is waited for so long
# All that is timed shares one CPU: a wakeup across two takes another time than
# one on the same, and which it is the scheduler chooses anew each time.
CPU = {max(os.sched_getaffinity(0))}


def kilobytes(pid, file, *names):
    """The fields NAMES of /proc/PID/FILE, in kB."""
    fields = dict(line.split(":", 1) for line in
                  Path(f"/proc/{pid}/{file}").read_text().splitlines()
                  if ":" in line)
    return [int(fields[name].split()[0]) for name in names]


class Held(NamedTuple):
    """What a process holds; the memory in kB."""

    pss: int
    dirty: int
    data: int
    stack: int
    descriptors: int


def held(pid):
    return Held(*kilobytes(pid, "smaps_rollup", "Pss", "Private_Dirty"),
                *kilobytes(pid, "status", "VmData", "VmStk"),
                len(watch.descriptors_of(pid)))


def assert_no_growth(before, after):
    """A page may be met for the first time; all else is as it was. What leaks a
    byte for each event fails: there are tens of thousands of them at least."""
    assert after.pss <= before.pss + PAGE_KB, (before, after)
    assert after.dirty <= before.dirty + PAGE_KB, (before, after)
    assert after[2:] == before[2:], (before, after)


def children(pid):
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def zombies_of(pid):
    return sum(watch.state_of(child) == "Z" for child in children(pid))


def pace(times):
    """The median and the 99th percentile of TIMES."""
    return (statistics.median(times),
            sorted(times)[min(len(times) - 1, int(len(times) * 0.99))])


class Soaked:
    """A rind, PROCESS, whose app is answer(1), asleep on one CPU."""

    def __init__(self, process):
        self.process = process
        process.read_until("ready\n")
        self.pid, self.app = process.pid, process.app
        for pid in (self.pid, self.app):
            os.sched_setaffinity(pid, CPU)
        # bounce(1) waits on the other end of it.
        os.set_blocking(process.popen.stdout.fileno(), True)
        harness.until(lambda: watch.settled(self.pid), "rind at rest")

    def start_trips(self, count):
        """COUNT signals, each sent when the one before has been answered."""
        return subprocess.Popen(
            ["taskset", "--cpu-list", str(*CPU), PROGRAMS / "bounce",
             str(self.pid), str(count)], text=True,
            stdin=self.process.popen.stdout, stdout=subprocess.PIPE)

    def trips(self, count):
        """Their times in µs."""
        return times_of(self.start_trips(count), count)

    def surplus(self):
        """Answers that nobody asked for: signals that came twice."""
        return struct.unpack("i", fcntl.ioctl(
            self.process.popen.stdout, termios.FIONREAD, b"\0" * 4))[0]

    def enter(self, *words):
        """WORDS in its namespaces, as a child of nobody there."""
        return subprocess.Popen(
            ["nsenter", f"--target={self.pid}", "--mount", "--pid", "--root",
             "--wd=/", "--", *map(str, words)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def orphans(self, count):
        """Leaves COUNT orphans to it, and waits for the end of all; returns
        the most zombies that it had at once, as far as was looked."""
        storm = self.enter("/bin/storm", count)
        most = 0
        assert storm.stdout.readline() == b"ready\n"
        storm.stdin.write(b"!")
        storm.stdin.flush()
        deadline = time.monotonic() + PATIENCE
        while not select.select([storm.stdout], [], [], 0.05)[0]:
            most = max(most, zombies_of(self.pid))
            assert time.monotonic() < deadline
        assert storm.stdout.readline() == b"made\n"
        harness.until(lambda: children(self.pid) == [self.app],
                      "the orphans' end", PATIENCE)
        storm.stdin.close()
        storm.stdout.close()
        assert storm.wait() == 0
        return most

    def reaping(self, count):
        """The CPU time that each of COUNT orphans takes it, in µs."""
        before = watch.cpu_of(self.pid)
        self.orphans(count)
        return (watch.cpu_of(self.pid) - before) / count * 1e6

    def end(self):
        """The exit code at SIGTERM; nothing was answered that was not asked."""
        assert self.surplus() == 0
        assert children(self.pid) == [self.app]
        self.process.kill("TERM")
        return self.process.wait(PATIENCE)


def times_of(bounce, count):
    try:
        out, _ = bounce.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        bounce.kill()
        bounce.communicate()
        raise
    times = [int(word) / 1000 for word in out.split()]
    assert bounce.returncode == 0 and len(times) == count
    return times


PIECE = 100


def beside(old, fresh, count):
    """The times of COUNT round trips with OLD and with FRESH, piece by piece in
    turns, so that what the machine does meanwhile meets both."""
    times = {old: [], fresh: []}
    for _ in range(count // PIECE):
        for soaked in times:
            times[soaked] += soaked.trips(PIECE)
    return list(times.values())


def reaping_beside(old, fresh, count):
    """The same for orphans: the least that one took, in µs of CPU, since how
    many are reaped at one waking is luck."""
    times = {old: [], fresh: []}
    for _ in range(5):
        for soaked in times:
            times[soaked].append(soaked.reaping(count // 5))
    return [min(values) for values in times.values()]


def queue(pid, number, first, count):
    """COUNT real-time signals NUMBER with the values FIRST, FIRST + 1, ..."""
    subprocess.run([PROGRAMS / "queue", *map(str, (pid, number, first, count))],
                   check=True, timeout=PATIENCE)
