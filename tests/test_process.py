"""The options of the app's process: directory, limits, priority, environment;
and what is said where the command cannot be run."""

import re
import subprocess

import pytest

import harness
from inside import TMP, as_user, fields, mask, one_line, sets, without


def output(process):
    assert process.wait() == 0, process.err
    assert process.err == ""
    return process.out


# --workdir


def test_workdir(container):
    process = container("--user=app", "--workdir=/home/app", "pwd")
    assert output(process) == "/home/app\n"


def test_without_workdir_the_directory_stays(container):
    process = container("--user=app", "pwd")
    assert output(process) == "/\n"


def test_workdir_that_is_not_there(container):
    process = container("--user=app", "--workdir=/nosuch", "echo", "ran")
    assert process.wait() == 125
    assert one_line(process) == (
        "rind: workdir: /nosuch: No such file or directory (create it, or "
        "name a directory that exists)")


def test_workdir_that_is_no_directory(container):
    process = container("--user=app", "--workdir=/etc/passwd", "echo", "ran")
    assert process.wait() == 125
    assert one_line(process) == "rind: workdir: /etc/passwd: Not a directory"


def test_workdir_is_entered_as_the_apps_user(container):
    process = container("--user=app", "--workdir=/tmp/closed", "echo", "ran",
                        prepare=TMP + '; mkdir -m 700 "$IMAGE/tmp/closed"')
    assert process.wait() == 125
    assert one_line(process) == (
        "rind: workdir: /tmp/closed: Permission denied "
        "(let the app's user enter it)")


# --umask


@pytest.mark.parametrize("mask_given, shown", [
    ("027", "0027"), ("0", "0000"), ("777", "0777"), ("0022", "0022")])
def test_umask(container, mask_given, shown):
    process = container("--user=app", f"--umask={mask_given}", "sh", "-c",
                        "umask")
    assert output(process) == shown + "\n"


def test_without_umask_it_stays(container):
    process = container("--user=app", "sh", "-c", "umask",
                        prepare="umask 031")
    assert output(process) == "0031\n"


# --ulimit

ROWS = {
    "as": "Max address space", "core": "Max core file size",
    "cpu": "Max cpu time", "data": "Max data size",
    "fsize": "Max file size", "locks": "Max file locks",
    "memlock": "Max locked memory", "msgqueue": "Max msgqueue size",
    "nice": "Max nice priority", "nofile": "Max open files",
    "nproc": "Max processes", "rss": "Max resident set",
    "rtprio": "Max realtime priority", "rttime": "Max realtime timeout",
    "sigpending": "Max pending signals", "stack": "Max stack size",
}
BIG = {"as": 1 << 30, "data": 1 << 30, "stack": 1 << 20, "rss": 1 << 30}


def limit(text, name):
    """[soft, hard] of a limit in the text of /proc/PID/limits."""
    row = next(line for line in text.splitlines()
               if line.startswith(ROWS[name] + " "))
    return row[len(ROWS[name]):].split()[:2]


# The kernel's own default for these is 0, and they cannot be raised.
@pytest.mark.parametrize("name", sorted(ROWS))
def test_ulimit_by_each_name(container, name):
    hard = 0 if name in ("nice", "rtprio", "core") else BIG.get(name, 60)
    soft = hard // 2
    process = container("--user=app", f"--ulimit={name}={soft}:{hard}",
                        "cat", "/proc/self/limits")
    assert limit(output(process), name) == [str(soft), str(hard)]


def test_ulimit_soft_alone_is_both(container):
    process = container("--user=app", "--ulimit=nofile=64", "cat",
                        "/proc/self/limits")
    assert limit(output(process), "nofile") == ["64", "64"]


@pytest.mark.parametrize("word", ["unlimited", "-1"])
def test_ulimit_unlimited(container, word):
    process = container("--user=app", f"--ulimit=fsize={word}", "cat",
                        "/proc/self/limits")
    assert limit(output(process), "fsize") == ["unlimited", "unlimited"]


def test_ulimit_finite_soft_and_unlimited_hard(container):
    process = container("--user=app", "--ulimit=fsize=4096:unlimited", "cat",
                        "/proc/self/limits")
    assert limit(output(process), "fsize") == ["4096", "unlimited"]


def test_ulimits_add_up(container):
    process = container("--user=app", "--ulimit=nofile=64",
                        "--ulimit=core=0", "cat", "/proc/self/limits")
    text = output(process)
    assert limit(text, "nofile") == ["64", "64"]
    assert limit(text, "core") == ["0", "0"]


