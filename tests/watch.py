"""Looks at processes from outside, through the host's /proc."""

import os
import re
import signal
from pathlib import Path

import harness

# poll(2) (or ppoll(2)) and rt_sigtimedwait(2) as /proc/PID/syscall has them.
WAITING = {"x86_64": ("7", "128"),
           "aarch64": ("73", "137")}.get(os.uname().machine, ())


def stat_of(pid):
    """State, parent, group, session, terminal and its foreground group."""
    text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    fields = text.rpartition(")")[2].split()
    return dict(zip(("state", "parent", "group", "session", "terminal",
                     "foreground"), [fields[0], *map(int, fields[1:6])]))


def state_of(pid):
    """R, S, T, Z and so on; "" for a process that is gone."""
    try:
        return stat_of(pid)["state"]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def signals_of(pid, field):
    """The signals in SigBlk, SigIgn, SigCgt or SigPnd of a process."""
    mask = int(harness.status_of(pid)[field], 16)
    return {number for number in range(1, 65) if mask >> (number - 1) & 1}


def switches_of(pid):
    """How often a process has been scheduled out, by itself or not."""
    status = harness.status_of(pid)
    return (int(status["voluntary_ctxt_switches"])
            + int(status["nonvoluntary_ctxt_switches"]))


def memory_of(pid):
    """The Pss of PID, in kB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss: +(\d+)", text, re.M).group(1))


def code_of(pid):
    """How much of rind's code PID has in its memory, in kB."""
    text = Path(f"/proc/{pid}/smaps").read_text()
    return int(re.search(r" r-xp .*/rind.*\n(?:.*\n)*?Rss: +(\d+)",
                         text).group(1))


def settled(pid):
    """How often PID has been scheduled out, once it sleeps in the system call
    that rind waits in; None as long as it does not."""
    call = Path(f"/proc/{pid}/syscall").read_text().split()[0]
    return (switches_of(pid) if call in WAITING and state_of(pid) == "S"
            else None)


def pids_with(word):
    """The processes, zombies aside, that have WORD among their arguments."""
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()
            and word in harness.command_line(entry)]


def namespace_of(pid):
    """All processes in the PID namespace of PID, itself included."""
    own = os.readlink(f"/proc/{pid}/ns/pid")
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{entry}/ns/pid") == own:
                found.append(int(entry))
        except OSError:  # gone, or a thread of the kernel's
            pass
    return found


def descriptors_of(pid):
    """What a process has open: number to what its link says."""
    found = {}
    for entry in os.listdir(f"/proc/{pid}/fd"):
        try:
            found[int(entry)] = os.readlink(f"/proc/{pid}/fd/{entry}")
        except FileNotFoundError:
            pass
    return found


def below(pid, name):
    """The pid of the first descendant of PID that is the program NAME."""
    for child in [pid, *harness.children_of(pid)]:
        words = harness.command_line(child)
        if words and os.path.basename(words[0]) == name:
            return child
        found = below(child, name) if child != pid else None
        if found:
            return found
    return None


def all_below(pid):
    """All descendants of PID, the deepest first."""
    found = []
    for child in harness.children_of(pid):
        found += [*all_below(child), child]
    return found


def end(pid):
    """Kills PID; whether it is gone, or a zombie."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return True
    return state_of(pid) in ("", "Z")


def cpu_of(pid):
    """The seconds that a process has been on a CPU."""
    nanoseconds = Path(f"/proc/{pid}/schedstat").read_text().split()[0]
    return int(nanoseconds) / 1e9
