"""--explain says what would be done; --config takes options from a file."""

import os

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


def test_explain_refuses_what_cannot_be_done_here(plain):
    process = plain("--explain", "--user=nosuch", "true")
    assert process.wait() == 125
    assert "user: nosuch: no such user" in process.err


def test_a_config_file_stands_for_options(plain, config):
    path = config("user 1000\n  umask = 027  \nenv A=b c\n\n")
    process = plain(f"--config={path}", "sh", "-c", 'id -u; umask; echo "$A"')
    assert process.wait() == 0
    assert process.out == "1000\n0027\nb c\n"


@pytest.mark.parametrize("first", [True, False])
def test_the_command_line_wins_and_adds(plain, config, first):
    options = [f"--config={config('user 1000' + chr(10) + 'env A=1')}"]
    options.insert(0 if first else 1, "--user=1001")
    process = plain(*options, "--env=B=2", "sh", "-c", "id -u; echo $A$B")
    assert process.wait() == 0
    assert process.out == "1001\n12\n"


@pytest.mark.parametrize("text, line, reason", [
    ("user 1000\numask 99\n", 2, "no octal number"),
    ("nosuch 1\n", 1, "no option for a config file"),
    ("help\n", 1, "no option for a config file"),
    ("read-only yes\n", 1, "takes no value"),
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
    assert "others than root can write it" in one_line(process)


@pytest.mark.parametrize("kind", ["fifo", "directory", "missing"])
def test_a_config_file_that_is_no_file_is_refused(plain, tmp_path, kind):
    path = tmp_path / "odd"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()
    process = plain(f"--config={path}", "--user=1000", "true")
    assert process.wait() == 125
    assert one_line(process).startswith(f"rind: config: {path}: ")
