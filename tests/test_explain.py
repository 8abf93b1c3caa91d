"""--explain says what would be done; --config takes options from a file."""

import os
import re
import shutil
import subprocess

import pytest

from inside import one_line


@pytest.fixture
def config(tmp_path):
    def write(text, mode=0o644):
        path = tmp_path / "rind.conf"
        path.write_text(text)
        path.chmod(mode)
        return path
    return write


def test_explain_names_value_and_place_and_runs_nothing(plain, config,
                                                        tmp_path):
    path = config("# who\nuser = 1000\ncap net_bind_service\n")
    process = plain("--explain", f"--config={path}", "--umask=027", "touch",
                    tmp_path / "ran")
    assert process.wait() == 0
    assert f"--user=1000  ({path}:2)" in process.out
    assert f"--cap=net_bind_service  ({path}:3)" in process.out
    assert "--umask=027  (command line)" in process.out
    assert "forward-to=main  (default)" in process.out
    assert not (tmp_path / "ran").exists()


def test_explain_keeps_the_order_of_the_steps(plain):
    process = plain("--explain", "--user=1000", "--unshare=all", "true")
    assert process.wait() == 0
    names = [line.split(".")[1].split(":")[0].strip()
             for line in process.out.splitlines() if line[:2].strip().isdigit()]
    assert names.index("namespaces") < names.index("uid")
    assert names.index("bounding set") < names.index("uid")
    assert names.index("uid") < names.index("no_new_privs")
    assert names.index("verify") < names.index("command")


def test_explain_tells_of_parent_death_also_without_a_supervisor(plain):
    process = plain("--explain", "--exec", "--user=1000",
                    "--parent-death=TERM", "true")
    assert process.wait() == 0
    assert "--parent-death=TERM  (command line)" in process.out
    assert "stop-grace" not in process.out


def test_explain_ends_each_line_however_long_its_value_is(plain):
    process = plain("--explain", "--user=1000", "--env=A=" + 298 * "\xff",
                    "--env=B=2", "true")
    assert process.wait() == 0
    lines = [line for line in process.out.splitlines() if "--env=" in line]
    assert len(lines) == 2
    assert all(line.endswith("  (command line)") for line in lines)


VALUES = """user=1000 groups=1 cap=none allow-new-privs unshare=all hostname=x
boot-offset=1 monotonic-offset=1 uid-map=0:0:1 gid-map=0:0:1 root=/
standard-mounts mount=type=tmpfs,target=/mnt tmpfs=/mnt read-only mask=/mnt
protect=/mnt workdir=/ umask=022 nice=1 oom-score-adj=1 ulimit=nofile=64 env=A=1
env-file=/dev/null unset-env=A clear-env keep-fd=0 exec forward-to=all
rewrite=TERM:INT stop-signal=QUIT stop-delay=1 stop-timeout=1 stop-grace=1 wait=all success=1
parent-death=TERM die-with-rind""".split()
INFORMATION = {"config", "explain", "verbose", "check", "version", "help",
               "license"}


@pytest.mark.parametrize("option", VALUES)
def test_explain_shows_each_option_with_a_step(plain, option):
    others = [other for other in ("user=1000", "unshare=all")
              if other != option and option != "exec"]
    process = plain("--explain", *(f"--{other}" for other in others),
                    f"--{option}", "true")
    process.wait()
    assert (f"--{option}", "command line)") in values_of(process)


def test_the_options_that_explain_shows_are_all_that_do_something(plain):
    process = plain("--help")
    assert process.wait() == 0
    options = set(re.findall(r"^  (?:-\w, )?--([\w-]+)", process.out, re.M))
    shown = {option.split("=")[0] for option in VALUES}
    assert shown == options - INFORMATION


def test_explain_refuses_what_cannot_be_done_here(plain):
    process = plain("--explain", "--user=nosuch", "true")
    assert process.wait() == 125
    assert "user: nosuch: no such user" in process.err


def test_a_config_file_stands_for_options(plain, config):
    path = config("user 1000\n  umask = 027  \nenv A=b c\n\n")
    process = plain(f"--config={path}", "sh", "-c", 'id -u; umask; echo "$A"')
    assert process.wait() == 0
    assert process.out == "1000\n0027\nb c\n"


