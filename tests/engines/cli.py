"""The engines with Docker's command line: Docker, and Podman as root and as
another user. Each builds the image from Dockerfile.test."""

import os
import pwd
import shutil
import subprocess

import harness

from .host import COUNT, MAPPED, ROOTLESS, Engine

IMAGE = "rind-test"


class CommandLine(Engine):
    """Docker's words, which Podman shares."""

    limits = []
    userns = []  # what asks for one

    def words(self, *words):
        raise NotImplementedError

    def flags(self, ask):
        flags = ["--network=none", *self.limits]
        if ask.user:
            flags.append(f"--user={ask.user}")
        if ask.drop_all:
            flags.append("--cap-drop=ALL")
        if ask.read_only:
            flags.append("--read-only")
        if ask.memory:
            flags.append(f"--memory={ask.memory}")
        if ask.userns:
            flags += self.userns
        if ask.seccomp:
            flags.append(f"--security-opt=seccomp={ask.seccomp}")
        flags += [f"--cap-add={name}" for name in ask.add]
        return [*flags, "-it" if ask.tty else "-i"]

    def command(self, name, ask):
        return self.words("run", "--rm", f"--name={name}", *self.flags(ask),
                          IMAGE, *self.rind_words(name, ask))

    def stop(self, name, seconds):
        return self.words("stop", "--time", seconds, name)

    def exec(self, name, words):
        return self.words("exec", name, *words)

    def remove(self, name):
        self.host.run(self.words("rm", "--force", name), check=False)

    def context(self):
        """What the build needs: the Dockerfile's directory with the file that
        is under test, which is then not built again."""
        place = self.host.place / "context"
        if not place.exists():
            (place / "build").mkdir(parents=True)
            shutil.copy(harness.ROOT / "Dockerfile.test", place)
            shutil.copy(harness.BUILD / "rind", place / "build")
            place.chmod(0o755)
        return place

    def base(self):
        """A stand-in for the distribution's image."""
        archive = self.host.place / "base.tar"
        if not archive.exists():
            subprocess.run(["tar", "-C", harness.IMAGE, "--exclude=./dev/*",
                            "-cf", archive, "."], check=True)
        return archive

    def build_image(self):
        self.host.run(self.words("import", self.base(), "rind-base"))
        self.host.run(self.words(
            "build", "--network=none", "--build-arg=BASE=rind-base",
            "--file", self.context() / "Dockerfile.test", "--tag", IMAGE,
            self.context()))


class Docker(CommandLine):
    name = "docker"
    program = "dockerd"
    lacks = {"userns": "the daemon's choice, not a container's"}
    remap = []

    def set_up(self):
        self.serve()
        self.build_image()

    def words(self, *words):
        return ["env", "DOCKER_BUILDKIT=0", f"DOCKER_CONFIG={self.place}",
                "docker", f"--host=unix://{self.place}/socket", *words]

    def serve(self):
        place = self.place
        # dockerd asks it for its version, and runs it for --init.
        shutil.copy(harness.BUILD / "rind", place / "docker-init")
        self.host.serve(
            ["dockerd", "--iptables=false", "--ip6tables=false",
             "--bridge=none", "--storage-driver=vfs", *self.remap,
             f"--host=unix://{place}/socket", f"--data-root={place}/lib",
             f"--exec-root={place}/run", f"--pidfile={place}/pid",
             f"--init-path={place}/docker-init",
             "--cgroup-parent=/rind-test"], self.words("version"))

    def tear_down(self):
        """It unmounts and removes what its containers have left."""
        pid = (self.place / "pid").read_text()
        self.host.run(["kill", pid])
        harness.until(lambda: not (self.place / "pid").exists(),
                      "the end of dockerd")


class DockerRemapped(Docker):
    """User namespaces are the whole daemon's choice."""
    name = "docker-userns"
    lacks = {}
    remap = [f"--userns-remap={ROOTLESS}"]

    def set_up(self):
        self.serve()
        self.host.run(self.words(
            "import", "--change", 'ENTRYPOINT ["/rind"]', self.base(), IMAGE))


class Podman(CommandLine):
    name = program = "podman"
    # Debian's asks for limits that not every host lets root raise.
    limits = ["--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024"]
    userns = [f"--uidmap=0:{MAPPED}:{COUNT}", f"--gidmap=0:{MAPPED}:{COUNT}"]

    def set_up(self):
        self.build_image()

    def words(self, *words):
        return ["podman", f"--root={self.place}/lib",
                f"--runroot={self.place}/run", f"--tmpdir={self.place}/tmp",
                "--storage-driver=vfs", "--cgroup-manager=cgroupfs",
                "--events-backend=file", "--runtime=runc", *words]


class PodmanRootless(Podman):
    name = "podman-rootless"
    limits = ["--ulimit=host"]
    userns = []  # that is what rootless means
    lacks = {"memory": "limits need cgroup v2 and a delegated group"}

    def set_up(self):
        user = pwd.getpwnam(ROOTLESS)
        os.chown(self.place, user.pw_uid, user.pw_gid)
        self.host.run(["mkdir", "-m", "700", "/run/rootless"])
        self.host.run(["chown", ROOTLESS, "/run/rootless"])
        super().set_up()

    def words(self, *words):
        user = pwd.getpwnam(ROOTLESS)
        return ["env", "--chdir=/", f"HOME={self.place}",
                "XDG_RUNTIME_DIR=/run/rootless", "setpriv",
                f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}",
                "--clear-groups", *super().words(*words)]
