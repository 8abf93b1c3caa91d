"""What is measured, one function a row of the report; each returns
{tool: value}. All tools take part in each round, one after the other."""

import json
import re
import select
import statistics
import subprocess
import tempfile
from pathlib import Path

from tools import (BUILD, INITS, NO_INIT, TRUE, Container, program, size_of,
                   timed, until)

WITH_LIMIT = INITS | {NO_INIT: []}


def rounds_of(tools, rounds, function):
    """{tool: [FUNCTION(words)]} over ROUNDS, alternating."""
    raw = {name: [] for name in tools}
    for _ in range(rounds):
        for name, words in tools.items():
            raw[name].append(function(words))
    return raw


def median_of(raw):
    return {name: statistics.median(values) for name, values in raw.items()}


def file_size(files):
    sizes = {name: sum(map(size_of, words)) for name, words in files.items()}
    with tempfile.NamedTemporaryFile() as stripped:
        subprocess.run(["strip", "-o", stripped.name, *program("idle")],
                       check=True)
        sizes[NO_INIT] = size_of(stripped.name)
    return sizes


def memory_of(words, copies):
    """PID 1's Pss and Private_Dirty in kB, on average over COPIES that run
    side by side, each with an idle app below it."""
    started = [Container([*words, *program("idle")]) for _ in range(copies)]
    try:
        for container in started:
            if words:
                until(lambda: idle_now(container.app), "the idle app")
            else:
                until(lambda: idle_now(container.pid), "the idle program")
            container.rest()
        return [statistics.mean(container.value("smaps_rollup", key)
                                for container in started)
                for key in ("Pss", "Private_Dirty")]
    finally:
        for container in started:
            container.popen.kill()
        for container in started:
            container.popen.communicate()


def idle_now(pid):
    return Path(f"/proc/{pid}/comm").read_text() == "idle\n"


def memory(copies):
    return {name: memory_of(words, copies)
            for name, words in WITH_LIMIT.items()}


def starts(groups, rounds, runs, warmup):
    """{group: {tool: ms over a bare exec}}, the medians of all rounds'
    hyperfine runs; and the bare exec itself, in ms."""
    commands = {"bare": TRUE, "limit": program("forkexec", *TRUE)}
    for group, tools in groups.items():
        for name, words in tools.items():
            commands[f"{group}: {name}"] = [*words, *TRUE]
    times = {key: [] for key in commands}
    for _ in range(rounds):
        with tempfile.NamedTemporaryFile() as result:
            subprocess.run(
                ["hyperfine", "-N", "--warmup", str(warmup), "--runs",
                 str(runs), "--style", "none", "--export-json", result.name,
                 *map(" ".join, commands.values())],
                check=True, stderr=subprocess.DEVNULL)
            for key, run in zip(commands, json.load(result)["results"]):
                times[key] += [time * 1000 for time in run["times"]]
    median = median_of(times)
    bare = median.pop("bare")
    over = {key: value - bare for key, value in median.items()}
    return {group: {name: over[f"{group}: {name}"] for name in tools} |
            {NO_INIT: over["limit"]} for group, tools in groups.items()}, bare


