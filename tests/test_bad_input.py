"""Bad input: exit 125, one line that names option and value, nothing run."""

import re
import resource
import subprocess

import pytest

import harness
from inside import one_line

# (options, what the one line says)
BAD = [
    # The grammar
    (["--nosuch"], "--nosuch: unknown option"),
    (["--nosuch=1"], "--nosuch=1: unknown option"),
    (["--use=app"], "--use=app: unknown option"),
    (["--users=app"], "--users=app: unknown option"),
    (["--=app"], "--=app: unknown option"),
    (["---user=app"], "---user=app: unknown option"),
    (["-x"], "-x: unknown option"),
    (["-vv"], "-vv: unknown option"),
    (["-u=app"], "-u=app: unknown option"),
    (["--exec=on"], "--exec=on: neither yes nor no"),
    (["--exec="], "--exec=: neither yes nor no"),
    (["--help=all"], "--help=all: takes no value"),
    (["--no\nsuch"], r"--no\nsuch: unknown option"),
    (["--no\x1b[31msuch"], r"--no\x1b[31msuch: unknown option"),
    (["--user=app\n"], r"--user=app\n: a control character in the value"),
    (["--user", "a\nb"], r"--user=a\nb: a control character in the value"),
    (["--workdir=/\x1b[2J"], r"--workdir=/\x1b[2J: a control character"),
    (["--cap=chown\x7f"], r"--cap=chown\x7f: a control character"),
    (["--stop-grace=\t5"], r"--stop-grace=\t5: a control character"),
    (["--config=/a\nb"], r"--config=/a\nb: a control character"),
    (["--check=json\n"], r"--check=json\n: a control character"),
    (["--ulimit=nofile=1\r"], r"--ulimit=nofile=1\r: a control character"),
    # Twice what can be only once
    (["--user=app", "--user=www"], "--user=www: given twice"),
    (["--user=app", "--user", "app"], "--user=app: given twice"),
    (["--groups=a", "--groups=b"], "--groups=b: given twice"),
    (["--allow-new-privs", "--allow-new-privs"],
     "--allow-new-privs: given twice"),
    (["--workdir=/", "--workdir=/tmp"], "--workdir=/tmp: given twice"),
    (["--umask=022", "--umask=027"], "--umask=027: given twice"),
    (["--nice=1", "--nice=2"], "--nice=2: given twice"),
    (["--oom-score-adj=1", "--oom-score-adj=2"],
     "--oom-score-adj=2: given twice"),
    (["--clear-env", "--clear-env"], "--clear-env: given twice"),
    (["--exec", "--exec"], "--exec: given twice"),
    (["--forward-to=main", "--forward-to=all"],
     "--forward-to=all: given twice"),
    (["--stop-delay=1", "--stop-delay=2"], "--stop-delay=2: given twice"),
    (["--stop-timeout=1", "--stop-timeout=2"],
     "--stop-timeout=2: given twice"),
    (["--stop-grace=1", "--stop-grace=2"], "--stop-grace=2: given twice"),
    (["--wait=main", "--wait=all"], "--wait=all: given twice"),
    (["--parent-death=TERM", "--parent-death=KILL"],
     "--parent-death=KILL: given twice"),
    (["-v", "--verbose"], "--verbose: given twice"),
    # Who
    (["--user="], "--user=: no user"),
    (["--user=:"], "--user=:: no user"),
    (["--user=a:b:c"], "--user=a:b:c: more than one colon"),
    (["--user=::"], "--user=::: more than one colon"),
    (["--groups="], "--groups=: an empty item in the list"),
    (["--groups=a,,b"], "--groups=a,,b: an empty item in the list"),
    (["--groups=a,"], "--groups=a,: an empty item in the list"),
    # What
    (["--cap="], "--cap=: an empty item in the list"),
    (["--cap=chown,,kill"], "--cap=chown,,kill: an empty item in the list"),
    (["--cap=nosuch"], "--cap=nosuch: no such capability"),
    (["--cap=none,chown"], '--cap=none,chown: "none" stands alone'),
    # The process
    (["--workdir="], "--workdir=: not an absolute path"),
    (["--workdir=tmp"], "--workdir=tmp: not an absolute path"),
    (["--umask="], "--umask=: not an octal number"),
    (["--umask=8"], "--umask=8: not an octal number"),
    (["--umask=1000"], "--umask=1000: not an octal number"),
    (["--umask=-1"], "--umask=-1: not an octal number"),
    (["--umask=u=rwx"], "--umask=u=rwx: not an octal number"),
    (["--umask=0x12"], "--umask=0x12: not an octal number"),
    (["--nice="], "--nice=: not a niceness"),
    (["--nice=20"], "--nice=20: not a niceness"),
    (["--nice=-21"], "--nice=-21: not a niceness"),
    (["--nice=1.5"], "--nice=1.5: not a niceness"),
    (["--nice=+1"], "--nice=+1: not a niceness"),
    (["--nice=-"], "--nice=-: not a niceness"),
    (["--nice=99999999999999999999"], "--nice=99999999999999999999: not a nice"),
    (["--oom-score-adj="], "--oom-score-adj=: not a score"),
    (["--oom-score-adj=1001"], "--oom-score-adj=1001: not a score"),
    (["--oom-score-adj=-1001"], "--oom-score-adj=-1001: not a score"),
    (["--oom-score-adj=x"], "--oom-score-adj=x: not a score"),
    (["--ulimit="], "--ulimit=: no such limit"),
    (["--ulimit=nosuch=1"], "--ulimit=nosuch=1: no such limit"),
    (["--ulimit=NOFILE=1"], "--ulimit=NOFILE=1: no such limit"),
    (["--ulimit=nofile"], "--ulimit=nofile: not a limit"),
    (["--ulimit=nofile="], "--ulimit=nofile=: not a limit"),
    (["--ulimit=nofile=x"], "--ulimit=nofile=x: not a limit"),
    (["--ulimit=nofile=1:"], "--ulimit=nofile=1:: not a limit"),
    (["--ulimit=nofile=:1"], "--ulimit=nofile=:1: not a limit"),
    (["--ulimit=nofile=1:2:3"], "--ulimit=nofile=1:2:3: not a limit"),
    (["--ulimit=nofile=-2"], "--ulimit=nofile=-2: not a limit"),
    (["--ulimit=nofile=1k"], "--ulimit=nofile=1k: not a limit"),
    (["--ulimit=nofile=18446744073709551615"],
     "--ulimit=nofile=18446744073709551615: not a limit"),
    (["--ulimit=nofile=99999999999999999999999999"],
     "--ulimit=nofile=99999999999999999999999999: not a limit"),
    (["--ulimit=nofile=2:1"], "--ulimit=nofile=2:1: the soft limit is above"),
    (["--ulimit=nofile=unlimited:1"],
     "--ulimit=nofile=unlimited:1: the soft limit is above"),
    (["--ulimit=nofile=1", "--ulimit=nofile=1"],
     "--ulimit=nofile=1: this limit is given twice"),
    (["--env="], "--env=: a variable without a name"),
    (["--env==1"], "--env==1: a variable without a name"),
    (["--env-file="], "--env-file=: no file is named"),
    (["--unset-env="], "--unset-env=: a variable without a name"),
    (["--unset-env=A=1"], "--unset-env=A=1: a variable's name holds no"),
    (["--keep-fd="], "--keep-fd=: not a descriptor's number"),
    (["--keep-fd=-1"], "--keep-fd=-1: not a descriptor's number"),
    (["--keep-fd=x"], "--keep-fd=x: not a descriptor's number"),
    (["--keep-fd=2147483648"], "--keep-fd=2147483648: not a descriptor's"),
    # Supervision
    (["--forward-to="], "--forward-to=: neither main, group nor all"),
    (["--forward-to=Main"], "--forward-to=Main: neither main, group nor all"),
    (["--wait="], "--wait=: neither main nor all"),
    (["--wait=group"], "--wait=group: neither main nor all"),
    (["--rewrite="], "--rewrite=: no colon"),
    (["--rewrite=TERM"], "--rewrite=TERM: no colon"),
    (["--rewrite=TERM:"], "--rewrite=TERM:: TO is no signal"),
    (["--rewrite=:TERM"], "--rewrite=:TERM: FROM is no signal"),
    (["--rewrite=NOSUCH:TERM"], "--rewrite=NOSUCH:TERM: FROM is no signal"),
    (["--rewrite=TERM:NOSUCH"], "--rewrite=TERM:NOSUCH: TO is no signal"),
    (["--rewrite=0:TERM"], "--rewrite=0:TERM: FROM is no signal"),
    (["--rewrite=65:TERM"], "--rewrite=65:TERM: FROM is no signal"),
    (["--rewrite=TERM:65"], "--rewrite=TERM:65: TO is no signal"),
    (["--rewrite=TERM:-1"], "--rewrite=TERM:-1: TO is no signal"),
    (["--rewrite=KILL:TERM"], "--rewrite=KILL:TERM: SIGKILL cannot be caught"),
    (["--rewrite=STOP:TERM"], "--rewrite=STOP:TERM: SIGSTOP cannot be caught"),
    (["--rewrite=TERM:INT:HUP"], "--rewrite=TERM:INT:HUP: TO is no signal"),
    (["--rewrite=RTMIN+31:TERM"], "--rewrite=RTMIN+31:TERM: FROM is no"),
    (["--rewrite=RTMIN-1:TERM"], "--rewrite=RTMIN-1:TERM: FROM is no"),
    (["--rewrite=TERM:INT", "--rewrite=15:HUP"],
     "--rewrite=15:HUP: this signal is rewritten already"),
    (["--stop-signal="], "--stop-signal=: not a signal"),
    (["--stop-signal=0"], "--stop-signal=0: not a signal"),
    (["--stop-signal=65"], "--stop-signal=65: not a signal"),
    (["--stop-signal=TERM:INT"], "--stop-signal=TERM:INT: not a signal"),
    (["--stop-signal=INT", "--stop-signal=HUP"],
     "--stop-signal=HUP: given twice"),
    (["--rewrite=TERM:INT", "--stop-signal=HUP"],
     "--stop-signal=HUP: SIGTERM is rewritten already"),
    (["--stop-signal=HUP", "--rewrite=TERM:INT"],
     "--rewrite=TERM:INT: this signal is rewritten already"),
    (["--stop-delay="], "--stop-delay=: not a time"),
    (["--stop-delay=x"], "--stop-delay=x: not a time"),
    (["--stop-delay=-1"], "--stop-delay=-1: not a time"),
    (["--stop-delay=1d"], "--stop-delay=1d: not a time"),
    (["--stop-delay=1 s"], "--stop-delay=1 s: not a time"),
    (["--stop-delay=s"], "--stop-delay=s: not a time"),
    (["--stop-delay=.5"], "--stop-delay=.5: not a time"),
    (["--stop-delay=1."], "--stop-delay=1.: not a time"),
    (["--stop-timeout=99999999999999999999"],
     "--stop-timeout=99999999999999999999: not a time"),
    (["--stop-grace=99999999999m"], "--stop-grace=99999999999m: not a time"),
    (["--success="], "--success=: not a list of exit codes"),
    (["--success=256"], "--success=256: not a list of exit codes"),
    (["--success=-1"], "--success=-1: not a list of exit codes"),
    (["--success=1,"], "--success=1,: not a list of exit codes"),
    (["--success=1,,2"], "--success=1,,2: not a list of exit codes"),
    (["--success=00000000001"], "--success=00000000001: not a list of exit"),
    (["--parent-death="], "--parent-death=: not a signal"),
    (["--parent-death=NOSUCH"], "--parent-death=NOSUCH: not a signal"),
    (["--parent-death=0"], "--parent-death=0: not a signal"),
    (["--parent-death=65"], "--parent-death=65: not a signal"),
]