def test_the_lines_of_a_config_file_may_end_in_crlf(plain, config):
    path = config("user 1000\r\nclear-env\r\n\r\n# x\r\nenv = A=1 \r\n")
    process = plain(f"--config={path}", "--", "/usr/bin/env")
    assert process.wait() == 0
    assert "A=1" in process.out.splitlines()
    assert "PATH" not in process.out


@pytest.mark.parametrize("first", [True, False])
def test_the_command_line_wins_and_adds(plain, config, first):
    options = [f"--config={config('user 1000' + chr(10) + 'env A=1')}"]
    options.insert(0 if first else 1, "--user=1001")
    process = plain(*options, "--env=B=2", "sh", "-c", "id -u; echo $A$B")
    assert process.wait() == 0
    assert process.out == "1001\n12\n"


def test_a_limit_of_the_command_line_wins(plain, config):
    path = config("ulimit nofile=64\nulimit fsize=4096")
    process = plain("--user=1000", "--ulimit=nofile=32", f"--config={path}",
                    "--", "sh", "-c", "ulimit -n; ulimit -f")
    assert process.wait() == 0
    assert process.out.split() == ["32", "8"]


@pytest.mark.parametrize("text, line, reason", [
    ("user 1000\numask 99\n", 2, "not an octal number"),
    ("nosuch 1\n", 1, "not an option for a config file"),
    ("--user=www\n", 1, "as in --help, without the dashes"),
    ("help\n", 1, "not an option for a config file"),
    ("read-only on\n", 1, "neither yes nor no"),
    ("user\n", 1, "needs a value"),
    ("umask 022\numask 027\n", 2, "given twice"),
    ("# x\n" * 5000, 1001, "too many lines"),
])
def test_an_error_in_a_config_file_names_file_and_line(plain, config, text,
                                                       line, reason):
    path = config(text)
    process = plain(f"--config={path}", "--user=1000", "true")
    assert process.wait() == 125
    said = one_line(process)
    assert said.startswith(f"rind: config: {path}:{line}: ")
    assert reason in said


def test_root_refuses_a_config_file_that_others_can_write(plain, config):
    process = plain(f"--config={config('user 1000', 0o666)}", "true")
    assert process.wait() == 125
    assert "writable by users other than root" in one_line(process)


@pytest.mark.parametrize("kind", ["fifo", "missing"])
def test_a_config_file_that_is_no_file_is_refused(plain, tmp_path, kind):
    path = tmp_path / "odd"
    if kind == "fifo":
        os.mkfifo(path)
    process = plain(f"--config={path}", "--user=1000", "true")
    assert process.wait() == 125
    assert one_line(process).startswith(f"rind: config: {path}: ")


def values_of(process):
    """The values that --explain shows, each with where it comes from."""
    return [tuple(line.strip().rsplit("  (", 1))
            for line in process.out.splitlines() if line[:6] == " " * 6]


@pytest.mark.parametrize("given, default", [
    ("--wait=all", "stop-grace=5s"),
    ("--stop-grace=1s", "wait=main"),
    ("--stop-delay=1s", "stop-timeout=never"),
    ("--stop-timeout=1s", "stop-delay=0"),
    ("--rewrite=TERM:INT", "forward-to=main"),
    ("--env=A=1", "clear-env=no"),
])
def test_explain_shows_the_default_beside_what_is_given(plain, given, default):
    process = plain("--explain", "--user=1000", given, "true")
    assert process.wait() == 0
    values = values_of(process)
    assert (given, "command line)") in values
    assert (default, "default)") in values
    name = given.lstrip("-").split("=")[0] + "="
    assert not [v for v, where in values if v.startswith(name)]


def test_explain_shows_one_value_where_one_is_in_force(plain, config):
    process = plain("--explain", f"--config={config('umask 077')}",
                    "--umask=022", "--user=1000", "true")
    assert process.wait() == 0
    assert [v for v, _ in values_of(process) if "umask" in v] == [
        "--umask=022"]


def test_explain_names_no_step_that_has_nothing_to_do(plain):
    process = plain("--explain", "--unshare=uts", "--user=1000", "true")
    assert process.wait() == 0
    assert "loopback" not in process.out
    assert "propagation" not in process.out
    process = plain("--explain", "--unshare=net", "--user=1000", "true")
    assert process.wait() == 0
    assert "loopback" in process.out