def test_ulimit_raised_without_the_right_to_is_an_error(container):
    process = container("--user=app", "--ulimit=nofile=200", "echo", "ran",
                        prepare="ulimit -n 100",
                        enter=without("sys_resource"))
    assert process.wait() == 125
    assert one_line(process) == (
        "rind: ulimit: nofile: Operation not permitted "
        "(start rind with CAP_SYS_RESOURCE, or give at most the hard limit)")


# --nice, --oom-score-adj


@pytest.mark.parametrize("value", ["5", "19", "-5"])
def test_nice(container, value):
    process = container("--user=app", f"--nice={value}", "cat",
                        "/proc/self/stat")
    assert output(process).rpartition(")")[2].split()[16] == value


def test_nice_lowered_without_the_right_to_is_an_error(container):
    process = container("--nice=-5", "echo", "ran", enter=as_user(1000))
    assert process.wait() == 125
    assert one_line(process) == ("rind: nice: Permission denied "
                                 "(start rind with CAP_SYS_NICE, or give a "
                                 "higher number)")


@pytest.mark.parametrize("value", ["500", "1000"])
def test_oom_score_adj(container, value):
    process = container("--user=app", f"--oom-score-adj={value}", "cat",
                        "/proc/self/oom_score_adj")
    assert output(process) == value + "\n"


def test_oom_score_adj_is_the_apps_alone(container):
    process = container("--user=app", "--oom-score-adj=500", "cat",
                        "/proc/1/oom_score_adj")
    assert output(process) == "0\n"


def test_oom_score_adj_lowered_without_the_right_to_is_an_error(container):
    process = container("--user=app", "--oom-score-adj=-1000", "echo", "ran",
                        enter=without("sys_resource"))
    assert process.wait() == 125
    assert one_line(process) == (
        "rind: oom-score-adj: -1000: Permission denied "
        "(start rind with CAP_SYS_RESOURCE, or give a higher number)")


def test_oom_score_adj_without_proc_is_an_error(container):
    process = container("--user=app", "--oom-score-adj=500", "echo", "ran",
                        proc=False)
    assert process.wait() == 125
    assert one_line(process) == (
        "rind: oom-score-adj: /proc/self/oom_score_adj: "
        "No such file or directory (mount /proc)")


# --keep-fd


def test_descriptors_are_closed(container):
    process = container("--user=app", "ls", "/proc/self/fd",
                        prepare='exec 5<"$IMAGE" 7<"$IMAGE"')
    # 3 is the directory that ls reads.
    assert output(process).split() == ["0", "1", "2", "3"]


def test_keep_fd(container):
    process = container("--user=app", "--keep-fd=7", "sh", "-c",
                        "cat <&7; echo <&5",
                        prepare=TMP + '; echo kept >"$IMAGE/tmp/file"; '
                        'exec 5<"$IMAGE" 7<"$IMAGE/tmp/file"')
    assert process.wait() != 0
    assert process.out == "kept\n"
    assert "5: Bad file descriptor" in process.err


def test_keep_fd_that_is_not_open_is_an_error(container):
    process = container("--user=app", "--keep-fd=7", "echo", "ran")
    assert process.wait() == 125
    assert one_line(process) == ("rind: keep-fd: 7: Bad file descriptor "
                                 "(open it before rind starts)")


# --env and its kin


def environment(process):
    """The app's variables without those of its user."""
    return [line for line in output(process).splitlines()
            if not line.startswith(("HOME=", "USER=", "LOGNAME="))]


CLEAN = 'env -i PATH="$PATH" '


@pytest.mark.parametrize("words, expected", [
    (["--env=A=1"], ["A=1"]),
    (["--env", "A=1"], ["A=1"]),
    (["--env=A=1", "--env=B=2"], ["A=1", "B=2"]),
    (["--env=A=1", "--env=A=2"], ["A=2"]),
    (["--env=A="], ["A="]),
    (["--env=A=b=c"], ["A=b=c"]),
    (["--env=A= x "], ["A= x "]),
    (["--env=A='q'"], ["A='q'"]),
    (["--env=A=$HOME"], ["A=$HOME"]),
    (["--env=A=é"], ["A=é"]),
    (["--env=OUTER"], ["OUTER=outer"]),
    (["--env=NOSUCH"], []),
    (["--env=A=1", "--env=A"], []),
    (["--unset-env=A", "--env=A=1"], ["A=1"]),
    (["--env=A=1", "--unset-env=A"], ["A=1"]),
])
def test_env(container, words, expected):
    process = container("--user=app", "--clear-env", *words, "env",
                        enter=CLEAN + "OUTER=outer " + harness.CHROOT)
    assert environment(process) == expected


