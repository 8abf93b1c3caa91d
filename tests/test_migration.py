"""docs/migration.md: each option of rind's in its tables is tried, and where the
other tool is at hand both do the same."""

import os
import re
import shlex
import shutil
import subprocess

import pytest

import harness
from conftest import need

DOCUMENT = (harness.ROOT / "docs/migration.md").read_text()


def rows():
    """[(heading, the other's words, rind's words)] of all tables."""
    found = []
    for part in re.split(r"^## ", DOCUMENT, flags=re.M)[1:]:
        heading = part.split("\n")[0]
        table = re.findall(r"^\| (.*?) \| (.*?) \|.*\|$", part, re.M)[1:]
        found += [(heading, other, rind) for other, rind in table
                  if set(other) != {"-"}]
    return found


def words(cell):
    """The words in code of a table's cell."""
    return [word for code in re.findall("`(.*?)`", cell)
            for word in shlex.split(code)]


TRIED = sorted({rind for _, _, rind in rows() if rind.startswith("`")})


def test_a_row_of_each_table_is_there():
    headings = [heading for heading, _, _ in rows()]
    assert {heading: headings.count(heading) > 2 for heading in headings} == {
        heading: True for heading in re.findall("^## (.*)", DOCUMENT, re.M)}
    for _, other, rind in rows():
        assert rind.startswith(("`--", "default", "none: ")), other


@pytest.mark.parametrize("cell", TRIED)
def test_the_options_are_in_force(typed, cell):
    options = words(cell)
    for name in "DIR", "FILE":
        options = [option.replace(name, {
            "DIR": "busybox", "FILE": "file"}[name]) for option in options]
    (typed.place / "file").write_text("")
    if options in (["--license"], ["--check"]):
        assert typed(shlex.join(["rind", *options])).out
        return
    if not any(option.startswith("--user=") for option in options):
        options.append("--user=1000")
    typed(shlex.join(["rind", *options, "--", "true"]))
    assert typed(shlex.join(["rind", *options, "--explain", "--", "true"])).out


PROBE = ["sh", "-c", "grep -E '^(Uid|Gid|Cap|NoNewPrivs)' /proc/self/status; "
         "echo Groups: $(id -G); env | grep ^HOME="]
# What rind's defaults make another, or what the document says differs.
BOTH = {"Uid", "Gid", "Groups"}


def seen(command):
    """What PROBE tells of itself behind COMMAND, as a dict."""
    done = subprocess.run([*command, *PROBE], check=True, capture_output=True,
                          text=True, stdin=subprocess.DEVNULL)
    return dict(re.split(r"[:=]\s*", line, maxsplit=1)
                for line in done.stdout.splitlines())


def row(heading, other):
    """rind's words in the row of OTHER's words."""
    found, = [rind for title, cell, rind in rows()
              if title == heading and cell.startswith(f"`{other}`")]
    return words(found)


@pytest.mark.parametrize("other, more", [
    ("gosu www-data", {"HOME"}), ("gosu www-data:games", {"HOME"}),
    ("gosu 1234:55", {"HOME"}),
    ("gosu root", {"HOME", "CapPrm", "CapEff", "CapBnd", "NoNewPrivs"}),
    ("tini -- gosu www-data", {"HOME"}),
])
def test_gosu(other, more):
    compare("gosu and su-exec", other, shlex.split(other), more)


@pytest.mark.parametrize("other, more", [
    ("--reuid=33 --regid=33 --clear-groups", set()),
    ("--reuid=www-data --regid=www-data --init-groups", set()),
    ("--reuid=33 --regid=33 --groups=5,60", set()),
    ("--reuid=33 --regid=33 --clear-groups --inh-caps=+kill "
     "--ambient-caps=+kill --bounding-set=-all,+kill",
     {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}),
])
def test_setpriv(other, more):
    compare("setpriv", other, ["setpriv", *shlex.split(other), "--"], more)


def compare(heading, other, command, more):
    need(os.getuid() == 0, "other users need root")
    need(shutil.which(command[0]), f"{command[0]} is not installed")
    mine = seen([harness.BUILD / "rind", *row(heading, other), "--"])
    theirs = seen(command)
    for key in BOTH | more:
        assert mine[key] == theirs[key], key


INITS = {"tini": ["tini", "-s"], "dumb-init": ["dumb-init"],
         "catatonit": ["catatonit"]}


def end_of(command, script, sig=None):
    """(what SCRIPT prints, exit status) behind COMMAND; SIG is sent to that
    when the script has said that it is ready."""
    process = harness.start([*map(str, command), "sh", "-c", script])
    if sig:
        process.read_until("ready")
        process.kill(sig)
    code = process.wait()
    process.destroy()
    return process.out, code


