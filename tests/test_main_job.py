"""The main job: real servers, as their distribution ships them, under rind.

nginx and redis run on the host's file system, in namespaces of their own, as
non-root users. What the tests write is configuration.
"""

import ctypes
import hashlib
import os
import pwd
import shutil
import socket
import tempfile
from pathlib import Path

import pytest

import harness
from conftest import need

pytestmark = pytest.mark.whole

CLONE_NEWNET = 0x40000000
NET_BIND_SERVICE = 1 << 10  # linux/capability.h

NGINX_CONF = """
pid {dir}/nginx.pid;
worker_processes 2;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {dir}/body;
    proxy_temp_path {dir}/proxy;
    fastcgi_temp_path {dir}/fastcgi;
    uwsgi_temp_path {dir}/uwsgi;
    scgi_temp_path {dir}/scgi;
    server {{
        listen 80;
        location / {{ return 200 "{answer}"; }}
        location /slow/ {{ root {dir}; limit_rate 16m; }}
    }}
}}
"""


def connect(pid, port):
    """A connection to PORT on the loopback of PID's network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)

    def enter(namespace):
        if libc.setns(namespace.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")

    with open("/proc/self/ns/net", "rb") as own, \
         open(f"/proc/{pid}/ns/net", "rb") as other:
        enter(other)
        try:
            connection = socket.socket()
        finally:
            enter(own)
    try:
        # Of a slow download most must be the server's to send for long.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 18)
        connection.settimeout(harness.TIMEOUT)
        connection.connect(("127.0.0.1", port))
    except OSError:
        connection.close()
        raise
    return connection


def answers(pid, port):
    """Whether somebody listens on PORT."""
    try:
        connect(pid, port).close()
    except ConnectionRefusedError:
        return False
    return True


def await_port(pid, port):
    harness.until(lambda: answers(pid, port), f"a server on port {port}")


def read_all(connection):
    with connection, connection.makefile("rb") as stream:
        return stream.read()


def get(pid, path="/"):
    """The body that the server on port 80 gives for PATH."""
    connection = connect(pid, 80)
    connection.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
    head, _, body = read_all(connection).partition(b"\r\n\r\n")
    assert b" 200 OK" in head
    return body.decode()


def namespace_of(pid):
    """What names the PID namespace of a process; None for one that is gone
    or that even root may not look into."""
    try:
        return os.readlink(f"/proc/{pid}/ns/pid")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None


def members_of(namespace):
    """{pid: state} of all processes in a PID namespace."""
    members = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        if namespace_of(entry) != namespace:
            continue
        try:
            members[int(entry)] = harness.status_of(entry)["State"][0]
        except (FileNotFoundError, ProcessLookupError):
            pass
    return members


def holds_only(pid, capability, user):
    """Asserts that a process is USER and holds CAPABILITY alone."""
    status = harness.status_of(pid)
    ids = pwd.getpwnam(user)
    assert status["Uid"].split() == [str(ids.pw_uid)] * 4
    assert status["Gid"].split() == [str(ids.pw_gid)] * 4
    for field in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[field], 16) == capability, field
    assert status["NoNewPrivs"] == "1"


@pytest.fixture
def directory():
    """directory(user): an empty directory that USER can use."""
    made = []

    def make(user):
        path = tempfile.mkdtemp(prefix="rind-")
        made.append(path)
        shutil.chown(path, user)
        return Path(path)

    yield make
    for path in made:
        shutil.rmtree(path)


@pytest.fixture
def server():
    """server(*words, binary): rind with WORDS as PID 1 in new PID, mount and
    network namespaces, on the host's file system."""
    need(os.getuid() == 0, "namespaces need root")
    started = []

    def run(*words, binary):
        script = ("mount -t proc proc /proc; busybox ip link set lo up; "
                  "exec \"$0\" \"$@\"")
        process = harness.start(
            ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child",
             "sh", "-ec", script, str(harness.BUILD / binary), *words],
            pid1=True)
        started.append(process)
        return process

    yield run
    for process in started:
        process.destroy()


@pytest.fixture
def nginx(server, directory, rind):
    """nginx(*options): (process, directory), serving on port 80."""
    need(shutil.which("nginx"), "nginx is not installed")
    path = directory("www-data")

    def run(*options):
        write_configuration(path, "first")
        process = server(
            "--user=www-data", "--cap=net_bind_service", *options, "--",
            "nginx", "-e", "stderr", "-c", f"{path}/nginx.conf",
            "-g", "daemon off;", binary=rind)
        await_port(process.pid, 80)
        return process, path

    return run