def test_env_with_a_line_break_in_its_value(container):
    process = container("--user=app", "--env=A=one\ntwo", "sh", "-c",
                        'printf %s "$A"')
    assert output(process) == "one\ntwo"


def test_the_environment_is_handed_on(container):
    process = container("--user=app", "env",
                        enter=CLEAN + "A=1 B=2 " + harness.CHROOT)
    assert {"A=1", "B=2"} <= set(environment(process))


def test_unset_env(container):
    process = container("--user=app", "--unset-env=A", "--unset-env=NOSUCH",
                        "env", enter=CLEAN + "A=1 AA=2 " + harness.CHROOT)
    lines = environment(process)
    assert "A=1" not in lines and "AA=2" in lines


def test_unset_env_takes_home_too(container):
    process = container("--user=app", "--clear-env", "--unset-env=HOME",
                        "env")
    assert output(process).splitlines() == ["LOGNAME=app", "USER=app"]


def test_clear_env_leaves_the_users_own(container):
    process = container("--user=app", "--clear-env", "env")
    assert output(process).splitlines() == [
        "HOME=/home/app", "LOGNAME=app", "USER=app"]


def with_file(container, text, *words, **kwargs):
    return container(
        "--user=app", "--clear-env", *words, "--env-file=/tmp/env", "env",
        prepare=TMP + f"; printf %b '{text}' >\"$IMAGE/tmp/env\"", **kwargs)


@pytest.mark.parametrize("text, expected", [
    (r"A=1\nB=2\n", ["A=1", "B=2"]),
    (r"A=1", ["A=1"]),
    (r"# comment\n\nA=1\n  # comment\n", ["A=1"]),
    (r"  A=1\n\tB=2\n", ["A=1", "B=2"]),
    (r"A= 1 \n", ["A= 1 "]),
    (r'A="q"\n', ['A="q"']),
    (r"A=1 # no comment\n", ["A=1 # no comment"]),
    (r"A=$HOME\n", ["A=$HOME"]),
    (r"A=\n", ["A="]),
    (r"A=1\nA=2\n", ["A=2"]),
    (r"OUTER\nNOSUCH\n", ["OUTER=outer"]),
    (r"A=1\r\nB=2\r\n", ["A=1", "B=2"]),
    (r"\0357\0273\0277A=1\n", ["A=1"]),
    (r"", []),
])
def test_env_file(container, text, expected):
    process = with_file(container, text,
                        enter=CLEAN + "OUTER=outer " + harness.CHROOT)
    assert environment(process) == expected


@pytest.mark.parametrize("words", [
    ["--config=/etc/conf", "--env=A=command"],
    ["--env=A=command", "--config=/etc/conf"],
    ["--env-file=/etc/more", "--config=/etc/conf"]])
def test_the_command_lines_env_wins_over_the_config_files(container, words):
    process = container(
        "--user=app", *words, "sh", "-c", "echo $A", prepare=(
            'mount -t tmpfs none "$IMAGE/etc"; '
            'echo "app:x:1000:1000::/:/bin/sh" >"$IMAGE/etc/passwd"; '
            'echo "env A=config" >"$IMAGE/etc/conf"; '
            'echo "A=command" >"$IMAGE/etc/more"'))
    assert (process.wait(), process.out, process.err) == (0, "command\n", "")


def test_an_env_file_may_be_a_descriptor(plain, tmp_path):
    (tmp_path / "env").write_text("A=given\n")
    for path in ("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"):
        with (tmp_path / "env").open() as file:
            process = plain("--user=root", f"--env-file={path}", "--", "sh",
                            "-c", "echo $A", stdin=file)
            assert (process.wait(), process.out) == (0, "given\n")


def test_env_wins_over_env_file(container):
    process = with_file(container, r"A=file\n", "--env=A=word")
    assert environment(process) == ["A=word"]


@pytest.mark.parametrize("text, line", [
    (r"A=1\n=2\n", "/tmp/env:2: a variable without a name"),
    (r"A B=1\n", "/tmp/env:1: a blank in a variable's name"),
    (r"A =1\n", "/tmp/env:1: a blank in a variable's name"),
    (r"A=1\0000\n", "/tmp/env: holds a NUL byte"),
])
def test_a_bad_line_in_env_file_is_an_error(container, text, line):
    process = with_file(container, text)
    assert process.wait() == 125
    assert one_line(process).startswith("rind: environment: " + line)


