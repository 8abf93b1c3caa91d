"""README.md as its reader follows it: the Dockerfile and the commands of its
first screen, word for word, in a Docker that has a network of its own; what it
says of a container without rind; its links for a drop-in; its checksums.

There is no registry here. The images `debian:12` and `busybox` are made of this
machine: of the files of those packages that ./build.sh needs, and of the tests'
BusyBox image. Nor is there a network in the build: libcap's sources lie in the
clone as ./build.sh leaves them there.
"""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

import engines
import harness
import inside
import watch
from conftest import need

README = (harness.ROOT / "README.md").read_text()
NEEDED = "apt make binutils musl-dev linux-libc-dev gcc dpkg-dev".split()
NOT_COPIED = ("build", ".git", "__pycache__", ".pytest_cache")
# Of no use to the build, and copied by Docker with each layer.
UNUSED = re.compile("/usr/share/(doc|info|locale|man|perl)/|/usr/(bin|lib)/.*"
                    "(perl|gconv|lib[altu]+san|lto1|lto-dump|gprofng)")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)


def console():
    """[(command, what it prints)] of README's first commands."""
    block, = blocks("console")
    return [tuple(part.split("\n", 1)) for part in
            re.split(r"^\$ ", block, flags=re.M)[1:]]


def the_same_but_for_ids(text):
    """TEXT without what differs each time: digests, process ids, widths."""
    text = re.sub(r"\b[0-9a-f]{64}\b", "ID", text)
    text = re.sub(r"^ *\d+ ", "PID ", text, flags=re.M)
    return re.sub(r" +", " ", text).strip()


def field(stanza, name):
    found = re.search(rf"^{name}: (.*)", stanza, re.M)
    return found.group(1) if found else ""


def packages():
    """The installed packages among NEEDED, what is essential, and all that
    these depend on."""
    installed, provided = {}, {}
    for stanza in Path("/var/lib/dpkg/status").read_text().split("\n\n"):
        if field(stanza, "Status").endswith(" installed"):
            installed[field(stanza, "Package")] = stanza
    for name, stanza in installed.items():
        for word in re.findall(r"[\w.+-]+", field(stanza, "Provides")):
            provided.setdefault(word, name)
    found = set()
    wanted = NEEDED + [name for name, stanza in installed.items()
                       if field(stanza, "Essential") == "yes"]
    while wanted:
        name = wanted.pop()
        name = name if name in installed else provided.get(name)
        if name is None or name in found:
            continue
        found.add(name)
        for kind in ("Depends", "Pre-Depends"):
            wanted += re.findall(r"(?:^|[,|]) *([\w.+-]+)",
                                 field(installed[name], kind))
    return sorted(found)


def files_of(names):
    """The paths of the packages' files and directories, and of what their
    scripts have made of them."""
    listed = subprocess.run(["dpkg-query", "--listfiles", *names], check=True,
                            capture_output=True, text=True).stdout.split("\n")
    made = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32",
            "/etc/passwd", "/etc/group", "/etc/ld.so.cache",
            "/var/lib/dpkg/status", *map(str, Path(
                "/etc/alternatives").iterdir())]
    links = [f"/usr/bin/{path.name}"
             for path in Path("/etc/alternatives").iterdir()]
    paths = set()
    for path in filter(os.path.lexists, listed + made + links):
        if path not in ("", "/", "/.") and not UNUSED.match(path):
            place = os.path.realpath(os.path.dirname(path))
            paths.add(os.path.join(place, os.path.basename(path)))
    return sorted(paths)


