"""The engines that are made for whole systems: LXC and systemd-nspawn."""

import shlex
import signal

import harness

from .host import COUNT, MAPPED, Engine, container_pid1


class Lxc(Engine):
    name = "lxc"
    program = "lxc-start"
    always_tty = True
    rind = ["--rewrite=PWR:TERM"]  # SIGPWR is how lxc-stop asks

    def set_up(self):
        self.place.chmod(0o755)

    def config(self, name, ask):
        """One file for a container; words cannot be quoted in it, so the app
        is a script."""
        place = self.place / name
        root = place / "rootfs"
        place.mkdir()
        self.host.run(["cp", "-a", harness.IMAGE, root])
        (root / "app").write_text(f"exec {shlex.join(ask.words)}\n")
        rind = self.rind_words(name, ask)[:-len(ask.words)]
        lines = {
            "lxc.uts.name": name,
            "lxc.rootfs.path": f"dir:{root}",
            "lxc.net.0.type": "empty",
            "lxc.apparmor.profile": "unconfined",
            "lxc.mount.auto": "proc:mixed sys:ro",
            "lxc.init.cmd": " ".join(["/rind", *rind, "sh", "/app"]),
        }
        if ask.user:
            lines["lxc.init.uid"] = lines["lxc.init.gid"] = ask.user
        if ask.drop_all:
            lines["lxc.cap.keep"] = "none"
        if ask.read_only:
            lines["lxc.rootfs.options"] = "ro"
        if ask.memory:
            lines["lxc.cgroup.memory.limit_in_bytes"] = ask.memory
            lines["lxc.cgroup2.memory.max"] = ask.memory
        text = "".join(f"{key} = {value}\n" for key, value in lines.items())
        text += "".join(f"lxc.environment = {k}={v}\n"
                        for k, v in ask.env.items())
        if ask.userns:
            text += "".join(f"lxc.idmap = {kind} 0 {MAPPED} {COUNT}\n"
                            for kind in "ug")
            self.host.run(["chown", "-hR", f"{MAPPED}:{MAPPED}", root])
        (place / "config").write_text(text)

    def words(self, program, name, *words):
        return [program, f"--lxcpath={self.place}", f"--name={name}", *words]

    def command(self, name, ask):
        self.config(name, ask)
        return self.words("lxc-start", name, "--foreground",
                          "--logpriority=INFO",
                          f"--logfile={self.place / name / 'log'}")

    def stop(self, name, seconds):
        return self.words("lxc-stop", name, f"--timeout={seconds}")

    def exec(self, name, words):
        return self.words("lxc-attach", name, "--", *words)

    def remove(self, name):
        self.host.run(self.words("lxc-stop", name, "--kill"), check=False)

    def code(self, name, process):
        """lxc-start tells it in its log alone."""
        process.wait()
        for line in (self.place / name / "log").read_text().splitlines():
            _, found, how = line.partition("> ended on ")
            number = int(how.rpartition("(")[2].rstrip(")")) if found else 0
            if how.startswith("signal"):
                return 128 + number
            if found:
                return number
        return 0


class Nspawn(Engine):
    name = "nspawn"
    program = "systemd-nspawn"
    rind = []

    def set_up(self):
        self.root = self.place / "rootfs"
        self.host.run(["cp", "-a", harness.IMAGE, self.root])
        (self.root / "usr").mkdir()  # by which it knows a system

    def command(self, name, ask):
        flags = [f"--setenv={k}={v}" for k, v in ask.env.items()]
        if ask.user:
            flags.append(f"--user={ask.user}")
        if ask.drop_all:
            flags.append("--drop-capability=all")
        if ask.read_only:
            flags.append("--read-only")
        if ask.userns:
            flags += [f"--private-users={MAPPED}:{COUNT}",
                      "--private-users-ownership=map"]
        console = "interactive" if ask.tty else "pipe"
        return ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit",
                f"--machine={name}", f"--directory={self.root}",
                "--kill-signal=SIGTERM", f"--console={console}", *flags,
                "/rind", *self.rind_words(name, ask)]

    def stop(self, name, seconds):
        """It passes on the SIGTERM that its own service manager sends."""
        parent = int(harness.status_of(container_pid1(name))["PPid"])
        return ["kill", "-TERM", harness.status_of(parent)["NSpid"].split()[1]]

    def exec(self, name, words):
        raise NotImplementedError

    def remove(self, name):
        pid = container_pid1(name)
        if pid:
            harness.os.kill(pid, signal.SIGKILL)
