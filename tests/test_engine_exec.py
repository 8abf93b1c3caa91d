"""What does not pass through rind: docker exec and HEALTHCHECK, and the prefix
that helps, with a real nginx in Docker."""

import json
import re
import shutil
import subprocess

import pytest

import engines
import harness
import inside
from conftest import need

pytestmark = [pytest.mark.whole, pytest.mark.parametrize(
    "engine", ["docker"], indirect=True)]

PREFIX = ["/rind", "--exec", "--user=33", "--"]
CONF = """
pid /tmp/nginx.pid;
error_log stderr notice;
events {}
http {
    access_log off;
    client_body_temp_path /tmp/a;
    proxy_temp_path /tmp/b;
    fastcgi_temp_path /tmp/c;
    uwsgi_temp_path /tmp/d;
    scgi_temp_path /tmp/e;
    server { listen 80; }
}
"""
DOCKERFILE = """
FROM rind-test
COPY files /
HEALTHCHECK --interval=1s CMD %s
ENTRYPOINT ["/rind", "--user=33", "--cap=net_bind_service", "--"]
CMD ["nginx", "-c", "/nginx.conf", "-e", "stderr", "-g", "daemon off;"]
"""


def copy_program(program, place):
    """PROGRAM and the libraries that it needs, at their own paths."""
    listed = subprocess.run(["ldd", program], check=True, text=True,
                            stdout=subprocess.PIPE).stdout
    for path in [program, *re.findall(r"(/\S+) \(0x", listed)]:
        target = place / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)


@pytest.fixture
def nginx(engine, engine_host):
    """nginx(check) starts it with HEALTHCHECK CMD check; its name."""
    need(shutil.which("nginx", path="/usr/sbin"), "nginx is not installed")
    started = []

    def start(check):
        name = f"rind-nginx-{len(started)}"
        place = engine_host.place / name
        copy_program("/usr/sbin/nginx", place / "files")
        (place / "files/nginx.conf").write_text(CONF)
        (place / "Dockerfile").write_text(DOCKERFILE % json.dumps(check))
        engine_host.run(engine.words("build", f"--tag={name}", place))
        started.append(name)
        engine_host.run(engine.words("run", "--detach", "--network=none",
                                     f"--name={name}", name))
        harness.until(lambda: "start worker process" in logs(engine, name),
                      "the worker")
        return name

    yield start
    for name in started:
        engine.remove(name)


def in_container(engine, name, *words):
    return engine.host.run(engine.exec(name, words), check=False)


def logs(engine, name):
    done = engine.host.run(engine.words("logs", name))
    return done.stdout + done.stderr


def health_output(engine, name):
    """What the last check printed."""
    health, = json.loads(engine.host.run(engine.words(
        "inspect", "--format=[{{json .State.Health}}]", name)).stdout)
    return health["Log"][-1]["Output"] if health["Log"] else None


def test_docker_exec_is_root_with_dockers_capabilities(engine, nginx):
    name = nginx(["id", "-u"])
    done = in_container(engine, name, "cat", "/proc/self/status")
    assert inside.fields(done.stdout)["Uid"].split() == ["0"] * 4
    assert inside.fields(done.stdout)["CapEff"] != inside.mask()
    assert inside.fields(done.stdout)["NoNewPrivs"] == "0"
    assert harness.until(lambda: health_output(engine, name),
                         "the first check") == "0\n"
    pid1 = in_container(engine, name, "cat", "/proc/1/status").stdout
    assert inside.fields(pid1)["NoNewPrivs"] == "1"


def test_behind_the_prefix_it_is_as_confined_as_the_app(engine, nginx):
    name = nginx([*PREFIX, "id", "-u"])
    done = in_container(engine, name, *PREFIX, "cat", "/proc/self/status")
    fields = inside.fields(done.stdout)
    assert fields["Uid"].split() == ["33"] * 4
    assert inside.sets(done.stdout) == [inside.mask()] * 5
    assert fields["NoNewPrivs"] == "1"
    assert harness.until(lambda: health_output(engine, name),
                         "the first check") == "33\n"


def test_nginx_is_reloaded_behind_the_prefix(engine, nginx):
    name = nginx(["true"])
    done = in_container(engine, name, *PREFIX, "nginx", "-c", "/nginx.conf",
                        "-e", "stderr", "-s", "reload")
    assert done.returncode == 0, done.stderr
    harness.until(lambda: "reconfiguring" in logs(engine, name), "the reload")
    assert in_container(engine, name, "true").returncode == 0
