"""The drop-in names: each case is run by the real tool and by rind under its
name, and what differs must stand in docs/drop-in.md."""

import fnmatch
import functools
import os
import re
import signal
import subprocess

import pytest

import harness
import names
from conftest import need

pytestmark = pytest.mark.whole

P = "@/probe"
INITS = {
    "tini": ["tini", "-s"], "tini -g": ["tini", "-s", "-g"],
    "tini-static": ["tini-static", "-s"], "docker-init": ["docker-init", "-s"],
    "dumb-init": ["dumb-init"], "dumb-init -c": ["dumb-init", "-c"],
    "catatonit": ["catatonit"], "catatonit -g": ["catatonit", "-g"],
    "podman-init": ["podman-init"],
}
CASES = {}


def add(case, *line, **how):
    assert case not in CASES, case
    CASES[case] = (list(line), how)


for title, line in INITS.items():
    if title.endswith("-g"):
        continue
    add(f"{title}: the app", *line, "--", P)
    add(f"{title}: the app, PID 1", *line, "--", P, pid1=True)
    add(f"{title}: a terminal", *line, "--", P, tty=True)
    add(f"{title}: inherited", *line, "--", P, inherits=True)
    add(f"{title}: a user", *line, "--", P, user=33)
    for code in (1, 125, 126, 127, 255):
        add(f"{title}: exit {code}", *line, "--", P, str(code))
    for name in ("TERM", "KILL", "SEGV"):
        add(f"{title}: SIG{name}", *line, "--", "sh", "-c", f"kill -{name} $$")
    add(f"{title}: not found", *line, "--", "nosuch")
    add(f"{title}: no path", *line, "--", "/no/such")
    add(f"{title}: a directory", *line, "--", "/etc")
    add(f"{title}: not executable", *line, "--", "/etc/passwd")
    add(f"{title}: empty word", *line, "--", "")
    add(f"{title}: script of no kind", *line, "--", "@/plain", "a")
    add(f"{title}: arguments", *line, "--", P, "0", "-s", "--", "a b")
    add(f"{title}: no command", *line)
    add(f"{title}: nothing behind --", *line, "--")
    add(f"{title}: unknown letter", *line, "-x", "true")
    add(f"{title}: unknown option", *line, "--foo", "true")
    add(f"{title}: option of the app", *line, "sh", "-c", "exit 3")
for option, value in (("-e", "x"), ("-e", "300"), ("-p", "FOO"),
                      ("-p", "TERM"), ("-p", "15")):
    add(f"tini: {option} {value}", "tini", "-s", option, value, "true")
for code in ("3", "0", "143"):
    add(f"tini: -e {code}", "tini", "-s", "-e", code, "--", "sh", "-c",
        "kill -TERM $$" if code == "143" else f"exit {code}")
add("tini: -e twice", "tini", "-s", "-e", "1", "-e2", "--", P, "2")
add("tini: -e another", "tini", "-s", "-e", "1", "--", P, "2")
add("tini: -p", "tini", "-s", "-p", "SIGKILL", "--", P)
add("tini: -p alone", "tini", "-p")
add("tini: -sg", "tini", "-sg", "--", P)
add("tini: -ss", "tini", "-s", "-s", "--", P)
add("tini: -w", "tini", "-sw", "--", P)
# One that ended while its parent, a shell, is there might be reaped by that.
ORPHAN = "p=$(sh -c 'sleep 1000 >/dev/null & echo $!'); kill $p; "
add("tini: -w reaps", "tini", "-s", "-w", "--", "sh", "-c",
    f"{ORPHAN} while [ -e /proc/$p ]; do :; done")
add("tini: -vvv", "tini", "-svvv", "--", "true")
add("tini: no subreaper", "tini", "--", P)
add("tini: no subreaper, PID 1", "tini", "--", P, pid1=True)
add("tini: --version", "tini", "--version")
add("tini: --version and more", "tini", "--version", "true")
add("tini: -h", "tini", "-h")
add("tini: -l", "tini", "-l")
for value in ("", "1", "0"):
    add(f"tini: TINI_SUBREAPER={value}", "tini", "--", P,
        env={"TINI_SUBREAPER": value})
    add(f"tini: TINI_VERBOSITY={value}", "tini", "--", "true",
        env={"TINI_VERBOSITY": value})
