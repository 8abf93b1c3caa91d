"""rind under the name of an engine's own init, and of a pod's pause."""

import shutil

import pytest

import harness
import watch

pytestmark = pytest.mark.whole

APP = ["sh", "-c", "(sleep 1000000 &); trap 'exit 7' TERM; echo ready; "
       "sleep 1000001 & wait"]


def rind_as(engine, name):
    place = engine.place / name
    if not place.exists():
        shutil.copy(harness.BUILD / "rind", place)
    return place


@pytest.fixture
def detached(engine):
    """Runs a container in the background; returns its name and PID 1."""
    started = []

    def run(*flags):
        name = f"rind-init-{len(started)}"
        started.append(name)
        engine.host.run(engine.words(
            "run", "--detach", "--network=none", f"--name={name}",
            *engine.limits, *flags, "--entrypoint=", "rind-test", *APP))
        pid = engine.host.run(engine.words(
            "inspect", "--format={{.State.Pid}}", name)).stdout.strip()
        return name, engine.host.pid_here(pid)

    yield run
    for name in started:
        engine.remove(name)


def assert_reaps_and_stops(engine, name, pid1):
    orphan = harness.until(lambda: next(
        (pid for pid in watch.pids_with("1000000")
         if harness.command_line(pid)[0] == "sleep"
         and watch.stat_of(pid)["parent"] == pid1), None), "the orphan")
    watch.end(orphan)
    harness.until(lambda: not watch.state_of(orphan), "the reaping")
    engine.host.run(engine.stop(name, 20))
    code = engine.host.run(engine.words(
        "inspect", "--format={{.State.ExitCode}}", name)).stdout
    assert code == "7\n"


@pytest.mark.parametrize("engine", ["docker"], indirect=True)
def test_docker_run_init(engine, detached):
    """The daemon was started with --init-path=.../docker-init."""
    info = engine.host.run(engine.words("info")).stdout
    assert "Init Binary: " + str(rind_as(engine, "docker-init")) in info
    name, pid1 = detached("--init")
    assert harness.command_line(pid1)[0] == "/sbin/docker-init"
    assert_reaps_and_stops(engine, name, pid1)


@pytest.mark.parametrize("engine", ["podman", "podman-rootless"],
                         indirect=True)
def test_podman_run_init(engine, detached):
    path = rind_as(engine, "podman-init")
    name, pid1 = detached("--init", f"--init-path={path}")
    assert harness.command_line(pid1)[0] == "/run/podman-init"
    assert_reaps_and_stops(engine, name, pid1)


@pytest.mark.parametrize("engine", ["podman"], indirect=True)
def test_the_pause_of_a_pod(engine):
    """rind holds the pod's namespaces, and reaps for all of it."""
    run = engine.host.run
    place = engine.host.place / "pause"
    place.mkdir()
    rind = place / "pause"
    shutil.copy(harness.BUILD / "rind", rind)
    (place / "Dockerfile").write_text("FROM scratch\nCOPY pause /pause\n")
    run(engine.words("build", "--tag=rind-pause", place))
    run(engine.words("pod", "create", "--name=paused", "--share=pid,ipc,uts",
                     "--infra-image=rind-pause", "--infra-command=/pause",
                     "--network=none"))
    try:
        run(engine.words("run", "--detach", "--pod=paused", "--name=member",
                         *engine.limits, "--entrypoint=", "rind-test", *APP))
        pid = run(engine.words("inspect", "--format={{.State.Pid}}",
                               "member")).stdout.strip()
        member = engine.host.pid_here(pid)
        infra = next(number for number in watch.namespace_of(member)
                     if harness.numbers_of(number)[-1:] == ["1"])
        assert harness.command_line(infra) == ["/pause"]
        orphan = harness.until(lambda: next(
            (pid for pid in watch.pids_with("1000000")
             if watch.stat_of(pid)["parent"] == infra), None), "the orphan")
        watch.end(orphan)
        harness.until(lambda: not watch.state_of(orphan), "the reaping")
        run(engine.words("stop", "--time=5", "member"))
        run(engine.words("pod", "stop", "--time=5", "paused"))
        assert not watch.state_of(infra)
    finally:
        run(engine.words("pod", "rm", "--force", "paused"), check=False)