GROUP = ("trap 'wait; exit 3' TERM; "
         "(trap 'echo one; exit' TERM; echo ready; while :; do sleep 0.1; done) "
         "& while :; do sleep 0.1; done")
ALONE = "trap 'echo TERM; exit 4' TERM; trap 'echo QUIT; exit 5' QUIT; " \
        "echo ready; while :; do sleep 0.1; done"


@pytest.mark.parametrize("heading, other, script, sig", [
    ("tini", "-g", GROUP, "TERM"), ("tini", "-e 3", "exit 3", None),
    ("dumb-init", "-r 15:3", ALONE, "TERM"),
    ("dumb-init", "-r 15:0", "echo ready; sleep 1; exit 6", "TERM"),
    ("catatonit", "-g", GROUP, "TERM"),
])
def test_an_init(heading, other, script, sig):
    need(os.getuid() == 0, "another user needs root")
    need(shutil.which(heading), f"{heading} is not installed")
    mine = end_of([harness.BUILD / "rind", "--user=33", *row(heading, other),
                   "--"], script, sig)
    assert mine == end_of([*INITS[heading], *other.split(), "--"], script, sig)
    assert mine[1] == {"exit 3": 0, GROUP: 3, ALONE: 5}.get(script, 6)


def test_dumb_inits_default():
    need(shutil.which("dumb-init"), "dumb-init is not installed")
    rind, = [words(rind) for heading, other, rind in rows()
             if (heading, other) == ("dumb-init", "default")]
    mine = end_of([harness.BUILD / "rind", "--user=33", *rind, "--"], GROUP,
                  "TERM")
    assert mine == end_of(["dumb-init"], GROUP, "TERM") == ("ready\none\n", 3)


MOUNTED = "grep ' /srv ' /proc/self/mountinfo | cut -d ' ' -f 6; " \
          "test -w /srv && echo writable; ls /srv | head -n 3"


@pytest.mark.parametrize("other, script, less", [
    ("--bind /var /srv", MOUNTED, ""), ("--ro-bind /var /srv", MOUNTED, ""),
    ("--dev-bind /dev /srv", "echo x >/srv/null; ls /srv/null", ""),
    ("--tmpfs /srv", MOUNTED, ",noexec"),
    ("--unshare-uts --hostname box", "hostname", ""),
    ("--remount-ro /", "touch /x 2>&1 | sed 's/.*: //'", ""),
    ("--chdir /srv", "pwd", ""), ("--setenv K V", "echo $K", ""),
    ("--unsetenv K", "echo ${K-none}", ""),
    ("--proc /proc", "ls /proc | grep -c '^[0-9]' >/dev/null && echo ok", ""),
    ("--unshare-all", "ls /sys/class/net", ""),
])
def test_bubblewrap(other, script, less):
    need(os.getuid() == 0, "mounts need root")
    need(shutil.which("bwrap"), "bubblewrap is not installed")
    root = "--dev-bind / / --proc /proc"
    theirs = subprocess.run(
        ["bwrap", *root.split(), *other.split(), "sh", "-c", script],
        check=False, capture_output=True, text=True, env=os.environ | {"K": "k"})
    mine = subprocess.run(
        [harness.BUILD / "rind", "--user=0", "--cap=all",
         *row("bubblewrap", other), "--", "sh", "-c", script], check=False,
        capture_output=True, text=True, env=os.environ | {"K": "k"})
    assert mine.stderr == theirs.stderr == ""
    assert mine.stdout.replace(less, "") == theirs.stdout


LIKE_DOCKER = {
    "--user=1000:1000": "id -u; id -g",
    "--group-add=50": "id -G | tr ' ' '\\n' | grep 50",
    "--cap-drop=ALL --cap-add=KILL": "grep CapBnd /proc/self/status",
    "--security-opt=no-new-privileges": "grep NoNewPrivs /proc/self/status",
    "--env=K=V": "echo $K", "--workdir=/tmp": "pwd",
    "--ulimit=nofile=64:128": "ulimit -Sn; ulimit -Hn",
    "--oom-score-adj=500": "cat /proc/self/oom_score_adj",
}


@pytest.mark.parametrize("engine", ["docker"], indirect=True)
@pytest.mark.parametrize("other", LIKE_DOCKER)
def test_docker_run(engine, engine_host, other):
    """The engine with its option, and rind in the engine with its own."""
    def run(docker, rind):
        return engine_host.run(engine.words(
            "run", "--rm", "--network=none", "--entrypoint=", *docker,
            "rind-test", *rind, "sh", "-c", LIKE_DOCKER[other])).stdout
    options = row("docker run", other)
    if not any(option.startswith("--user=") for option in options):
        options.append("--user=0")
    assert run([], ["/rind", *options, "--"]) == run(other.split(), [])
