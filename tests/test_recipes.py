"""docs/recipes.md: each recipe is read from there and run.

A Dockerfile is built and run without an engine: its image is this very Debian
under a throw-away layer, in which its RUN and COPY are done, and its ENTRYPOINT
and CMD are PID 1 of new namespaces.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

import harness
from conftest import ROOTLESS, need
from test_main_job import (NET_BIND_SERVICE, await_port, connect,
                           holds_only, members_of,
                           namespace_of, read_all)

pytestmark = pytest.mark.whole

DOCUMENT = (harness.ROOT / "docs" / "recipes.md").read_text()
BLOCK = re.compile(r"^```(dockerfile|conf|sh)\n(.*?)^```", re.M | re.S)


def sections():
    """{heading: [(language, text)]}."""
    parts = re.split(r"^## (.*)\n", DOCUMENT, flags=re.M)
    return {heading: BLOCK.findall(text)
            for heading, text in zip(parts[1::2], parts[2::2])}


def recipe(heading, language, number=0):
    found = [text for kind, text in sections()[heading] if kind == language]
    return found[number]


def test_each_block_of_the_document_is_run_by_a_test_of_this_file():
    called = re.findall(r'(?:recipe|image)\(\s*"([^"]+)"(?:, "(\w+)")?'
                        r"(?:, (\d))?", Path(__file__).read_text())
    ran = {(heading, language or "dockerfile", int(number or 0))
           for heading, language, number in called}
    there = set()
    for heading, blocks in sections().items():
        kinds = [language for language, _ in blocks]
        there |= {(heading, kind, kinds[:i].count(kind))
                  for i, kind in enumerate(kinds)}
    assert there == ran


def instructions(dockerfile):
    """[(instruction, rest)]"""
    joined = re.sub(r"\\\n", "", dockerfile)
    return [tuple(line.split(" ", 1)) for line in joined.splitlines()]


LAYER = """
mount -t tmpfs tmpfs "$PLACE"
cd "$PLACE"
mkdir upper work root
mount -t overlay -o lowerdir=/,upperdir=$PWD/upper,workdir=$PWD/work o root
cp "$RIND" root/usr/local/bin/rind
for bound in /dev /dev/pts; do mount --bind $bound root$bound; done
mount -t proc proc root/proc
for fresh in tmp run; do mount -t tmpfs tmpfs root/$fresh; done
chmod 1777 root/tmp
busybox ip link set lo up
chroot root env -i PATH="$PATH" sh -ec "$RUN"
exec chroot root env -i PATH="$PATH" "$@"
"""


@pytest.fixture
def image(tmp_path):
    """image(heading, number=0): the container of a recipe's Dockerfile."""
    need(os.getuid() == 0, "namespaces need root")
    started = []

    def run(heading, number=0):
        run_lines, words = [], []
        for instruction, rest in instructions(
                recipe(heading, "dockerfile", number)):
            packages = re.fullmatch("apt-get update && apt-get install -y (.*)",
                                    rest)
            if packages:
                for package in packages.group(1).split():
                    need(subprocess.run(
                        ["dpkg-query", "-W", package], check=False,
                        capture_output=True).returncode == 0,
                        f"{package} is not installed")
            elif instruction == "RUN":
                run_lines.append(rest)
            elif instruction == "COPY":
                assert rest == "rind /usr/local/bin/rind"
            elif instruction in ("ENTRYPOINT", "CMD"):
                words += json.loads(rest)
            else:
                assert (instruction, rest) == ("FROM", "debian:12")
        process = harness.start(
            ["unshare", "--mount", "--pid", "--net", "--ipc", "--uts",
             "--fork", "--kill-child", "sh", "-ec", LAYER, "sh", *words],
            pid1=True,
            env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:"
                         "/sbin:/bin",
                 "PLACE": str(tmp_path), "RUN": "\n".join(run_lines),
                 "RIND": str(harness.BUILD / "rind")})
        started.append(process)
        return process

    yield run
    for process in started:
        process.destroy()


def status_line(process, port=80):
    """What the web server of the container says to GET /."""
    await_port(process.pid, port)
    connection = connect(process.pid, port)
    connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
    return read_all(connection).split(b"\r\n")[0].decode()


def redis_says(process, *words):
    await_port(process.pid, 6379)
    with connect(process.pid, 6379) as connection:
        connection.sendall((" ".join(words) + "\r\n").encode())
        return connection.recv(4096).decode().strip()


def the_only(process, word):
    """The one process with WORD on its command line. BusyBox' httpd has one
    more for each request that it has not finished."""
    def find():
        found = [pid for pid in members_of(namespace_of(process.pid))
                 if word in harness.command_line(pid) and pid != process.pid]
        return found[0] if len(found) == 1 else None
    return harness.until(find, f"{word} alone")


def ends_in_order(process, code=0):
    """Asserts that rind leaves no zombie, ends with CODE, and all with it."""
    namespace = namespace_of(process.pid)
    # cron and httpd reap the children of their own, in their own time.
    harness.until(lambda: "Z" not in members_of(namespace).values(),
                  "the end of the last zombie")
    process.kill("TERM")
    assert process.wait() == code
    harness.until(lambda: not members_of(namespace), "an empty namespace")


def inside(process, path):
    """A path of the container, as it is seen from outside."""
    return Path(f"/proc/{process.pid}/root{path}")


def names_inside(process):
    """The commands that run in the container."""
    return sorted(Path(harness.command_line(pid)[0].split()[0]).name
                  for pid in members_of(namespace_of(process.pid))
                  if harness.command_line(pid))