add("tini: TINI_VERBOSITY=2", "tini", "-s", "--", "true",
    env={"TINI_VERBOSITY": "2"})
add("tini: TINI_KILL_PROCESS_GROUP", "tini", "-s", "--", P,
    env={"TINI_KILL_PROCESS_GROUP": ""})
for option in ("15:3", "15:0", "15", "TERM:3", "70:3", "0:3", "15:64", "15:3x",
               "9:3"):
    add(f"dumb-init: -r {option}", "dumb-init", "-r", option, "true")
for words in ("--rewrite=15:2", "--rewrite 15:2", "--rew 15:2", "-r15:2",
              "-r 15:2 -r 15:3", "--single-child", "--sing", "-cv",
              "--verbose", "-V", "--version", "-h", "--help", "-r",
              "--verbose=1"):
    add(f"dumb-init: {words}", "dumb-init", *words.split(), P)
for value in ("0", "1", ""):
    for name in ("DEBUG", "SETSID"):
        add(f"dumb-init: {name}={value}", "dumb-init", P,
            env={f"DUMB_INIT_{name}": value})
add("dumb-init: SETSID=0, a terminal", "dumb-init", P, tty=True,
    env={"DUMB_INIT_SETSID": "0"})
for words in ("-h", "-V", "--version", "-L", "-gL", "--help", "--license"):
    add(f"catatonit: {words}", "catatonit", *words.split())
for spec in ("www-data", "33", "root", "0", "1234", "1234:55", ":55", ":games",
             "", ":", "www-data:", "backup:games", "5:games", "root:www-data",
             "1:2:3", "+5", "-x", "--", "nosuch", "nosuch:games", "games:no",
             "99999999999", "2147483648", "0x10"):
    add(f"gosu: {spec}", "gosu", spec, P)
for title, line in (("no word", []), ("no command", ["root"]),
                    ("not found", ["root", "nosuch"]),
                    ("a directory", ["root", "/etc"]),
                    ("script of no kind", ["root", "@/plain"]),
                    ("exit 7", ["root", P, "7"]),
                    ("arguments", ["root", P, "0", "-v", "--"]),
                    ("-h", ["-h"]), ("--help", ["--help"]), ("-v", ["-v"]),
                    ("--version", ["--version"])):
    add(f"gosu: {title}", "gosu", *line)
add("gosu: as a user", "gosu", "root", P, user=33)
add("gosu: as itself", "gosu", "33:33", P, user=33)
add("gosu: PID 1", "gosu", "www-data", P, pid1=True)
add("gosu: inherited", "gosu", "www-data", P, inherits=True)
IDS = "--reuid=33 --regid=33 --clear-groups "
for words in """\
--reuid=33|--reuid www-data --regid games --clear-groups|--regid=33|\
--reuid=33 --regid=33|--reuid=33 --regid=33 --init-groups|\
--reuid=33 --init-groups|--init-groups|--keep-groups|--clear-groups|\
--regid=60 --keep-groups|--groups=5,games|--groups=60,5,5|--groups=|\
--groups=nosuch|--reuid=nosuch|--regid=nosuch --clear-groups|\
--reuid=4242 --init-groups|--reuid=4242|--clear-groups --init-groups|\
--clear-groups --groups=5|--reuid=33 --reuid=34|--no-new-privs|--nnp|\
--nnp --nnp|--no-new|--reset-env|--reset-env --reuid=33|\
--reset-env --reuid=4242|--pdeathsig=TERM|--pdeathsig SIGKILL|\
--pdeathsig=keep|--pdeathsig=clear|--pdeathsig=FOO|--pdeathsig=15|\
--bounding-set=-all|--bounding-set -all,+chown|--bounding-set=-chown,-kill|\
--bounding-set=+chown|--bounding-set=chown|--bounding-set=-foo|\
--bounding-set=|--bounding-set=-cap_chown|--bounding-set=-CHOWN|\
--bounding-set=-all,chown|--inh-caps=-all|--inh-caps=+chown|\
--inh-caps=-chown,+chown|--inh-caps=+chown,-chown|\
--inh-caps=+chown --inh-caps=+kill|\
--inh-caps=+chown --bounding-set=-chown|\
--inh-caps=-all,+chown --ambient-caps=-all,+chown|--ambient-caps=-all|\
IDS --inh-caps=+chown,+kill --ambient-caps=+chown|IDS --inh-caps=+kill|IDS|\
IDS --bounding-set=-all --inh-caps=-all --no-new-privs|IDS --reset-env|\
IDS --securebits=+no_setuid_fixup|--securebits=+noroot|\
--securebits=+noroot,+noroot_locked,+no_setuid_fixup_locked|\
--securebits=-noroot|--securebits=-all|--securebits=+all|--securebits=+foo|\
--securebits=+keep_caps|--securebits=+keep_caps_locked|--securebits=noroot|\
--securebits=|--foo|--reuid|-h|--help|-V|--version""".split("|"):
    add(f"setpriv: {words}", "setpriv", *words.replace("IDS ", IDS).replace(
        "IDS", IDS).split(), P)