@pytest.mark.parametrize("make, reason", [
    ("true", "No such file or directory (create it, or name a file that exists)"),
    ('mkdir "$IMAGE/tmp/env"', "Is a directory"),
    ('mkfifo "$IMAGE/tmp/env"', "not a regular file"),
    ('echo A=1 >"$IMAGE/tmp/env"; chmod 600 "$IMAGE/tmp/env"',
     "Permission denied"),
])
def test_an_env_file_that_the_app_may_not_read_is_an_error(container, make,
                                                           reason):
    process = container("--user=app", "--env-file=/tmp/env", "echo", "ran",
                        prepare=TMP + "; " + make)
    assert process.wait() == 125
    assert one_line(process).startswith(
        f"rind: environment: /tmp/env: {reason}")


# Running the command


def script(text, mode="755", name="script"):
    return (TMP + f"; printf %b '{text}' >\"$IMAGE/tmp/{name}\"; "
            f'chmod {mode} "$IMAGE/tmp/{name}"')


EXEC = pytest.mark.parametrize("more", [[], ["--exec"]],
                               ids=["supervised", "exec"])


def not_run(process, code):
    assert process.wait() == code
    return one_line(process)


@EXEC
def test_a_command_that_is_nowhere_is_127(container, more):
    process = container("--user=app", *more, "nosuch")
    assert not_run(process, 127) == (
        "rind: exec: nosuch: not found in PATH "
        "(give its whole path, or add its directory to PATH)")


@EXEC
def test_a_path_that_is_not_there_is_127(container, more):
    process = container("--user=app", *more, "/bin/nosuch")
    assert not_run(process, 127) == (
        "rind: exec: /bin/nosuch: No such file or directory")


@EXEC
def test_a_missing_interpreter_of_a_script_is_127_and_named(container, more):
    process = container("--user=app", *more, "/tmp/script",
                        prepare=script(r"#!/usr/bin/nosuch -x\n"))
    assert not_run(process, 127) == (
        "rind: exec: /tmp/script: its interpreter /usr/bin/nosuch is "
        "missing (add it to the image, or link the program statically)")


def test_a_carriage_return_after_the_interpreter_is_shown(container):
    process = container("--user=app", "/tmp/script",
                        prepare=script(r"#!/bin/sh\r\necho hello\r\n"))
    assert r"its interpreter /bin/sh\r is missing" in not_run(process, 127)


@EXEC
def test_a_missing_elf_loader_is_127_and_named(container, more):
    process = container("--user=app", *more, "/tmp/true",
                        prepare=TMP + '; cp /bin/true "$IMAGE/tmp/true"')
    assert re.fullmatch(
        r"rind: exec: /tmp/true: its interpreter /lib\S*ld-linux\S* is "
        r"missing \(add it to the image, or link the program statically\)",
        not_run(process, 127))


def test_a_missing_interpreter_is_named_for_a_command_in_path(container):
    process = container("--user=app", "--env=PATH=/bin:/tmp", "script",
                        prepare=script(r"#!/usr/bin/nosuch\n"))
    assert "its interpreter /usr/bin/nosuch is missing" in (
        not_run(process, 127))


@EXEC
def test_a_script_without_an_interpreter_line_is_126(container, more):
    process = container("--user=app", *more, "/tmp/script",
                        prepare=script(r"echo hello\n"))
    assert not_run(process, 126) == (
        "rind: exec: /tmp/script: Exec format error (begin a script "
        'with "#!", or use a program for this machine)')


def test_an_empty_file_is_126(container):
    process = container("--user=app", "/tmp/script", prepare=script(""))
    assert "Exec format error" in not_run(process, 126)


@EXEC
def test_a_directory_is_126(container, more):
    process = container("--user=app", *more, "/bin")
    assert not_run(process, 126) == (
        "rind: exec: /bin: Permission denied (name a file, and let the app's "
        "user execute and reach it, on a mount without noexec)")


def test_a_file_that_may_not_be_executed_is_126(container):
    process = container("--user=app", "/etc/passwd")
    assert "Permission denied" in not_run(process, 126)


def test_a_file_for_another_user_is_126(container):
    process = container("--user=app", "/tmp/script",
                        prepare=script(r"#!/bin/sh\n", mode="700"))
    assert "Permission denied" in not_run(process, 126)


def test_a_path_through_a_file_is_127(container):
    process = container("--user=app", "/etc/passwd/x")
    assert not_run(process, 127) == (
        "rind: exec: /etc/passwd/x: Not a directory")