def test_nginx(image):
    process = image("nginx")
    assert status_line(process) == "HTTP/1.1 200 OK"
    holds_only(process.app, NET_BIND_SERVICE, "www-data")
    harness.until(lambda: "GET /" in process.err or process._pump(0.1) and
                  "GET /" in process.err, "the line of the log")
    ends_in_order(process)


def test_redis(image):
    process = image("redis")
    assert redis_says(process, "SET", "key", "value") == "+OK"
    holds_only(process.app, 0, "redis")
    ends_in_order(process)
    assert "DB saved on disk" in process.out


def test_a_service_that_daemonises(image):
    process = image("A service that daemonises")
    assert status_line(process, 8080).startswith("HTTP/1.")
    daemon = the_only(process, "httpd")
    holds_only(daemon, 0, "www-data")
    ends_in_order(process)


def test_cron(image):
    process = image("cron")
    done = process.read_until("done\n")  # in the container's log
    assert done.startswith("uid=33(www-data) gid=33(www-data)")
    assert "CapEff:\t0000000000000000" in done
    assert "CapBnd:\t00000000000000e0" in done  # setuid, setgid and kill
    assert process.err == ""
    ends_in_order(process, 143)


def test_a_main_program_with_a_helper(image):
    process = image("Several processes", 0)
    assert redis_says(process, "PING") == "+PONG"
    assert status_line(process, 8080).startswith("HTTP/1.")
    harness.until(lambda: names_inside(process) ==
                  ["busybox", "redis-server", "rind"], "these alone")
    ends_in_order(process)


def test_several_that_are_equal(image):
    process = image("Several processes", 1)
    assert redis_says(process, "PING") == "+PONG"
    assert status_line(process, 8080).startswith("HTTP/1.")
    os.kill(the_only(process, "httpd"), 15)
    harness.until(lambda: "busybox" not in names_inside(process), "its end")
    assert redis_says(process, "PING") == "+PONG"
    ends_in_order(process, 143)
    assert "bye bye" in process.out


def test_a_script_that_starts_as_root(image):
    process = image("A script that starts as root")
    assert redis_says(process, "SET", "key", "value") == "+OK"
    holds_only(process.app, 0, "redis")
    assert inside(process, "/var/lib/redis").owner() == "redis"
    assert inside(process, "/var/lib/redis").stat().st_mode & 0o777 == 0o700
    assert process.err == ""
    ends_in_order(process)
    assert "DB saved on disk" in process.out


@pytest.fixture
def directory(place):
    """A directory with `image` and rind in it."""
    (place / "busybox").rename(place / "image")
    return place


def served(typed, command, **kwargs):
    """Runs COMMAND, a container with a web server; returns its first line."""
    process = typed.start(command, cwd=typed.place, **kwargs)
    outer = typed.rind_of(process)
    inner = harness.until(lambda: harness.children_of(outer), "PID 1")[0]
    app = harness.until(lambda: [
        pid for pid in harness.children_of(inner)
        if harness.command_line(pid)[:1] == ["httpd"]], "the server")[0]
    await_port(app, 80)
    connection = connect(app, 80)
    connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
    answer = read_all(connection).decode()
    os.kill(outer, 15)
    assert process.wait() == 143, process.err
    return answer


def tree_of(directory):
    return sorted((str(path), path.lstat().st_mtime_ns)
                  for path in directory.rglob("*"))


@pytest.mark.parametrize("user", [None, ROOTLESS])
def test_a_container_from_a_directory(directory, typed, user):
    before = tree_of(directory / "image")
    command = recipe("No engine: a container from a directory", "sh", 0)
    answer = served(typed, command.replace("$PWD", str(directory)), user=user)
    assert "served from inside the skin" in answer
    assert tree_of(directory / "image") == before


@pytest.mark.parametrize("user", [None, ROOTLESS])
def test_a_container_from_a_file_of_options(directory, typed, user):
    (directory / "rind.conf").write_text(
        recipe("No engine: a container from a directory", "conf"))
    answer = served(
        typed, recipe("No engine: a container from a directory", "sh", 1),
        user=user)
    assert "served from inside the skin" in answer


def test_a_device_without_systemd(directory, container):
    image_directory = directory / "image"
    (image_directory / "sbin").mkdir()
    shutil.copy(directory / "rind", image_directory / "sbin/rind")
    (image_directory / "etc/rind.conf").write_text(
        recipe("A device without systemd", "conf"))
    script = image_directory / "etc/rc"
    script.write_text(recipe("A device without systemd", "sh"))
    script.chmod(0o755)
    init, = re.findall(r"`init=/sbin/rind -- (.*?)`", DOCUMENT)
    # The script changes a setting of its network namespace.
    process = container(*shlex.split(init), image=image_directory,
                        enter=f"unshare --net {harness.CHROOT}")
    text = "the controller runs\n"
    process.read_until(text + text)  # it ended, and was started again
    server = harness.until(lambda: [
        pid for pid in members_of(namespace_of(process.pid))
        if harness.command_line(pid)[:1] == ["httpd"]], "the server")[0]
    status = harness.status_of(server)
    assert status["Uid"].split()[0] == "33"
    assert int(status["CapBnd"], 16) == NET_BIND_SERVICE
    assert int(status["CapEff"], 16) == NET_BIND_SERVICE
    await_port(server, 80)
    assert "Max open files            64                   64" in Path(
        f"/proc/{server}/limits").read_text()
    ends_in_order(process, 143)
