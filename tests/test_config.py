"""--config: files of options, more than one, and directories; lists that "none"
empties, switches that "no" turns off, and options asked for softly."""

import os
import re
import shutil
import tempfile
from pathlib import Path

import pytest

import harness
from inside import one_line
from test_explain import VALUES


@pytest.fixture
def write():
    """write(NAME, TEXT) makes a file that everybody can read and, unless MODE
    says otherwise, only its owner can write to."""
    place = Path(tempfile.mkdtemp(prefix="rind-config-"))
    place.chmod(0o755)

    def make(name, text, mode=0o644):
        path = place / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
        path.chmod(mode)
        return path

    yield make
    shutil.rmtree(place)


def said(plain, *words, code=0):
    process = plain(*map(str, words))
    assert process.wait() == code, process.err
    return process


IDS = ("sh", "-c", "id -u; umask; grep ^CapEff /proc/self/status; echo $A-$B")


# Places


def test_a_later_file_wins_over_an_earlier_one(plain, write):
    one = write("one", "user 1000\numask 077\nenv A=1\nenv B=1\n")
    two = write("two", "user 1001\nenv B=2\n")
    for files, user, b in (((one, two), "1001", "2"), ((two, one), "1000", "1")):
        out = said(plain, *(f"--config={path}" for path in files), *IDS).out
        assert out.splitlines()[0] == user
        assert out.splitlines()[1] == "0077"
        assert out.splitlines()[3] == f"1-{b}"


def test_the_command_line_wins_wherever_a_file_is_named(plain, write):
    path = write("one", "user 1000\ncap chown\nenv A=1\n")
    for words in (["--user=1001", "--cap=none", "--env=A=2", "--config", path],
                  ["--config", path, "--user=1001", "--cap=none",
                   "--env=A=2"]):
        lines = said(plain, *words, *IDS).out.splitlines()
        assert (lines[0], lines[3]) == ("1001", "2-")
        assert int(lines[2].split()[1], 16) == 0


def test_what_can_be_given_once_is_given_once_in_one_place(plain, write):
    path = write("one", "user 1000\nuser 1001\n")
    assert one_line(said(plain, f"--config={path}", "true", code=125)) == (
        f"rind: config: {path}:2: --user=1001: given twice "
        "(remove one of the two)")
    fine = write("two", "user 1000\n")
    assert "--user=2: given twice" in one_line(
        said(plain, f"--config={fine}", "--user=1", "--user=2", "true",
             code=125))


def test_variables_of_a_later_place_win_over_files_of_an_earlier(plain, write):
    """Within one place --env wins over --env-file."""
    variables = write("variables", "A=file\nB=file\n")
    one = write("one", f"user 1000\nenv A=one\nenv-file {variables}\n")
    two = write("two", f"env-file {variables}\n")
    assert said(plain, f"--config={one}", *IDS).out.endswith("one-file\n")
    assert said(plain, f"--config={one}", f"--config={two}", *IDS
                ).out.endswith("file-file\n")
    assert said(plain, f"--config={two}", f"--config={one}", *IDS
                ).out.endswith("one-file\n")


def test_a_directory_gives_its_files_by_name(plain, write):
    write("rind.d/20-late.conf", "user 1002\n")
    write("rind.d/10-early.conf", "user 1001\numask 077\n")
    write("rind.d/30-not-one", "user 1003\n")
    write("rind.d/.hidden.conf", "user 1004\n")
    path = write("rind.d/.conf", "user 1005\n").parent
    assert said(plain, f"--config={path}", *IDS).out.splitlines()[:2] == [
        "1002", "0077"]


def test_a_directory_may_be_empty(plain, tmp_path):
    assert said(plain, f"--config={tmp_path}", "--user=1000", *IDS
                ).out.startswith("1000\n")


def test_an_error_names_the_file_in_the_directory(plain, write):
    path = write("rind.d/one.conf", "user 1000\nnosuch 1\n")
    assert one_line(said(plain, f"--config={path.parent}", "true", code=125)
                    ).startswith(f"rind: config: {path}:2: nosuch: ")


@pytest.mark.parametrize("odd", ["directory", "file", "fifo", "link"])
def test_root_reads_no_directory_that_others_can_change(plain, write, odd):
    path = write("rind.d/one.conf", "user 1000\n")
    if odd == "directory":
        path.parent.chmod(0o775)
    elif odd == "file":
        path.chmod(0o666)
    elif odd == "fifo":
        path.unlink()
        os.mkfifo(path)
    else:
        path.unlink()
        path.symlink_to("/nonexistent")
    named = path.parent if odd == "directory" else path
    assert one_line(said(plain, f"--config={path.parent}", "true", code=125)
                    ).startswith(f"rind: config: {named}: ")