add("setpriv: no command", "setpriv", "--nnp")
add("setpriv: not found", "setpriv", "nosuch")
add("setpriv: a directory", "setpriv", "/etc")
add("setpriv: script of no kind", "setpriv", "@/plain", "a")
add("setpriv: exit 7", "setpriv", P, "7")
add("setpriv: inherited", "setpriv", P, inherits=True)
add("setpriv: as a user", "setpriv", "--reuid=0", P, user=33)
add("setpriv: as a user, --nnp", "setpriv", "--nnp", P, user=33)

SIGNALS = {f"{title}: signal {number}": (line, number)
           for title, line in INITS.items()
           if title not in ("tini-static", "docker-init", "podman-init")
           for number in [*range(1, 32), 34] if number not in (9, 19)}
SIGNALS |= {f"dumb-init: -r {rule}: signal {number}":
            (["dumb-init", "-r", rule], number)
            for rule, number in (("15:3", 15), ("15:0", 15), ("20:0", 20),
                                 ("20:10", 20), ("1:15", 1))}


@functools.cache
def both(case):
    """What the real tool did, and what rind did."""
    need(os.getuid() == 0, "namespaces need root")
    if case in SIGNALS:
        return tuple(names.send(kind, *SIGNALS[case])
                     for kind in ("real", "rind"))
    line, how = CASES[case]
    return tuple(names.run(kind, line, **how)[0] for kind in ("real", "rind"))


@pytest.mark.parametrize("case", CASES)
def test_name_does_as_its_tool(case):
    real, rind = both(case)
    assert names.unlisted(case, real, rind) == {}


@pytest.mark.parametrize("case", SIGNALS)
def test_name_forwards_as_its_tool(case):
    real, rind = both(case)
    assert names.unlisted(case, real, rind) == {}


@pytest.mark.parametrize("pattern, field", names.listed())
def test_listed_difference_is_there(pattern, field):
    for case in [*CASES, *SIGNALS]:
        if not fnmatch.fnmatchcase(case, pattern):
            continue
        real, rind = both(case)
        if any(real.get(key) != rind.get(key) for key in real.keys() |
               rind.keys() if fnmatch.fnmatchcase(key, field)):
            return
    pytest.fail(f"no case {pattern} differs in {field}")


# What the two do over time, each on its own.


@pytest.fixture(params=["real", "rind"])
def kind(request):
    return request.param


@pytest.fixture
def start():
    """start(kind, *line, pid1=False, **popen): the process, ended afterwards."""
    started = []

    def run(kind, *line, pid1=False, **kwargs):
        if not kwargs.get("tty"):
            kwargs.setdefault("stdin", subprocess.DEVNULL)
        process = harness.start(names.words_of(kind, line, pid1), **kwargs)
        started.append(process)
        return process

    yield run
    for process in started:
        process.destroy()


@pytest.mark.parametrize("title, told", [
    ("tini", False), ("catatonit", False), ("dumb-init", True),
    ("dumb-init -c", False)])
def test_only_dumb_init_tells_the_rest(start, kind, title, told):
    process = start(kind, *INITS[title], "--", "sh", "-c",
                    "@/catch 63 rest & exec @/catch 0 app")
    process.read_until("rest ready")
    process.read_until("app ready")
    app, = harness.children_of(process.popen.pid)
    rest, = harness.children_of(app)
    os.kill(app, signal.SIGKILL)
    harness.until(lambda: process.popen.poll() is not None, "the end")
    assert process.popen.returncode == 137
    os.kill(rest, 63)
    out = process.read_until("rest 63 ")
    assert ("rest 15 " in out) == told