def write_configuration(path, answer):
    new = path / "nginx.conf.new"
    new.write_text(NGINX_CONF.format(dir=path, answer=answer))
    new.rename(path / "nginx.conf")


def workers_of(master):
    """nginx's workers, once it has both."""
    def find():
        workers = [pid for pid in harness.children_of(master)
                   if harness.command_line(pid)[:1] ==
                   ["nginx: worker process"]]
        return workers if len(workers) == 2 else None
    return harness.until(find, "two workers")


def ends_in_order(process, code=0):
    """Asserts that rind ends with CODE and its namespace with it."""
    namespace = namespace_of(process.pid)
    # Children of the app's own are zombies until the app looks.
    harness.until(lambda: "Z" not in members_of(namespace).values(),
                  "the end of all zombies")
    process.kill("TERM")
    assert process.wait() == code
    # The number of a namespace that is gone may at once be another's.
    harness.until(lambda: not members_of(namespace), "an empty namespace")


def test_nginx_serves_port_80_with_one_capability(nginx):
    process, _ = nginx()
    assert get(process.pid) == "first"
    for pid in [process.app, *workers_of(process.app)]:
        holds_only(pid, NET_BIND_SERVICE, "www-data")
    ends_in_order(process)


def test_nginx_reloads_by_sighup_through_pid_1(nginx):
    process, path = nginx()
    master = process.app
    old = workers_of(master)
    write_configuration(path, "second")
    process.kill("HUP")
    harness.until(lambda: get(process.pid) == "second", "the new answer")
    harness.until(lambda: not any(map(harness.command_line, old)),
                  "the end of the old workers")
    new = workers_of(master)
    assert not set(new) & set(old)
    for pid in new:
        holds_only(pid, NET_BIND_SERVICE, "www-data")
    assert process.app == master
    ends_in_order(process)


def test_nginx_finishes_a_slow_download_when_term_becomes_quit(nginx):
    process, path = nginx("--rewrite=TERM:QUIT")
    content = os.urandom(1 << 20) * 24
    (path / "slow").mkdir()
    (path / "slow" / "file").write_bytes(content)
    client = connect(process.pid, 80)
    client.sendall(b"GET /slow/file HTTP/1.0\r\n\r\n")
    begun = client.recv(4096)
    namespace = namespace_of(process.pid)
    process.kill("TERM")
    harness.until(lambda: not answers(process.pid, 80),
                  "nginx closing its port")
    assert process.popen.poll() is None
    _, _, body = (begun + read_all(client)).partition(b"\r\n\r\n")
    assert hashlib.sha256(body).digest() == hashlib.sha256(content).digest()
    assert process.wait() == 0
    # The number of a namespace that is gone may at once be another's.
    harness.until(lambda: not members_of(namespace), "an empty namespace")


def test_nginx_without_the_capability_cannot_open_port_80(server, directory,
                                                          rind):
    need(shutil.which("nginx"), "nginx is not installed")
    path = directory("www-data")
    write_configuration(path, "first")
    process = server("--user=www-data", "nginx", "-e", "stderr",
                     "-c", f"{path}/nginx.conf", "-g", "daemon off;",
                     binary=rind)
    assert process.wait() == 1
    assert "bind() to 0.0.0.0:80 failed (13: Permission denied)" in process.err


def ask(connection, *words):
    """A command in redis' own protocol; the answer's first line."""
    parts = [f"*{len(words)}\r\n"]
    parts += [f"${len(word)}\r\n{word}\r\n" for word in words]
    connection.sendall("".join(parts).encode())
    return connection.recv(4096).decode()


def test_redis_dumps_its_data_when_it_is_stopped(server, directory, rind):
    need(shutil.which("redis-server"), "redis-server is not installed")
    path = directory("redis")

    def start():
        process = server("--user=redis", f"--workdir={path}", "--",
                         "redis-server", "--bind", "127.0.0.1", "--dir",
                         str(path), "--save", "3600 1", binary=rind)
        await_port(process.pid, 6379)
        return process

    process = start()
    with connect(process.pid, 6379) as connection:
        assert ask(connection, "SET", "skin", "thin and tough") == "+OK\r\n"
        assert ask(connection, "GET", "skin") == "$14\r\nthin and tough\r\n"
    holds_only(process.app, 0, "redis")
    ends_in_order(process)
    assert (path / "dump.rdb").read_bytes().startswith(b"REDIS")

    process = start()
    with connect(process.pid, 6379) as connection:
        assert ask(connection, "GET", "skin") == "$14\r\nthin and tough\r\n"
    ends_in_order(process)
