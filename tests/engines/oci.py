"""The engines that take a bundle, as "runc spec" writes it: runc and crun, and
containerd's ctr, which hands it to runc."""

import json

import harness

from .host import COUNT, MAPPED, Engine

# What Docker and containerd give; "runc spec" has three of them.
DOCKER_CAPS = """CAP_CHOWN CAP_DAC_OVERRIDE CAP_FSETID CAP_FOWNER CAP_MKNOD
CAP_NET_RAW CAP_SETGID CAP_SETUID CAP_SETFCAP CAP_SETPCAP CAP_NET_BIND_SERVICE
CAP_SYS_CHROOT CAP_KILL CAP_AUDIT_WRITE""".split()
SETS = "bounding", "effective", "permitted"


def _user(config, value):
    config["process"]["user"] = {"uid": int(value), "gid": int(value)}
    # As Docker has it: another user than root holds nothing but bounds.
    for name in SETS[1:]:
        config["process"]["capabilities"][name] = []


def _drop_all(config, _):
    config["process"]["capabilities"] = {name: [] for name in SETS}


def _read_only(config, _):
    config["root"]["readonly"] = True


def _tty(config, _):
    config["process"]["terminal"] = True


def _memory(config, value):
    config["linux"]["resources"]["memory"] = {"limit": value}


def _userns(config, _):
    linux = config["linux"]
    linux["namespaces"].append({"type": "user"})
    for ids in "uidMappings", "gidMappings":
        linux[ids] = [{"containerID": 0, "hostID": MAPPED, "size": COUNT}]


def _seccomp(config, path):
    config["linux"]["seccomp"] = json.loads(path.read_text())


def _add(config, names):
    for held in config["process"]["capabilities"].values():
        held += [f"CAP_{name}" for name in names]


FIELDS = {"user": _user, "drop_all": _drop_all, "read_only": _read_only,
          "tty": _tty, "memory": _memory, "userns": _userns,
          "seccomp": _seccomp, "add": _add}


class Runc(Engine):
    name = program = "runc"
    stops_in_time = False

    def set_up(self):
        self.root = self.place / "rootfs"
        self.root.parent.mkdir(exist_ok=True)
        self.host.run(["cp", "-a", harness.IMAGE, self.root])
        self.host.run(["runc", "spec", "--bundle", self.place])
        self.spec = (self.place / "config.json").read_text()

    def bundle(self, name, ask):
        config = json.loads(self.spec)
        config["root"] = {"path": str(self.root), "readonly": False}
        process = config["process"]
        process["args"] = ["/rind", *self.rind_words(name, ask)]
        process["terminal"] = False
        process["capabilities"] = {name: list(DOCKER_CAPS) for name in SETS}
        config["linux"]["cgroupsPath"] = f"/rind-test/{name}"
        for field, change in FIELDS.items():
            if getattr(ask, field):
                change(config, getattr(ask, field))
        place = self.place / name
        place.mkdir()
        (place / "config.json").write_text(json.dumps(config))
        return place

    def words(self, *words):
        return [self.program, "--root", self.place / "state", *words]

    def command(self, name, ask):
        return self.words("run", "--bundle", self.bundle(name, ask), name)

    def stop(self, name, seconds):
        return self.words("kill", name, "TERM")

    def exec(self, name, words):
        return self.words("exec", name, *words)

    def remove(self, name):
        self.host.run(self.words("delete", "--force", name), check=False)


class Crun(Runc):
    name = program = "crun"
    lacks = {"resize": "crun run does not pass on the size of its terminal"}


class Containerd(Runc):
    name = "containerd"
    program = "ctr"

    def set_up(self):
        super().set_up()
        config = self.place / "config.toml"
        self.socket = self.place / "socket"
        config.write_text(
            "version = 2\n"
            f'root = "{self.place}/lib"\nstate = "{self.place}/run"\n'
            'disabled_plugins = ["io.containerd.grpc.v1.cri"]\n'
            f'[grpc]\naddress = "{self.socket}"\n')
        self.host.serve(["containerd", "--config", config],
                        self.words("version"))

    def words(self, *words):
        return ["ctr", "--address", self.socket, *words]

    def command(self, name, ask):
        bundle = self.bundle(name, ask)
        tty = ["--tty"] if ask.tty else []
        return self.words("run", "--rm", *tty, "--config",
                          bundle / "config.json", name)

    def stop(self, name, seconds):
        return self.words("task", "kill", "--signal", "SIGTERM", name)

    def exec(self, name, words):
        return self.words("task", "exec", "--exec-id", "exec", name, *words)

    def remove(self, name):
        self.host.run(self.words("task", "kill", "--signal", "SIGKILL", name),
                      check=False)