def refused(process, start):
    assert process.wait() == 125
    said = one_line(process)
    assert said.startswith(f"rind: options: {start}")
    assert not re.search(r"[^ -~]", said), "a control character was printed"
    assert len(said) < 1100
    return said


@pytest.mark.parametrize("words, start", BAD,
                         ids=[ascii(" ".join(words)) for words, _ in BAD])
def test_what_makes_no_sense_is_refused(plain, tmp_path, words, start):
    ran = tmp_path / "ran"
    refused(plain(*words, "touch", ran), start)
    assert not ran.exists()


def test_an_option_at_the_end_needs_its_value(plain):
    process = plain("--help")
    assert process.wait() == 0
    options = re.findall(r"^  --([a-z-]+)=", process.out, re.MULTILINE)
    assert len(options) > 30
    for name in options:
        refused(plain(f"--{name}"), f"--{name}: needs a value (write --{name}=")


@pytest.mark.parametrize("words", [
    [], ["--"], ["--user=1000"], ["--user=1000", "--"], [""],
    ["--user=1000", ""], ["--", ""]])
def test_no_command_is_refused(plain, words):
    assert refused(plain(*words), "no command to run") == (
        "rind: options: no command to run "
        "(write rind [OPTION]... [--] COMMAND [ARG]...)")