def test_a_tool_that_is_killed_before_the_app_runs_leaves_nothing(tmp_path):
    """Its first write is the byte that lets the app go."""
    done = subprocess.run(
        ["strace", "-f", "-o", "/dev/null", "-e", "trace=write",
         "-e", "inject=write:signal=KILL:when=1",
         *names.words_of("rind", ["tini", "-s", "--", "@/catch", "0",
                                  str(tmp_path)], False)],
        stdin=subprocess.DEVNULL, capture_output=True, check=False,
        timeout=harness.TIMEOUT)
    assert done.returncode in (137, -signal.SIGKILL)
    assert done.stdout == b""
    assert not names.watch.pids_with(str(tmp_path))


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGTTIN,
                                    signal.SIGTTOU])
def test_dumb_init_suspends_itself_too(start, kind, number):
    process = start(kind, "dumb-init", "@/catch", "0")
    process.read_until("ready")
    tool = process.popen.pid
    app, = harness.children_of(tool)
    os.kill(tool, number)
    harness.until(lambda: names.watch.state_of(tool) == "T", "its stop")
    harness.until(lambda: names.watch.state_of(app) == "T", "the app's stop")
    os.kill(tool, signal.SIGCONT)
    harness.until(lambda: names.watch.state_of(app) == "S", "the app's life")
    process.read_until("app 18")
    os.kill(app, signal.SIGKILL)
    assert process.wait() == 137


def test_dumb_init_hands_its_terminal_over(start, kind):
    process = start(kind, "dumb-init", "@/catch", tty=True)
    process.read_until("ready")
    app, = harness.children_of(process.popen.pid)
    assert names.watch.stat_of(app)["foreground"] == app
    assert names.watch.stat_of(app)["session"] == app
    os.kill(process.popen.pid, signal.SIGTERM)
    assert process.wait() == 0
    assert [line.split()[1] for line in process.out.split("\r\n")
            if line.count(" ") == 3] == ["15"]  # no 1 and no 18 before


@pytest.mark.parametrize("line", [["catatonit", "-P"], ["podman-init", "-P"],
                                  ["catatonit", "-P", "--", "nosuch"],
                                  ["pause"]])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_pause_holds_until_it_is_told(start, kind, line, number):
    if line == ["pause"] and kind == "real":
        line = ["catatonit", "-P"]
    process = start(kind, *line, pid1=True)
    tool = harness.until(lambda: next(
        (pid for pid in harness.children_of(process.popen.pid)
         if harness.command_line(pid)[:1] == [str(names.place() / kind /
                                                 line[0])]), None), "it")
    # rt_sigtimedwait(2) takes what it waits for off the mask.
    harness.until(lambda: names.watch.settled(tool) is not None or
                  number in names.watch.signals_of(tool, "SigBlk"),
                  "its mask")
    # A process of the namespace whose parent has gone is reaped.
    subprocess.run(["nsenter", "-t", str(tool), "-p", "-m", "sh", "-c",
                    "true & exit"], check=True)
    os.kill(tool, signal.SIGUSR1)
    os.kill(tool, number)
    assert process.wait() == 0
    assert process.out == ""


def test_tini_says_what_it_reaps(start, kind):
    process = start(kind, "tini", "-s", "-w", "--", "sh", "-c",
                    f"{ORPHAN} echo $p; read x",
                    stdin=subprocess.PIPE)
    orphan = process.read_until("\n").strip()
    process.read_until(f"pid {orphan}" if kind == "rind" else f"pid={orphan}",
                       "err")
    process.type("\n")
    process.wait()


def test_su_exec_has_its_own_rules():
    facts, _ = names.run("rind", ["su-exec", "www-data", "@/probe"])
    assert (facts["Uid"], facts["Gid"], facts["Groups"], facts["$HOME"],
            facts["$USER"]) == ("33 33 33 33", "33 33 33 33", "33",
                                "/var/www", "someone")
    facts, _ = names.run("rind", ["su-exec", "1234:5", "@/probe", "7"])
    assert (facts["code"], facts["Groups"], facts["$HOME"]) == (7, "5", "/")
    assert names.run("rind", ["su-exec", "nosuch", "true"])[0]["code"] == 1


