"""docs/kubernetes: the manifests run, and stop as they say."""

import importlib
import re
import time

import pytest

import harness
import inside
import watch
from conftest import need

pytestmark = pytest.mark.whole

PLACE = harness.ROOT / "docs/kubernetes"
MANIFESTS = sorted(path.name for path in PLACE.glob("*.yaml"))
GRACE = 5  # --stop-grace's default


def library(name):
    try:
        return importlib.import_module(name)
    except ImportError as error:
        need(False, str(error))


def load(name):
    return library("yaml").safe_load((PLACE / name).read_text())


def check(value, kind, where):
    """VALUE is what the API's type KIND allows: known fields, right types."""
    inner = re.fullmatch(r"list\[(.*)\]|dict\(str, (.*)\)", kind)
    if inner and inner[1]:
        assert isinstance(value, list), where
        for number, item in enumerate(value):
            check(item, inner[1], f"{where}[{number}]")
    elif inner:
        assert isinstance(value, dict), where
        for key, item in value.items():
            check(item, inner[2], f"{where}.{key}")
    elif kind in ("str", "int", "bool"):
        assert type(value).__name__ == kind, where
    elif kind != "object":
        model = getattr(library("kubernetes.client").models, kind)
        fields = {word: name for name, word in model.attribute_map.items()}
        assert not value.keys() - fields.keys(), where
        for key, item in value.items():
            check(item, model.openapi_types[fields[key]], f"{where}.{key}")
        # The constructor refuses what lacks a required field.
        model(**{fields[key]: item for key, item in value.items()})


@pytest.mark.parametrize("name", MANIFESTS)
def test_the_api_knows_every_field(name):
    manifest = load(name)
    check(manifest, "V1" + manifest["kind"], name)


def pod_of(manifest):
    return manifest["spec"].get("template", manifest)["spec"]


def seconds(words, option):
    for word in words:
        if word.startswith(option + "="):
            return float(word.partition("=")[2].removesuffix("s"))
    return 0


@pytest.mark.parametrize("name", MANIFESTS)
def test_the_grace_period_is_more_than_rind_takes(name):
    pod = pod_of(load(name))
    for container in pod["containers"]:
        words = container["command"]
        longest = (seconds(words, "--stop-delay")
                   + seconds(words, "--stop-timeout") + GRACE)
        assert seconds(words, "--stop-timeout")
        assert longest < pod["terminationGracePeriodSeconds"]


@pytest.mark.parametrize("name", MANIFESTS)
def test_the_pod_security_standard_restricted(name):
    pod = pod_of(load(name))
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
    for container in pod["containers"] + pod.get("initContainers", []):
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}


def with_init_kept(manifest):
    """podman 4.3.1 may take an init container that has ended for one that is
    running, and fails to remove it; this one it keeps."""
    manifest["metadata"]["annotations"] = {
        "io.podman.annotations.init.container.type": "always"}
    return manifest


@pytest.fixture
def play(engine):
    """Runs a manifest; returns its pod's containers: name to rind's pid."""
    words = ["env", f"CONTAINERS_CONF={engine.place}/containers.conf"]
    (engine.place / "containers.conf").write_text(
        '[containers]\ndefault_ulimits = '
        '["nofile=1024:1024", "nproc=1024:1024"]\n')

    def podman(*more, **kwargs):
        return engine.host.run([*words, *engine.words(*more)], **kwargs)

    started = []

    def start(name):
        podman("tag", "rind-test", "localhost/site:1")
        podman("tag", "rind-base", "localhost/legacy:1")
        started.append(name)
        manifest = with_init_kept(load(name))
        podman("kube", "play", "--network=none", "-",
               input=library("yaml").safe_dump(manifest))
        names = tuple(container["name"]
                      for container in pod_of(manifest)["containers"])
        pids = podman("ps", "--format={{.Names}} {{.Pid}}").stdout
        return {line.split()[0]: engine.host.pid_here(line.split()[1])
                for line in pids.splitlines()
                if line.split()[0].endswith(names)}

    start.podman = podman
    yield start
    for name in started:
        podman("kube", "down", PLACE / name, check=False)


podman = pytest.mark.parametrize("engine", ["podman"], indirect=True)


def app_of(rind):
    return harness.until(lambda: next(
        (pid for pid in harness.children_of(rind)
         if harness.command_line(pid) not in ([], harness.command_line(rind))),
        None), "the app")


def assert_confined(rind, user):
    app = app_of(rind)
    for pid in rind, app:
        status = harness.status_of(pid)
        assert status["Uid"].split() == [user] * 4
        assert [status[name] for name in inside.SETS] == [inside.mask()] * 5
        assert status["NoNewPrivs"] == "1"
        assert status["Seccomp"] == "2"
    return app


def stop_and_code(play, container):
    before = time.monotonic()
    play.podman("stop", "--time=30", container)
    code = play.podman("inspect", "--format={{.State.ExitCode}}",
                       container).stdout
    return int(code), time.monotonic() - before


@podman
def test_restricted(play):
    (name, rind), = play("restricted.yaml").items()
    assert_confined(rind, "1000")
    code, took = stop_and_code(play, name)
    assert code == 0
    assert 2 <= took and harness.in_time(took, 20)


@podman
def test_brought_in(play):
    (name, rind), = play("brought-in.yaml").items()
    assert harness.command_line(rind)[0] == "/skin/rind"
    assert_confined(rind, "1000")
    assert stop_and_code(play, name)[0] == 0


@podman
def test_shared_pid_namespace(play):
    pids = play("shared-pid.yaml")
    app = next(name for name in pids if "app" in name)
    side = next(name for name in pids if "sidecar" in name)
    assert_confined(pids[app], "1000")
    other = assert_confined(pids[side], "1001")
    assert harness.numbers_of(pids[app])[-1] != "1"
    orphan, = [pid for pid in watch.pids_with("1000000")
               if harness.command_line(pid)[0] == "sleep"
               and pid in watch.namespace_of(pids[app])]
    harness.until(lambda: watch.stat_of(orphan)["parent"] == pids[app],
                  "the adoption by rind")
    assert stop_and_code(play, app)[0] == 0
    assert not watch.state_of(orphan)
    assert watch.state_of(other) == "S"
    assert stop_and_code(play, side)[0] == 0