def test_the_first_mistake_is_the_one_that_is_told(plain):
    refused(plain("--nosuch", "--umask=9", "true"), "--nosuch: unknown")


def test_options_end_at_the_command(container):
    process = container("--user=app", "echo", "--nosuch", "--help")
    assert process.wait() == 0
    assert process.out == "--nosuch --help\n"


def test_options_end_at_two_dashes(container):
    process = container("--user=app", "--", "echo", "--", "--help")
    assert process.wait() == 0
    assert process.out == "-- --help\n"


def test_a_single_dash_is_a_command(container):
    process = container("--user=app", "-", "x")
    assert process.wait() == 127
    assert "exec: -: not found in PATH" in process.err


@pytest.mark.parametrize("name", ["user", "cap", "workdir", "env-file",
                                  "rewrite", "nosuch"])
def test_a_value_of_100_kilobytes_is_one_short_line(plain, name):
    user = [] if name == "user" else ["--user=1000"]
    process = plain(*user, f"--{name}=" + "/" * 100_000, "echo", "ran")
    assert process.wait() == 125
    line = one_line(process)
    assert "//..." in line and len(line) < 400


# The kernel takes 128 KiB in a word, and 3 MiB in all where the stack may
# grow to 12 MiB.
def test_three_mebibytes_of_mistakes_are_one_short_line(plain):
    words = ["--env=" + "A" * 100_000] * 30
    process = plain(*words, "--nosuch" + "x" * 100_000, "echo", "ran",
                    preexec_fn=lambda: resource.setrlimit(
                        resource.RLIMIT_STACK, (64 << 20, 64 << 20)))
    said = refused(process, "--nosuchxxx")
    assert "...: unknown option" in said and len(said) < 400