@pytest.mark.parametrize("name", ["tini", "tini-static", "docker-init",
                                  "catatonit", "podman-init"])
def test_docker_finds_its_version(name):
    facts, process = names.run("rind", [name, "--version"])
    assert facts["code"] == 0
    assert process.out.startswith("tini version ")


@pytest.mark.parametrize("option", ["-h", "--version"])
def test_an_answer_that_cannot_be_written_is_an_error(option):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(names.words_of("rind", ["tini", option], False),
                              stdout=full, stderr=subprocess.PIPE, text=True,
                              check=False, timeout=harness.TIMEOUT)
    assert (done.returncode, done.stderr) == (
        1, "rind: tini: stdout: cannot be written\n")


@pytest.mark.parametrize("case", [case for case, (line, _) in CASES.items()
                                  if "-x" in line or "--foo" in line])
def test_wrong_option_is_named_with_its_tool(case):
    line, how = CASES[case]
    if line[0] == "gosu":
        return  # a user to gosu
    _, process = names.run("rind", line, **how)
    option = "-x" if "-x" in line else "--foo"
    assert process.err == f"rind: {line[0]}: {option}: unknown option\n"


def test_an_option_cut_too_short_is_unknown():
    """--re is --reuid, --regid and --reset-env."""
    _, process = names.run("rind", ["setpriv", "--re", "1", "true"])
    assert process.err == "rind: setpriv: --re: unknown option\n"


@pytest.mark.parametrize("call, line", [
    ("rt_sigtimedwait", "rind: start: signals: "),
    ("chdir", "rind: confine: working directory: "),
])
def test_a_pause_that_the_kernel_refuses_does_not_spin(call, line):
    done = subprocess.run(
        ["strace", "-o", "/dev/null", f"--inject={call}:error=EPERM",
         *names.words_of("rind", ["pause"], False)], check=False,
        capture_output=True, text=True, timeout=harness.TIMEOUT)
    assert done.returncode == 1
    assert done.stderr.startswith(line), done.stderr


def test_unknown_name_is_rind():
    facts, process = names.run("rind", ["init", "true"])
    assert facts["code"] == 125
    assert process.err.startswith("rind: user: root: ")


@pytest.mark.parametrize("name, usage, rows", [
    ("tini", "[OPTION]... COMMAND [ARG]...", """\
  -s  become a subreaper
  -g  as --forward-to=group
  -p  as --parent-death=SIG
  -l  as --license
     --version  print the version
   $TINI_SUBREAPER  as -s
   $TINI_VERBOSITY=0  warn of nothing"""),
    ("dumb-init", "[OPTION]... COMMAND [ARG]...", """\
  -c --single-child  send signals to the app alone
  -r --rewrite  as --rewrite=FROM:TO
  -v --verbose  as --verbose
   $DUMB_INIT_DEBUG=1  as --verbose"""),
    ("catatonit", "[OPTION]... COMMAND [ARG]...", """\
  -P  run no program, hold the namespaces
  -h  print this help"""),
    ("setpriv", "[OPTION]... COMMAND [ARG]...", """\
     --reuid=USER  set the uid
     --groups  as --groups=G,...
     --bounding-set=+CAP,-CAP,...  change the bounding set
     --no-new-privs  set no_new_privs
     --nnp  set no_new_privs
     --pdeathsig=SIG|keep|clear  set the signal at the parent's death"""),
    ("gosu", "USER[:GROUP] COMMAND [ARG]...", "  -h --help  print this help"),
    ("su-exec", "USER[:GROUP] COMMAND [ARG]...", "  -h --help  print this help"),
    ("pause", "[OPTION]...", "  -v --version  print the version"),
])
def test_help_tells_the_usage_and_what_each_option_does(name, usage, rows):
    facts, process = names.run("rind", [name, "-h"])
    assert (facts["code"], process.err) == (0, "")
    first, _, *lines = process.out.splitlines()
    assert first == f"{name} {usage}"
    assert set(rows.splitlines()) <= set(lines)
    for line in lines:
        assert re.fullmatch(r" +[-$][^ ]+( --[^ ]+)?  [a-z][^+]*", line)
