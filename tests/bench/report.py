"""The report: docs/benchmarks.md and its chart, from measured values alone."""

import os
import re
import subprocess
from pathlib import Path

from tools import NO_INIT, PACKAGES

OURS = ("rind", "rind, wait loop", "rind --exec")
NONE = "–"


def number(value, digits):
    return f"{value:,.{digits}f}"


def table(head, rows):
    yield "| " + " | ".join(head) + " |"
    yield "| " + " | ".join(["---"] * len(head)) + " |"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def ratio(value, other):
    """How often OTHER goes into VALUE."""
    return f"{value / other:.2f}" if other > 0 else NONE


def compared(values, unit, digits, heads):
    """A table of VALUES, {tool: (one of each of HEADS)}: for each the ratio of
    the first of them to the best peer's and to that without an init."""
    peers = [v[0] for name, v in values.items()
             if name not in (*OURS, NO_INIT)]
    limit = values.get(NO_INIT, [0])[0]
    head = ["", *(f"{head}, {unit}" if unit else head for head in heads),
            "to the best peer"] + (["to the limit"] if limit > 0 else [])
    return table(head, [
        [name, *(number(value, digits) for value in row),
         ratio(row[0], min(peers)) if name != NO_INIT else NONE,
         *([ratio(row[0], limit)] if limit > 0 else [])]
        for name, row in values.items()])


def alone(values):
    return {name: (value,) for name, value in values.items()}


def joined(*columns):
    """{tool: (each column's values)}; columns are {tool: value or values}."""
    def words(value):
        return value if isinstance(value, (tuple, list)) else (value,)
    return {name: tuple(v for column in columns for v in words(column[name]))
            for name in columns[0]}


def machine(load):
    """Lines on what was measured on."""
    cpu = Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*: (.*)", cpu, re.M)
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 2 ** 20
    system = re.search(r'^PRETTY_NAME="(.*)"',
                       Path("/etc/os-release").read_text(), re.M).group(1)
    virtual = " (a virtual machine)" if " hypervisor" in cpu else ""
    versions = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *PACKAGES],
        check=True, capture_output=True, text=True).stdout.splitlines()
    return [f"- {model.group(1) if model else os.uname().machine}"
            f"{virtual}, {os.cpu_count()} processors, {memory:.0f} GiB; "
            f"load {load[0]:.1f} at the start",
            f"- Linux {os.uname().release.split('-')[0]}, {system}",
            f"- {', '.join(versions)}"]


def summary(m):
    """The table that the README shows."""
    rows = []
    for name in ("rind", "rind, wait loop", "tini", "tini-static", "dumb-init",
                 "catatonit"):
        cpu, switches, _ = m["orphans"][-1][1][name]
        finish, caps, privs, stdout = m["promises"][name]
        start = m["starts"]["dropped" if name in OURS else "plain"][name]
        rows.append([name, number(m["size"].get(name, m["size"]["rind"]) / 1000,
                                  0),
                     number(m["memory"][0][1][name][0], 0),
                     number(start, 2), number(cpu, 2), number(switches, 2),
                     number(m["trips"][name][0], 0),
                     number(m["idle"][1][name], 0),
                     finish, str(caps), privs, stdout])
    for name in ("tini + gosu", "tini + setpriv"):
        finish, caps, privs, stdout = m["promises"][name]
        rows.append([name, number(m["size"][name] / 1000, 0), NONE,
                     number(m["starts"]["dropped"][name], 2), *[NONE] * 4,
                     finish, str(caps), privs, stdout])
    return table(
        ["", "file, kB", "memory of PID 1, kB", "start, ms",
         "CPU per orphan, µs", "wakeups per orphan", "signal, µs",
         f"wakeups in {m['idle'][0]:g} s", "leftovers can finish",
         "capabilities left", "no_new_privs", "/dev/stdout opens"], rows)


EXPLAINED = {
    "Files": "Bytes of the installed files; the limit is an empty static "
             "program of musl's.",
    "Memory": "PID 1 with an idle app below it: `Pss` and `Private_Dirty` of "
              "`smaps_rollup`, the average of copies side by side. The limit "
              "is that empty program.",
    "Start": "`hyperfine -N` of BusyBox `true`, rounds of all commands one "
             "after the other, the median of all runs, less that of a bare "
             "exec. The limit is a static program that forks, execs and "
             "waits. *plain*: nothing but supervision. *dropped*: another "
             "user, and as much of no capabilities and no_new_privs as each "
             "can. *becomes*: the same without a supervisor. *contained*: "
             "mount, PID, IPC and UTS namespaces, a read-only root, new "
             "`/proc`, `/dev` and `/tmp`.",
    "System calls": "From the first exec to the app's, by `strace -f`: of the "
                    "process that stays, and of the app's before it is the "
                    "app.",
    "Orphans": "PID 1's CPU (`schedstat`), its context switches, and the wall "
               "time of the whole, two sizes: the cost of one does not grow. "
               "*wait loop* is how rind reaps before Linux 6.16 and with a "
               "terminal.",
    "Forwarding": "From the sending of SIGUSR1 to the app's answer in a pipe, "
                  "one at a time. The limit is a signal to the app itself. "
                  "*queued*: real-time signals with values, sent as fast as "
                  "the queue takes them; how many came in order, each with "
                  "its value, before the first that did not.",
    "Idle": "How often PID 1 woke; the limit is 0.",
    "Stop": "From SIGTERM to the end of the container, with processes left "
            "that SIGTERM ends; rind asks them and waits, the others leave "
            "them to the kernel's SIGKILL. The limit is an app that is PID 1 "
            "itself.",
}