def test_five_hundred_files(plain, write):
    for number in range(500):
        path = write(f"rind.d/{number:03}.conf",
                     f"user {1000 + number}\nenv A{number}=1\n")
    out = said(plain, f"--config={path.parent}", "sh", "-c",
               "id -u; env | grep -c ^A[0-9]").out
    assert out.split() == ["1499", "500"]


def test_a_byte_order_mark_is_no_part_of_the_first_name(plain, write):
    path = write("one", "\ufeffuser 1000\n")
    assert said(plain, f"--config={path}", *IDS).out.startswith("1000\n")


# Lists and switches


LISTS = {"cap": "chown", "keep-fd": "0", "env": "A=1", "env-file": "/dev/null",
         "unset-env": "A", "mount": "type=tmpfs,target=/mnt", "tmpfs": "/mnt",
         "mask": "/etc", "protect": "/etc", "ulimit": "nofile=64",
         "rewrite": "TERM:INT", "success": "1", "uid-map": "0:0:1",
         "gid-map": "0:0:1", "unshare": "pid"}


def test_these_are_all_lists(plain):
    """Those that may be given twice."""
    def may_be_repeated(value):
        name = value.split("=")[0]
        if "=" not in value:
            return False
        process = plain("--explain", f"--{value}", f"--{value}", "--user=1000",
                        "--unshare=mount,uts,time,user", "true")
        process.wait()
        return "given twice" not in process.err or name in ("ulimit", "rewrite")

    assert {value.split("=")[0] for value in VALUES
            if may_be_repeated(value)} == set(LISTS)


@pytest.mark.parametrize("name", LISTS)
def test_none_empties_a_list(plain, write, name):
    """What is left is not asked for: it needs no namespace."""
    path = write("one", f"user 1000\n{name} {LISTS[name]}\n")
    out = said(plain, "--explain", f"--config={path}", f"--{name}=none",
               "true").out
    assert f"--{name}={LISTS[name]}" not in out


def test_none_of_rewrite_leaves_the_stop_signal(plain):
    """Another option, though it is in the same table."""
    process = plain("--user=1000", "--stop-signal=INT", "--rewrite=USR1:USR2",
                    "--rewrite=none", "sh", "-c", "trap 'exit 3' INT; "
                    "trap 'exit 4' TERM; echo ready; while :; do sleep .1; done")
    process.read_until("ready")
    process.kill("TERM")
    assert process.wait() == 3


def test_a_list_goes_on_behind_none(plain, write):
    path = write("one", "user 1000\ncap chown\ncap none\ncap kill\n")
    out = said(plain, f"--config={path}", "--cap=setuid", *IDS).out
    assert int(out.splitlines()[2].split()[1], 16) == 1 << 5 | 1 << 7


def test_tmpfs_and_mount_empty_their_own(typed):
    out = typed.out("rind --user=1000 --unshare=mount --tmpfs=/mnt "
                    "--mount=type=tmpfs,target=/srv --tmpfs=none -- "
                    "grep -c -e ' /mnt ' -e ' /srv ' /proc/self/mountinfo")
    assert out == "1"


SWITCHES = [value for value in VALUES if "=" not in value]


@pytest.mark.parametrize("name", SWITCHES + ["explain", "verbose"])
def test_no_turns_a_switch_off(plain, write, name):
    path = write("one", f"user 1000\n{name}\n")
    process = said(plain, f"--config={path}", f"--{name}=no", *IDS)
    assert process.out.startswith("1000\n")
    assert process.err == ""


def test_yes_is_what_a_switch_means_anyway(plain, write):
    path = write("one", "user 1000\nclear-env no\n")
    assert said(plain, f"--config={path}", "--clear-env=yes", "--",
                "/usr/bin/env").out.count("PATH=") == 0


@pytest.mark.parametrize("value", ["", "1", "true", "NO"])
def test_a_switch_takes_yes_and_no_alone(plain, value):
    assert one_line(said(plain, f"--clear-env={value}", "true", code=125)) == (
        f"rind: options: --clear-env={value}: neither yes nor no "
        "(write yes or no)")


# Soft options


