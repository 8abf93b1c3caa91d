"""The engines that are made for whole systems: LXC and systemd-nspawn."""

import os
import shlex
import signal

import harness

from .host import COUNT, MAPPED, Engine, container_pid1


class Lxc(Engine):
    name = "lxc"
    program = "lxc-start"
    always_tty = True
    # How lxc-stop asks, and how it asks an init that blocks SIGRTMIN+3, which
    # it takes for systemd.
    rind = ["--rewrite=PWR:TERM", "--rewrite=RTMIN+3:TERM"]
    # lxc-start gives a console, but makes it nobody's controlling terminal.
    interactive = ["sh", "-c", "setsid -c sh -i; exit $?"]

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


GETENT = """#!/bin/sh
[ "$1" = passwd ] && exec grep "^$2:" /etc/passwd
echo "$2"
"""


class Nspawn(Engine):
    name = "nspawn"
    program = "systemd-nspawn"
    stops_in_time = False
    lacks = {
        "memory": "limits need systemd as the host's service manager",
        "exec": "machinectl shell needs systemd-machined",
    }

    def set_up(self):
        self.image = self.place / "image"
        self.host.run(["cp", "-a", harness.IMAGE, self.image])
        # By which it knows a system, and looks up its --user.
        (self.image / "usr/bin").mkdir(parents=True)
        getent = self.image / "usr/bin/getent"
        getent.write_text(GETENT)
        getent.chmod(0o755)

    def command(self, name, ask):
        root = self.place / name  # it runs one container from a tree
        self.host.run(["cp", "-a", self.image, root])
        flags = []
        if ask.user:
            flags.append("--user=app")
        if ask.drop_all:
            flags.append("--drop-capability=all")
        if ask.read_only:
            flags.append("--read-only")
        if ask.userns:
            flags += [f"--private-users={MAPPED}:{COUNT}",
                      "--private-users-ownership=map"]
        console = "interactive" if ask.tty else "pipe"
        return ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit",
                f"--machine={name}", f"--directory={root}",
                "--kill-signal=SIGTERM", f"--console={console}", *flags,
                "/rind", *self.rind_words(name, ask)]

    def stop(self, name, seconds):
        """It passes on the SIGTERM that its own service manager sends."""
        parent = int(harness.status_of(container_pid1(name))["PPid"])
        return ["kill", "-TERM", harness.status_of(parent)["NSpid"].split()[1]]

    def remove(self, name):
        pid = container_pid1(name)
        if pid:
            os.kill(pid, signal.SIGKILL)