def lines_of(m):
    """All sections."""
    def section(name):
        return ["", f"## {name}", "", EXPLAINED[name], ""]

    yield from section("Files")
    yield from compared(alone({k: v / 1000 for k, v in m["size"].items()}),
                        "kB", 1, ["file"])
    yield from section("Memory")
    yield from compared(joined(*(values for _, values in m["memory"])), "kB", 0,
                        [f"{key} of {copies}" for copies, _ in m["memory"]
                         for key in ("Pss", "dirty")])
    yield from section("Start")
    yield f"A bare exec takes {m['bare']:.2f} ms."
    for group, values in m["starts"].items():
        yield from ["", f"### {group}", ""]
        yield from compared(alone(values), "ms", 2, ["start"])
    yield from section("System calls")
    for group, values in m["calls"].items():
        yield from [f"### {group}", ""]
        yield from table(["", "stays", "app's"],
                         [[name, *map(str, value)]
                          for name, value in values.items()])
    yield from section("Orphans")
    for count, values in m["orphans"]:
        yield from [f"### {count:,}", ""]
        yield from table(["", "CPU each, µs", "switches each", "all, s"],
                         [[name, *(number(v, 2) for v in value)]
                          for name, value in values.items()])
    yield from section("Forwarding")
    yield from compared(m["trips"], "µs", 1, ["p50", "p99", "max"])
    yield from table(
        ["", f"of {m['queued'][0]:,} queued, in order", "time, s"],
        [[name, f"{came:,}", number(took, 2) if came == m["queued"][0]
          else NONE] for name, (came, took) in m["queued"][1].items()])
    yield from section("Idle")
    yield from table(["", f"wakeups in {m['idle'][0]:g} s"],
                     [[name, str(v)] for name, v in m["idle"][1].items()])
    yield from section("Stop")
    yield from compared(joined(*(values for _, values in m["stops"])), "ms", 1,
                        [f"{count:,} left" for count, _ in m["stops"]])


def write(m, place, command):
    place.mkdir(parents=True, exist_ok=True)
    lines = ["# Benchmarks", "", f"Written by `{command}`.", "",
             *machine(m["load"]), "", "![the chart](benchmarks.svg)", "",
             *summary(m), *lines_of(m)]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    (place / "benchmarks.md").write_text(text.rstrip("\n") + "\n")
    draw(m, place / "benchmarks.svg")


def put_into(document, m):
    """Puts the summary between the two marks in DOCUMENT."""
    start, end = "<!-- written by ./build.sh bench -->", "<!-- until here -->"
    before, rest = document.read_text().split(start)
    after = rest.split(end)[1]
    lines = [start, *summary(m)]
    document.write_text(before + "\n".join(lines) + end + after)


def panels(m):
    """(title, {tool: value}) of each part of the chart."""
    inits = [name for name in m["idle"][1] if name != "rind, wait loop"]
    count, orphans = m["orphans"][-1]
    dropped = {name: value for name, value in m["starts"]["dropped"].items()
               if name in ("rind", "tini-static + setpriv", "tini + setpriv",
                           "tini + gosu")}
    return [
        ("memory of PID 1, kB",
         {name: m["memory"][0][1][name][0] for name in inits}),
        ("start with all privilege dropped, ms over an exec", dropped),
        ("CPU of PID 1 per orphan, µs",
         {name: orphans[name][0] for name in inits}),
        ("a signal to the app and its answer, µs",
         {name: m["trips"][name][0] for name in [*inits, NO_INIT]}),
    ]


def draw(m, file):
    """Four panels of bars, rind's in another colour."""
    script = [f"set terminal svg size 960,620 font 'sans,13' "
              f"background 'white'", f"set output '{file}'",
              "set multiplot layout 2,2", "set style fill solid",
              "set boxwidth 0.7", "set xtics nomirror scale 0 rotate by 20 right",
              "set ytics nomirror", "set border 3", "unset key",
              "set grid ytics lc rgb '#dddddd'"]
    for title, values in panels(m):
        script.append(f"set title '{title}'")
        script += [f"set xrange [-0.7:{len(values) - 0.3}]",
                   f"set yrange [0:{max(values.values()) * 1.15 or 1}]",
                   "$data << END"]
        script += [f'{i} {value:.6f} "{name}" '
                   f"{0xc2410c if name in OURS else 0x94a3b8} "
                   f'"{value:.3g}"'
                   for i, (name, value) in enumerate(values.items())]
        script.append("END")
        script.append("plot $data using 1:2:4:xtic(3) with boxes "
                      "lc rgb variable, '' using 1:2:5 with labels "
                      "offset 0,0.6")
    subprocess.run(["gnuplot"], input="\n".join(script), text=True, check=True)