def test_three_mebibytes_of_arguments_reach_the_app(plain):
    process = plain("--user=1000", "sh", "-c", "echo $#", "sh",
                    *["x" * 100_000] * 30,
                    preexec_fn=lambda: resource.setrlimit(
                        resource.RLIMIT_STACK, (64 << 20, 64 << 20)))
    assert process.wait() == 0
    assert process.out == "30\n"


def test_a_word_that_is_no_text_is_shown_escaped(plain):
    process = plain(b"--user=\xff\xfe\x01", "echo", "ran")
    refused(process, r"--user=\xff\xfe\x01: a control character")


def test_a_backslash_is_shown_so_that_nothing_is_ambiguous(plain):
    refused(plain(r"--nosuch\n", "true"), r"--nosuch\\n: unknown option")


def test_stderr_that_is_closed_takes_nothing_away_from_the_exit_code():
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" --nosuch 2>&-', harness.BUILD / "rind"],
        capture_output=True, check=False, timeout=harness.TIMEOUT)
    assert done.returncode == 125


def test_help_that_cannot_be_written_is_an_error():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([harness.BUILD / "rind", "--help"],
                              stdout=full, stderr=subprocess.PIPE, text=True,
                              check=False, timeout=harness.TIMEOUT)
    assert done.returncode == 125
    assert done.stderr == "rind: options: stdout: cannot be written\n"