class DockerWithNetwork(engines.Docker):
    """A daemon with the bridge that Docker has by default, in a network
    namespace of its own; typed commands find it by DOCKER_HOST."""
    name = "docker-readme"

    def set_up(self):
        place = self.place
        self.host.serve(
            ["unshare", "--net", "sh", "-c",
             f'busybox ip link set lo up; echo $$ >{place}/first; exec "$@"',
             "sh", "dockerd", "--iptables=false", "--ip6tables=false",
             "--storage-driver=vfs", f"--host=unix://{place}/socket",
             f"--data-root={place}/lib", f"--exec-root={place}/run",
             f"--pidfile={place}/pid", "--cgroup-parent=/rind-test"],
            self.words("version"))
        self.import_image("debian:12", ["tar", "-C", "/", "--no-recursion",
                                        "--verbatim-files-from", "-T", "-",
                                        "-c"], files_of(packages()))
        self.import_image("busybox", ["tar", "-C", harness.IMAGE, "-c",
                                      "--exclude=./dev/*", "--exclude=./rind*",
                                      "."])

    def import_image(self, name, tar, files=()):
        archive = self.place / "image.tar"
        subprocess.run([*tar, "-f", archive], check=True, text=True,
                       capture_output=True,
                       input="".join(f".{path}\n" for path in ["", *files]))
        self.host.run(self.words("import", archive, name))
        archive.unlink()

    def type(self, command, place="/"):
        """Runs COMMAND in PLACE as a user types it; what it prints."""
        done = subprocess.run(self.host.enter(
            ["env", f"--chdir={place}", f"DOCKER_HOST=unix://{self.place}/"
             "socket", "DOCKER_BUILDKIT=0", f"DOCKER_CONFIG={self.place}",
             "sh", "-c", command]), text=True, capture_output=True,
            timeout=10 * harness.TIMEOUT, stdin=subprocess.DEVNULL, check=False)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout

    def get(self, url):
        """What is at URL, for a program beside the daemon."""
        first = (self.place / "first").read_text().strip()
        return harness.until(lambda: self.host.run(
            ["nsenter", f"--net=/proc/{first}/ns/net", "curl", "-sS", url],
            check=False).stdout, url)

    def pid(self, name):
        """The pid here of PID 1 of the container NAME."""
        return self.host.pid_here(self.type(
            f"docker inspect --format='{{{{.State.Pid}}}}' {name}").strip())


@pytest.fixture(scope="module")
def docker(engine_host):
    for program in ("dockerd", "dpkg-query", "curl"):
        need(shutil.which(program, path="/usr/sbin:/usr/bin"),
             f"{program} is not installed")
    daemon = DockerWithNetwork(engine_host)
    daemon.set_up()
    yield daemon
    daemon.tear_down()


@pytest.fixture(scope="module")
def directory(docker):
    """What README says lies beside the Dockerfile: a clone and a site."""
    place = docker.place / "context"
    shutil.copytree(harness.ROOT, place / "rind", symlinks=True,
                    ignore=shutil.ignore_patterns(*NOT_COPIED))
    shutil.copytree(harness.BUILD / "libcap-src", place / "rind/build/libcap-src")
    (place / "rind/build/libcap-origin").write_text(
        "the distribution's source package\n")
    (place / "site").mkdir()
    (place / "site/index.html").write_text("it serves\n")
    (place / "Dockerfile").write_text(blocks("dockerfile")[0])
    return place


@pytest.fixture(scope="module")
def built(docker, directory):
    """The image `site`, built by README's first command."""
    command, printed = console()[0]
    assert command.startswith("docker build ")
    said = docker.type(command, directory)
    assert the_same_but_for_ids(said) == the_same_but_for_ids(printed)