def test_path_is_searched_in_its_order(container):
    process = container("--user=app", "--env=PATH=/nosuch:/tmp:/bin", "echo",
                        "from bin",
                        prepare=script(r"#!/bin/sh\necho from tmp\n",
                                       name="echo"))
    assert output(process) == "from tmp\n"


def test_path_goes_on_past_a_file_that_may_not_be_run(container):
    process = container("--user=app", "--env=PATH=/tmp:/bin", "echo",
                        "from bin",
                        prepare=script(r"#!/bin/sh\n", mode="644",
                                       name="echo"))
    assert output(process) == "from bin\n"


def test_a_file_that_may_not_be_run_is_told_of_if_no_other_is(container):
    process = container("--user=app", "--env=PATH=/tmp:/bin", "script",
                        prepare=script(r"#!/bin/sh\n", mode="644"))
    assert "/tmp/script: Permission denied" in not_run(process, 126)


def test_path_has_a_default(container):
    process = container("--user=app", "--clear-env", "echo", "found")
    assert output(process) == "found\n"


def test_the_path_is_the_apps_own(container):
    process = container("--user=app", "--env=PATH=/nosuch", "echo", "ran")
    assert "not found in PATH" in not_run(process, 127)


@pytest.mark.parametrize("path", ["", "/nosuch:"])
def test_an_empty_part_of_path_is_not_the_working_directory(container, path):
    process = container("--user=app", f"--env=PATH={path}",
                        "--workdir=/bin", "echo", "ran")
    assert "not found in PATH" in not_run(process, 127)


def test_arguments_that_are_too_long_for_the_app_are_126(container):
    process = container(
        "--user=app", "--env-file=/tmp/env", "echo", "ran",
        prepare=TMP + '; { printf A=; head -c 3145728 /dev/zero | '
        'tr "\\\\0" x; } >"$IMAGE/tmp/env"')
    assert not_run(process, 126) == (
        "rind: exec: /bin/echo: Argument list too long "
        "(shorten the arguments or the environment)")


# --exec


def test_exec_makes_the_app_pid_1(container):
    process = container("--exec", "--user=app", "sh", "-c", "echo $$")
    assert output(process) == "1\n"


def test_exec_confines_as_much(container):
    process = container("--exec", "--user=app", "--cap=chown",
                        "--workdir=/home/app", "cat", "/proc/self/status")
    text = output(process)
    assert sets(text) == [mask("chown")] * 5
    assert fields(text)["Uid"].split() == ["1000"] * 4
    assert fields(text)["NoNewPrivs"] == "1"


def test_exec_closes_descriptors(container):
    process = container("--exec", "--user=app", "ls", "/proc/self/fd",
                        prepare='exec 5<"$IMAGE" 7<"$IMAGE"')
    assert output(process).split() == ["0", "1", "2", "3"]


def test_exec_hands_back_the_exit_code(container):
    process = container("--exec", "--user=app", "sh", "-c", "exit 42")
    assert process.wait() == 42


def test_exec_says_setup_errors_itself(container):
    process = container("--exec", "--user=app", "--workdir=/nosuch", "echo",
                        "ran")
    assert process.wait() == 125
    assert one_line(process) == (
        "rind: workdir: /nosuch: No such file or directory (create it, or "
        "name a directory that exists)")


@pytest.mark.parametrize("word", [
    "--forward-to=all", "--wait=all", "--stop-delay=1s", "--stop-timeout=1s",
    "--stop-grace=1s", "--success=3", "--rewrite=TERM:QUIT",
    "--stop-signal=QUIT", "--die-with-rind"])
def test_exec_leaves_no_supervisor_for(plain, word):
    process = plain("--exec", word, "--user=1000", "echo", "ran")
    assert process.wait() == 125
    assert one_line(process) == (
        f"rind: options: {word.partition('=')[0]}: needs a supervisor "
        f"(remove --exec or {word.partition('=')[0]})")


# The app's process builds the environment, with --exec it is rind itself.
@pytest.mark.parametrize("words", [[], ["--exec"]])
def test_without_memory_rind_says_one_line_and_exits_125(tmp_path, words):
    (tmp_path / "env").write_text("A=1\n" * 700000)
    run = subprocess.run(
        ["prlimit", "--as=12000000", harness.BUILD / "rind", "--user=0",
         f"--env-file={tmp_path}/env", *words, "--", "/bin/true"],
        capture_output=True, text=True)
    assert run.returncode == 125
    assert run.stderr == "rind: memory: out of memory\n"