def calls_of(words):
    """System calls from the first exec on: of the process that stays, and of
    the app's until its own exec."""
    with tempfile.NamedTemporaryFile() as log:
        subprocess.run(["strace", "-f", "-qq", "-o", log.name, *words, *TRUE],
                       check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        counts = {}
        first = None
        for line in Path(log.name).read_text().splitlines():
            pid, rest = line.split(None, 1)
            if rest.startswith(("<...", "+++", "---")):
                continue
            counts[pid] = counts.get(pid, 0) + 1
            first = first or pid
            if re.match(r'execve\("/bin/busybox"', rest):
                return counts[first] - 1, sum(
                    count for pid, count in counts.items() if pid != first)
    raise AssertionError(f"{words} did not start the app")


def system_calls(groups):
    return {group: {name: calls_of(words) for name, words in tools.items()} |
            {NO_INIT: calls_of(program("forkexec"))}
            for group, tools in groups.items()}


def orphans(count):
    """{tool: (µs of PID 1's CPU, its context switches, both for each orphan;
    seconds for all)}."""
    def once(words):
        with Container([*words, *program("storm", count)]) as container:
            container.ready().rest()
            before = container.cpu_us, container.switches
            out = container.popen.stdout

            def make():
                container.popen.stdin.write(b"!")
                container.popen.stdin.flush()
                assert out.readline() == b"made\n"
                until(lambda: len(container.children(container.pid)) == 1,
                      "the end of all orphans", 600)
            took = timed(make)
            return ((container.cpu_us - before[0]) / count,
                    (container.switches - before[1]) / count, took)
    return {name: values[0]
            for name, values in rounds_of(INITS, 1, once).items()}


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def round_trips(count, rounds):
    """{tool: (p50, p99, max)} in µs from a signal's sending to the app's
    answer, by a pipe."""
    def once(words):
        with Container([*words, *program("answer")]) as container:
            container.ready()
            took = subprocess.run(
                program("bounce", container.pid, count // rounds), check=True,
                stdin=container.popen.stdout, capture_output=True).stdout
            return [int(word) / 1000 for word in took.split()]
    raw = rounds_of(WITH_LIMIT, rounds, once)
    pooled = {name: [t for values in lists for t in values]
              for name, lists in raw.items()}
    return {name: (percentile(values, 0.5), percentile(values, 0.99),
                   max(values)) for name, values in pooled.items()}


def queued(count):
    """{tool: (values that came in order before the first that did not,
    seconds)} of COUNT real-time signals, sent as fast as the queue takes."""
    def once(words):
        with Container([*words, *program("tally", 40, 41)]) as container:
            container.ready()
            pid = container.pid

            def send():
                for words in ((40, 0, count), (41, 0, 1)):
                    subprocess.run(program("queue", pid, *words), check=False,
                                   stderr=subprocess.DEVNULL)
                container.popen.wait()
            took = timed(send)
            said = container.popen.stdout.read().decode().split()
            # "N in order", or "M came in place of N".
            return int(said[0] if said[1] == "in" else said[-1]), took
    return {name: values[0]
            for name, values in rounds_of(WITH_LIMIT, 1, once).items()}


def idle(seconds):
    """{tool: how often PID 1 woke in SECONDS}, all side by side."""
    started = {name: Container([*words, *program("idle")])
               for name, words in INITS.items()}
    try:
        for container in started.values():
            until(lambda: idle_now(container.app), "the idle app")
            container.rest()
        before = {name: c.switches for name, c in started.items()}
        select.select([], [], [], seconds)
        return {name: c.switches - before[name]
                for name, c in started.items()}
    finally:
        for container in started.values():
            container.__exit__()


def stop(leftovers, rounds):
    """{tool: ms from SIGTERM to the end of the container}."""
    def once(words):
        with Container([*words, *program("leftovers", leftovers)]) as container:
            container.ready()
            pid = container.pid

            def end():
                subprocess.run(["kill", str(pid)], check=True)
                container.popen.wait()
            return timed(end) * 1000
    return median_of(rounds_of(WITH_LIMIT, rounds, once))


def output_of(words):
    with Container(words, stderr=subprocess.DEVNULL) as container:
        return container.popen.communicate()[0].decode()


def bounding_of(words):
    """How many capabilities the app could ever get, and no_new_privs."""
    status = dict(line.split(":\t", 1) for line in output_of(
        [*words, "cat", "/proc/self/status"]).splitlines())
    return (int(status["CapBnd"], 16).bit_count(),
            "yes" if status["NoNewPrivs"].strip() == "1" else "no")


def stdout_opens(words):
    """Whether an app that is not root can open /dev/stdout, a pipe."""
    uid, *rest = output_of([*words, "sh", "-c",
                            "id -u; echo x >/dev/stdout"]).split()
    return "–" if uid == "0" else "yes" if rest == ["x"] else "no"


def leftovers_finish(words):
    """Whether a process that the app leaves gets SIGTERM and the time to do a
    fifth of a second's work."""
    leaves = ("(trap 'sleep 0.2; echo finished; exit' TERM; echo ready; "
              "while :; do sleep 0.1; done) & read _; exit 0")
    with Container([*words, "sh", "-c", leaves]) as container:
        container.ready()
        out, _ = container.popen.communicate(b"\n")
        return "yes" if out else "no"


def promises(tools):
    """{tool: the answers of the four above}."""
    return {name: (leftovers_finish(words), *bounding_of(words),
                   stdout_opens(words)) for name, words in tools.items()}


def built():
    return (BUILD / "rind").exists() and (BUILD / "rind-wait-loop").exists()
