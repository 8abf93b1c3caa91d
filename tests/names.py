"""Runs a tool and rind under the tool's name, and tells what each did."""

import fnmatch
import functools
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import harness
import watch

TOOLS = {
    "tini": "/usr/bin/tini", "tini-static": "/usr/bin/tini-static",
    "docker-init": "/usr/bin/tini-static", "dumb-init": "/usr/bin/dumb-init",
    "catatonit": "/usr/bin/catatonit", "podman-init": "/usr/bin/catatonit",
    "gosu": "/usr/sbin/gosu", "setpriv": "/usr/bin/setpriv",
}
NAMESPACE = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child",
             "--"]
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/somewhere",
               "TERM": "dumb", "LANG": "C", "USER": "someone"}
LAST, TOLD = 64, 63  # the marks behind which nothing more will come


@functools.cache
def place():
    """A directory that every user can enter: both kinds under their names,
    and the programs that they run."""
    new = Path(tempfile.mkdtemp(prefix="rind-names-"))
    new.chmod(0o755)
    for kind in ("real", "rind"):
        (new / kind).mkdir()
    for program in ("probe", "catch"):
        shutil.copy(harness.BUILD / "tests" / program, new)
    shutil.copy(harness.BUILD / "rind", new / "rind.bin")
    for name, path in TOOLS.items():
        (new / "real" / name).symlink_to(path)
        (new / "rind" / name).symlink_to(new / "rind.bin")
    for name in ("su-exec", "pause", "init"):
        (new / "rind" / name).symlink_to(new / "rind.bin")
    (new / "plain").write_text("echo by the shell $1\n")
    (new / "plain").chmod(0o755)
    return new


def words_of(kind, line, pid1):
    name, *rest = line
    rest = [word.replace("@", str(place())) for word in rest]
    return [*(NAMESPACE if pid1 else []), str(place() / kind / name), *rest]


def inherit():
    """Ignored and blocked signals, and a descriptor beyond the three."""
    for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2, 37])


def facts_of(text):
    """The lines of probe as a dict; other output is only there or not."""
    if not text.startswith("group "):
        return {"out": bool(text)}
    facts = {"out": True}
    for line in text.splitlines():
        key, value = re.split(r"[ =:]\s*", line + " ", maxsplit=1)
        facts[key] = " ".join(value.split())
    return facts


def run(kind, line, env=None, pid1=False, tty=False, inherits=False, user=None):
    """What LINE did: its exit code, whether it said something, what the app
    saw."""
    kwargs = {"env": ENVIRONMENT | (env or {}), "cwd": str(place())}
    if inherits:
        kwargs |= {"preexec_fn": inherit, "restore_signals": False}
    if user:
        kwargs |= {"user": user, "group": user, "extra_groups": []}
    if not tty:
        kwargs["stdin"] = subprocess.DEVNULL
    process = harness.start(words_of(kind, line, pid1), tty=tty, **kwargs)
    try:
        code = process.wait()
    finally:
        process.destroy()
    return {"code": code, "err": bool(process.err),
            **facts_of(process.out.replace("\r", ""))}, process


def send(kind, line, number):
    """Who gets signal NUMBER: the app and a second process of its group."""
    script = "@/catch 0 two & exec @/catch 0 app"
    process = harness.start(
        words_of(kind, [*line, "--", "sh", "-c", script], True),
        stdin=subprocess.DEVNULL)
    stopped = False
    try:
        process.read_until("two ready")
        process.read_until("app ready")
        tool = harness.children_of(process.popen.pid)[0]
        app, = harness.children_of(tool)
        two, = harness.children_of(app)
        os.kill(tool, number)
        if number != signal.SIGCONT:
            # The kernel hands out the lower number first, rt ones last.
            os.kill(tool, LAST)
        else:
            process.read_until("app 18")
            os.kill(tool, LAST)

        def arrived():
            nonlocal stopped
            process._pump(0)
            if watch.state_of(app) == "T":
                stopped = True
                for pid in (app, two):
                    os.kill(pid, signal.SIGCONT)
            return f"app {LAST} ".encode() in process.seen["out"]
        harness.until(arrived, "the mark")
        os.kill(two, TOLD)
        process.read_until(f"two {TOLD} ")
        got = {"app": [], "two": []}
        for who, which, _, _ in (text.split() for text in
                                 process.out.splitlines()
                                 if text.count(" ") == 3):
            # When the second one stops or goes on, the kernel tells the app.
            told = {signal.SIGCONT, signal.SIGCHLD} - {number}
            if int(which) not in {LAST, TOLD} | told:
                got[who].append(int(which))
        return {"app": got["app"], "two": got["two"], "stopped": stopped}
    finally:
        process.destroy()


def listed():
    """docs/drop-in.md's table of differences: (case, field) patterns."""
    text = (harness.ROOT / "docs" / "drop-in.md").read_text()
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", text, re.M)
    assert rows
    return rows


def unlisted(case, real, rind):
    """The fields in which the two differ and no row says so."""
    return {field: (real.get(field), rind.get(field))
            for field in real.keys() | rind.keys()
            if real.get(field) != rind.get(field) and not any(
                fnmatch.fnmatchcase(case, pattern) and
                fnmatch.fnmatchcase(field, fields)
                for pattern, fields in listed())}