def test_the_first_screen(docker, directory, built):
    (run, ran), (top, showed), *beside, (stop, stopped) = console()[1:]
    assert [command.split()[1] for command, _ in console()[1:]] == [
        "run", "top", "exec", "exec", "stop"]
    said = docker.type(run, directory)
    assert the_same_but_for_ids(said) == the_same_but_for_ids(ran)
    assert docker.get("http://127.0.0.1:8080/") == "it serves\n"
    # httpd has one process more for each request that it has not finished.
    harness.until(lambda: the_same_but_for_ids(docker.type(top, directory)) ==
                  the_same_but_for_ids(showed), showed)
    for command, printed in beside:
        assert docker.type(command, directory) == printed
    first = docker.pid("site")
    app, = harness.children_of(first)
    assert inside.sets(Path(f"/proc/{app}/status").read_text()) == [
        inside.mask("net_bind_service")] * 5
    assert harness.status_of(app)["Uid"].split() == ["1000"] * 4
    assert harness.status_of(app)["NoNewPrivs"] == "1"
    assert harness.status_of(first)["Uid"].split() == ["0"] * 4
    assert harness.status_of(first)["CapPrm"] == inside.mask("kill")
    assert docker.type(stop, directory) == stopped
    assert docker.type(
        "docker inspect --format='{{.State.ExitCode}}' site") == "143\n"


def zombies(docker, name):
    """How many zombies are in the container NAME."""
    return [watch.state_of(pid) for pid in
            watch.namespace_of(docker.pid(name))].count("Z")


@pytest.mark.parametrize("rind, uid, capabilities, left, code", [
    ("", "0", 14, 1, "137\n"), ("/rind --user=1000 --", "1000", 0, 0, "143\n"),
], ids=["without rind", "with rind"])
def test_an_app_as_pid_1_and_under_rind(docker, built, rind, uid, capabilities,
                                        left, code):
    name = f"app-{uid}"
    docker.type(f"docker run --detach --name={name} --entrypoint= site "
                f"{rind} sleep 100000")
    first = docker.pid(name)
    app = harness.children_of(first)[0] if rind else first
    assert harness.status_of(app)["Uid"].split()[0] == uid
    bounding = int(harness.status_of(app)["CapBnd"], 16)
    assert bounding.bit_count() == capabilities
    docker.type(f"docker exec {name} sh -c 'sleep 0.1 &'")
    docker.type(f"docker exec {name} sleep 1")
    harness.until(lambda: zombies(docker, name) == left, "the orphan's end")
    # SIGKILL comes after a second here; by default it is ten.
    docker.type(f"docker stop --time=1 {name}")
    assert docker.type("docker inspect --format='{{.State.ExitCode}}' "
                       f"{name}") == code
    assert "(default 10)" in docker.type("docker stop --help")


def test_the_links_of_a_drop_in_are_not_dangling(docker, directory, built):
    stage = blocks("dockerfile")[0].split("\n\n")[0]
    (directory / "Dockerfile.drop-in").write_text(
        f"{stage}\nFROM busybox\nRUN mkdir -p /usr/local/bin\n"
        f"{blocks('dockerfile')[1]}")
    docker.type("docker build --quiet --file=Dockerfile.drop-in "
                "--tag=drop-in .", directory)
    said = docker.type("docker run --rm drop-in tini -- gosu 1234 sh -c "
                       "'cat /proc/1/comm; id -u'")
    assert said == "tini\n1234\n"


def test_the_file_in_the_image_is_the_one_that_is_built_here(docker, built):
    need(not {"CC", "CFLAGS"} & set(os.environ), "another compiler is asked for")
    command, = [line for text in blocks("sh") for line in text.splitlines()
                if line.startswith("docker run ")]
    here = hashlib.sha256((harness.BUILD / "rind").read_bytes()).hexdigest()
    assert docker.type(command) == f"{here}  /rind\n"


def examples():
    """README's command lines of rind's own, which are set off by blanks."""
    return [line.strip() for line in README.splitlines()
            if re.match("    rind -", line)]


@pytest.mark.parametrize("line", [line for line in examples()
                                  if not "<" in line and "+" not in line])
def test_the_command_lines_are_understood(container, line):
    words = shlex.split(line)[1:]
    command = words.index("--") + 1
    process = container(*words[:command], "true")
    assert (process.wait(), process.err) == (0, "")