@pytest.mark.parametrize("options, code, said", [
    ("--workdir=/nosuch", 125, "workdir: /nosuch: "),
    ("--nice=-5 --user=1000 --ulimit=nofile=999999999999", 125, "ulimit: "),
    ("--env-file=/nosuch", 125, "environment: /nosuch: "),
    ("--unshare=mount --root=/nosuch", 125, "root: /nosuch: "),
    ("--unshare=mount --mount=type=bind,source=/nosuch,target=/mnt", 125,
     "mounts: /nosuch: "),
    ("--unshare=all --root=busybox --workdir=/nosuch", 125,
     "workdir: /nosuch: "),
    ("--unshare=mount --mount=type=overlay,target=/,lowerdir=/,"
     "upperdir=/nosuch,workdir=/nosuch", 125, "mounts: "),
    ("--unshare=all --root=busybox --standard-mounts --read-only", 0, ""),
])
def test_explain_tries_what_it_explains(typed, options, code, said):
    if "--user" not in options:
        options += " --user=1000"
    process = typed(f"rind --explain {options} sh -c 'touch /tmp/ran'", code)
    assert process.err.startswith(f"rind: {said}" if said else "")
    assert process.err.count("\n") == (1 if said else 0)
    assert process.out.splitlines()[-1].strip().startswith("touch")
    assert not (typed.place / "busybox/tmp/ran").exists()


def with_rights(path, mode, capabilities):
    shutil.copy("/bin/true", path)
    path.chmod(mode)
    if capabilities:
        subprocess.run(["setcap", capabilities, path], check=True)
    return path


@pytest.mark.parametrize("mode, capabilities, named", [
    (0o4755, "", "setuid"), (0o2755, "", "setgid"),
    (0o755, "cap_net_raw+ep", "file capabilities"),
    (0o6755, "cap_chown+p", "setuid, setgid, file capabilities"),
])
@pytest.mark.parametrize("options, effect", [
    ([], "without effect under no_new_privs (if it needs them, add "
     "--allow-new-privs)"),
    (["--allow-new-privs"], "in effect, within the list of --cap")])
def test_explain_names_the_rights_of_the_command(
        plain, place, mode, capabilities, named, options, effect):
    path = with_rights(place / "own", mode, capabilities)
    process = plain("--explain", "--user=1000", *options, "--", "own",
                    env=os.environ | {"PATH": str(place)})
    assert process.wait() == 0, process.err
    assert process.err == f"rind: exec: {path}: {named}: {effect}\n"


@pytest.mark.parametrize("mode", [0o755, 0o2745])
def test_explain_names_no_rights_where_there_are_none(plain, tmp_path, mode):
    path = with_rights(tmp_path / "own", mode, "")
    process = plain("--explain", "--user=root", "--", str(path))
    assert process.wait() == 0
    assert process.err == ""


@pytest.mark.parametrize("explain", ["--explain", "--verbose"])
@pytest.mark.parametrize("command", ["/etc/passwd", "/etc", "/dev/null"])
def test_explain_tries_whether_the_app_can_be_run(plain, explain, command):
    process = plain(explain, "--user=1000", "--", command)
    assert process.wait() == 126
    assert f"rind: exec: {command}: Permission denied" in process.err


@pytest.mark.parametrize("explain", ["--explain", "--verbose"])
def test_explain_passes_over_a_directory_in_the_path(plain, explain):
    process = plain(explain, "--user=1000", "--env=PATH=/usr:/bin", "--",
                    "lib")
    assert process.wait() == 126
    assert "rind: exec: /usr/lib: Permission denied" in process.err


@pytest.mark.parametrize("options", [
    "--unshare=all --root=busybox --standard-mounts --tmpfs=/new/place",
    "--unshare=all --root=bare --standard-mounts",
    "--unshare=all --mount=type=overlay,target=/,lowerdir=busybox,"
    "upperdir=upper,workdir=work --standard-mounts",
])
def test_explain_leaves_no_trace_in_the_image(typed, options, user):
    for name in ("bare", "upper", "work"):
        (typed.place / name).mkdir()
        (typed.place / name).chmod(0o777)
    before = sorted(typed.place.rglob("*"))
    options = options.replace("busybox", str(typed.place / "busybox"))
    options = options.replace("=upper", f"={typed.place}/upper")
    options = options.replace("=work", f"={typed.place}/work")
    process = typed(f"rind --explain {options} --user=1000 true", user=user)
    if "overlay" not in options:
        assert "create the mount point: --explain does not" in process.err
    assert sorted(typed.place.rglob("*")) == before
