"""The errors in README.md and their cures, in Docker; seccomp filters that
withhold new system calls; user namespaces, which are the whole daemon's
choice."""

import json
import re

import pytest

import engines
import harness
import inside
import watch
from test_engines import SLOW, assert_mapped, ended, stop

pytestmark = pytest.mark.whole

README = (harness.ROOT / "README.md").read_text()

docker = pytest.mark.parametrize("engine", ["docker"], indirect=True)


@docker
@pytest.mark.parametrize("rind, add, cured", [
    ([], [], ["--user=0"]),
    (["--user=1000", "--cap=sys_admin"], ["SYS_ADMIN"], []),
])
def test_an_error_of_the_readme_and_its_cure(engine, contain, rind, add,
                                             cured):
    code, said = ended(engine, contain("true", rind=rind))
    assert code == 125
    assert f"    {said}" in README
    code, said = ended(engine, contain("true", rind=[*rind, *cured], add=add))
    assert code == 0, said


NEW_CALLS = """clone3 pidfd_open pidfd_send_signal close_range openat2 open_tree
move_mount mount_setattr fsopen fsconfig fsmount fspick""".split()


@pytest.fixture(params=[1, 38], ids=["EPERM", "ENOSYS"])
def old_filter(request, engine_host):
    """The filter of an engine that is older than these calls."""
    path = engine_host.place / f"filter-{request.param}.json"
    path.write_text(json.dumps({
        "defaultAction": "SCMP_ACT_ALLOW",
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
        "syscalls": [{"names": NEW_CALLS, "action": "SCMP_ACT_ERRNO",
                      "errnoRet": request.param}]}))
    return path


filtered = pytest.mark.parametrize("engine", ["runc", "docker", "podman"],
                                   indirect=True)


@filtered
def test_an_old_filter_takes_no_promise_away(engine, contain, old_filter):
    process = contain(
        "sh", "-c", "cat /proc/self/status; ls -l /proc/self/fd; "
        "for i in 1 2 3 4 5; do (true & ); done;" + SLOW, seccomp=old_filter)
    process.read_until("ready")
    assert harness.status_of(process.pid)["Seccomp"] == "2"
    assert inside.sets(process.out) == [inside.mask()] * 5
    assert set(watch.descriptors_of(process.app)) <= {0, 1, 2, 10, 11}
    harness.until(lambda: not [
        pid for pid in watch.namespace_of(process.pid)
        if watch.state_of(pid) == "Z"], "the end of the orphans")
    stop(engine, process, 20)
    code, said = ended(engine, process)
    assert code == 7
    assert re.findall("work done|the other asked", said) == [
        "work done", "the other asked"]
    assert "rind:" not in said


@filtered
def test_mounts_under_an_old_filter(engine, contain, old_filter):
    process = contain(
        "sh", "-c", "touch /x; touch /tmp/x; touch /etc/x && ls /tmp/busybox",
        rind=["--user=1000", "--unshare=mount", "--tmpfs=/etc:mode=1777",
              "--mount=type=bind,source=/bin,target=/tmp,readonly",
              "--read-only"], add=["SYS_ADMIN"], seccomp=old_filter)
    code, said = ended(engine, process)
    assert code == 0, said
    assert said.count("Read-only file system") == 2
    assert "/tmp/busybox" in said and "rind:" not in said


def test_user_namespace_of_the_daemon(engine_host):
    remapped = engines.DockerRemapped(engine_host)
    remapped.set_up()
    process = remapped.start("rind-remapped", engines.Ask(
        ["sh", "-c", "cat /proc/self/status; echo up >/dev/stdout; "
         "echo all is said; read x"]))
    process.read_until("all is said")
    assert_mapped(process)
    process.type("\n")
    assert ended(remapped, process)[0] == 0
    process.destroy()
    remapped.tear_down()


def health_of(engine, engine_host, name):
    health, = json.loads(engine_host.run(engine.words(
        "inspect", "--format=[{{json .State.Health}}]", name)).stdout)
    return health["Status"] if health["Log"] else None


@docker
@pytest.mark.parametrize("entrypoint, expected", [
    ('["/rind", "--user=1000"]', "healthy"),
    ('["/bin/sh", "-c", "exec \\"$@\\"", "sh"]', "unhealthy"),
], ids=["rind", "a shell"])
def test_the_health_check_of_the_manual(engine, engine_host, entrypoint,
                                        expected):
    line, = re.findall("^HEALTHCHECK .*$",
                       (harness.ROOT / "rind.8").read_text(), re.M)
    name = f"rind-{expected}"
    place = engine_host.place / name
    place.mkdir()
    (place / "Dockerfile").write_text(
        f"FROM rind-test\nENTRYPOINT {entrypoint}\n{line}\n")
    engine_host.run(engine.words("build", f"--tag={name}", place))
    engine_host.run(engine.words(
        "run", "--detach", "--network=none", f"--name={name}",
        "--health-interval=1s", "--health-retries=1", name, "sleep", "1000"))
    try:
        assert harness.until(lambda: health_of(engine, engine_host, name),
                             "the first check") == expected
    finally:
        engine.remove(name)
