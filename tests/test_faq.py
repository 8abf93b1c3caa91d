"""docs/faq.md: each command is run as it stands there, and prints what stands
below it; those of Docker in Docker, the others as PID 1 of new namespaces."""

import json
import re
import shlex
import shutil
import subprocess

import pytest

import harness
from conftest import need

DOCUMENT = (harness.ROOT / "docs/faq.md").read_text()
README = (harness.ROOT / "README.md").read_text()
# A new one: machines differ in who may send ICMP echo requests.
NETWORK = ("unshare --net sh -c 'busybox ip link set lo up; exec \"$@\"' sh "
           f"{harness.CHROOT}")
SCRIPTS = {"script-of-bash": "#!/bin/bash\n", "script-of-nothing": "true\n"}


def commands(program):
    """[(command, what it prints, exit status or None)] of PROGRAM."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", DOCUMENT, re.M | re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, printed = part.split("\n", 1)
            if command == "echo $?":
                found[-1][2] = int(printed)
            else:
                found.append([command, printed, None])
    return [tuple(one) for one in found if one[0].startswith(f"{program} ")]


def test_each_command_is_of_a_program_that_is_run_here():
    assert len(commands("rind")) + len(commands("docker")) == len(
        re.findall(r"^\$ (?!echo)", DOCUMENT, re.M))


@pytest.fixture
def image(place):
    """The tests' image with the programs that the document names."""
    programs = place / "busybox/bin"
    for name, text in SCRIPTS.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    capable = programs / "with-file-capability"
    capable.write_bytes((programs / "busybox").read_bytes())
    capable.chmod(0o755)
    need(subprocess.run(["setcap", "cap_net_bind_service=ep", capable],
                        check=False).returncode == 0, "no file capabilities")
    return place / "busybox"


@pytest.mark.parametrize("command, printed, code", commands("rind"))
def test_a_command_of_rind(container, image, command, printed, code):
    command, _, tail = command.partition(" | tail -n ")
    process = container(*shlex.split(command)[1:], image=image, enter=NETWORK,
                        stderr=subprocess.STDOUT)
    got = process.wait()
    out = process.out
    if tail:  # of stdout; stderr, which is one line here, is not in the pipe
        *out, error = out.splitlines(keepends=True)
        out = "".join(out[-int(tail):] + [error])
    assert out == printed
    assert code is None or got == code


def test_an_image_of_nothing_but_rind_and_an_app(container, place):
    """The one FROM scratch."""
    dockerfile, = re.findall(r"^FROM scratch\n(.*?)^```", DOCUMENT, re.M | re.S)
    words = json.loads(re.search(r"ENTRYPOINT (.*)", dockerfile).group(1))
    image = place / "scratch"
    (image / "proc").mkdir(parents=True)
    for name in ("rind", "app"):
        shutil.copy(harness.BUILD / "rind", image / name)
    process = container(*words[1:], "--version", image=image)
    assert process.wait() == 0, process.err
    assert process.out.startswith("rind ")


@pytest.mark.parametrize("engine", ["docker"], indirect=True)
def test_the_commands_of_docker(engine, engine_host):
    place = engine_host.place / "faq"
    place.mkdir()
    (place / "Dockerfile").write_text(
        "FROM rind-test\nRUN mkdir -p /var/www && echo up >/var/www/index.html\n"
        + "\n".join(re.findall(r"^(?:ENTRYPOINT|CMD) .*", README, re.M)))
    engine_host.run(engine.words("build", "--tag=site", place))
    engine_host.run(engine.words("run", "--detach", "--network=none",
                                 "--name=site", "site"))
    check, = re.findall(r"^HEALTHCHECK CMD (.*)", DOCUMENT, re.M)
    try:
        harness.until(lambda: engine_host.run(engine.exec(
            "site", json.loads(check)), check=False).stdout == "up\n", check)
        for command, printed, code in commands("docker"):
            done = engine_host.run(engine.words(*shlex.split(command)[1:]),
                                   check=False)
            assert done.stdout + done.stderr == printed
            assert code is None or done.returncode == code
    finally:
        engine.remove("site")