@pytest.mark.parametrize("words, line", [
    (["--?nosuch"], "options: --?nosuch: unknown option"),
    (["--?nosuch=1"], "options: --?nosuch=1: unknown option"),
    (["--?cap=nosuch"], "options: --cap=nosuch: no such capability"),
    (["--?umask=9"], "options: --umask=9: not an octal number"),
    (["--?clear-env=maybe"], "options: --?clear-env=maybe: neither yes nor no"),
])
def test_a_soft_option_that_is_unknown_is_left_out(plain, words, line):
    process = said(plain, *words, "--user=1000", "--cap=chown", *IDS)
    assert process.out.startswith("1000\n")
    assert int(process.out.splitlines()[2].split()[1], 16) == 1
    assert process.err.startswith(f"rind: left out: {line}")
    assert process.err.count("\n") == 1


def test_a_soft_line_of_a_file_is_left_out(plain, write):
    path = write("one", "?nosuch 1\nuser 1000\n? cap\n?cap = nosuch\n")
    process = said(plain, f"--config={path}", *IDS)
    assert re.findall(r"^rind: left out: config: \S+:(\d+): ", process.err,
                      re.MULTILINE) == ["1", "3", "4"]


def test_a_soft_option_that_can_be_is_in_force(plain, write):
    path = write("one", "?umask 077\n")
    process = said(plain, f"--config={path}", "--?user=1000", *IDS)
    assert process.out.splitlines()[:2] == ["1000", "0077"]
    assert process.err == ""


def failing(call, error, *words, code=0):
    """rind with CALL failing in it and in the app's process."""
    process = harness.start(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
         "-e", f"inject={call}:error={error}", str(harness.BUILD / "rind"),
         *words])
    try:
        assert process.wait() == code, process.err
        return process.err
    finally:
        process.destroy()


@pytest.mark.parametrize("error, reason", [
    ("ENOSYS", "Function not implemented"), ("EOPNOTSUPP", "Not supported")])
def test_what_the_kernel_does_not_have_is_left_out(error, reason):
    err = failing("setpriority", error, "--user=1000", "--?nice=5",
                  "true")
    assert err.startswith("rind: left out: nice: ") and reason in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("error, words", [
    ("EPERM", ["--?nice=5"]),    # rights are missing, not the kernel's part
    ("ENOSYS", ["--nice=5"]),
])
def test_all_else_ends_the_start(error, words):
    err = failing("setpriority", error, "--user=1000", *words, "true",
                  code=125)
    assert err.startswith("rind: nice: ")


def test_a_step_that_is_asked_for_hard_as_well_ends_the_start(write):
    path = write("one", "?ulimit nofile=64\nulimit fsize=4096\n")
    err = failing("prlimit64", "ENOSYS", f"--config={path}",
                  "--user=1000", "true", code=125)
    assert err.startswith("rind: ulimit: ")


def test_two_soft_options_of_one_step_are_not_left_out_together():
    """One of them might be possible."""
    err = failing("prlimit64", "ENOSYS", "--?ulimit=nofile=64",
                  "--?ulimit=fsize=4096", "--user=1000", "true", code=125)
    assert err.startswith("rind: ulimit: ")


def test_options_that_leave_a_step_out_are_told_by_explain(plain):
    out = said(plain, "--explain", "--?umask=077", "--user=1000", "true").out
    assert "--?umask=077  (command line)" in out


# Times


@pytest.mark.parametrize("text", ["1h", "1h30m", "1m30s", "1h1m1s1ms", "1.5h",
                                  "90000000", "1000000000000s", "0"])
def test_times(plain, text):
    said(plain, f"--stop-timeout={text}", "--user=1000", "true")


@pytest.mark.parametrize("text", ["1m1h", "1s1s", "1h30", "1000000000001s",
                                  "1h1000000000000s", "h", "1d", "1 h", "1hh"])
def test_no_times(plain, text):
    assert one_line(said(plain, f"--stop-timeout={text}", "--user=1000", "true",
                         code=125)) == (
        f"rind: options: --stop-timeout={text}: not a time "
        "(write 500ms, 10s, 2m or 1m30s)")


def test_joined_times_add_up(plain):
    process = plain("--user=1000", "--stop-timeout=0m0.1s100ms", "sh", "-c",
                    "trap '' TERM; echo ready; while :; do sleep 1; done")
    process.read_until("ready")
    process.kill("TERM")
    assert process.wait() == 137
