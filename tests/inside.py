"""What the tests of privilege share: ways into the image with less than all of
root's rights, files of its /etc, and what the kernel says of a process."""

import shlex

# Linux' own order: a name's place is its bit.
CAPABILITIES = """
chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap
linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock
ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin
sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write
audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend
audit_read perfmon bpf checkpoint_restore
""".split()

SETS = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]


def mask(*names):
    """The set of these capabilities as /proc/PID/status writes it."""
    return f"{sum(1 << CAPABILITIES.index(name) for name in names):016x}"


def fields(text):
    """The fields of a /proc/PID/status that an app has printed."""
    return dict(line.split(":\t", 1) for line in text.splitlines()
                if ":\t" in line)


def sets(text):
    """The five capability sets in it."""
    return [fields(text)[name] for name in SETS]


def capsh(*options):
    """Into the image through capsh(1), which takes rights away on the way."""
    return (f"capsh --chroot=\"$IMAGE\" {shlex.join(options)} "
            "--shell=/bin/sh -- -c 'exec \"$0\" \"$@\"'")


def as_user(uid, gid=None):
    """As docker run --user does: another user, no capability."""
    gid = uid if gid is None else gid
    return capsh(f"--gid={gid}", f"--groups={gid}", f"--uid={uid}")


def without(*names):
    """As docker run --cap-drop does."""
    return capsh("--drop=" + ",".join("cap_" + name for name in names))


def only(*names):
    """As docker run --cap-drop=ALL --cap-add=... does."""
    return without(*(name for name in CAPABILITIES if name not in names))


def etc(**files):
    """Shell text for prepare: an /etc with these files, and no others."""
    lines = ['mount -t tmpfs -o mode=755 tmpfs "$IMAGE/etc"']
    lines += [f'printf %b {shlex.quote(text)} >"$IMAGE/etc/{name}"'
              for name, text in files.items()]
    return "; ".join(lines)


# A /tmp of the test's own, where setuid programs work.
TMP = 'mount -t tmpfs -o mode=1777 tmpfs "$IMAGE/tmp"'


def one_line(process):
    """The one line that rind has said instead of starting the app."""
    assert process.out == ""
    assert process.err.count("\n") == 1 and process.err.endswith("\n")
    return process.err[:-1]
