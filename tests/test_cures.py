"""What an error line tells the user to do, typed: it works.

Each row is one mistake as a user makes it, the line that rind says, and what its
cure tells to type next, which starts the app or comes to the next error. All of
it is shell text, run by root in a PID and a mount namespace of its own, in a
directory with rind and the image busybox. Where the cure is the engine's to
follow, inside() does what the engine would. Only what no user can bring about on
this kernel is strace's doing.
"""

import os
import re
import shlex
import subprocess
import warnings
from dataclasses import dataclass

import pytest

import cures
import harness
from inside import TMP, as_user, etc, mask, only, without

CAPABILITIES = "setup/confinement/capabilities.c"
USER = "setup/identity/user.c"
LOOKUP = "setup/identity/user_lookup.c"
MOUNT = "setup/mounts/mount_error.c"
OUTER_PROC = "setup/mounts/outer_proc.c"
EXEC = "setup/process/exec_failure.c"
AS_USER = "setpriv --reuid=34 --regid=34 --clear-groups"
# Two other processes of the user 4711.
OTHERS = ("for one in 1 2; do setpriv --reuid=4711 --regid=4711 --clear-groups "
          "sleep 60 & until grep -q ^Uid:.4711 /proc/$!/status; do :; done; "
          "done;")
APP = "./rind --user=1000"
ROOT_MAP = "--unshare=user --uid-map=0:0:1 --gid-map=0:0:1"
OWN = "./rind --user=1000 --unshare=mount"
# Without the last capability: libcap asks for it once, and rind once more.
OLD_KERNEL = ("strace -qq -o /dev/null -e trace=prctl "
              "-e inject=prctl:error=EINVAL:when=3..8+5")
BOX = f"{OWN} --root=busybox"


def inside(words, **kwargs):
    """Shell text that runs rind with WORDS as PID 1 inside the image."""
    words = ["/rind", *shlex.split(words)]
    return shlex.join(harness.namespace_command(words, "busybox", **kwargs))


def on_terminal(command):
    """Shell text that runs COMMAND on a terminal of its own."""
    return f"script -qec {shlex.quote(command)} /dev/null >&2"


def fault(calls, what):
    """strace(1) with CALLS failing, or lying, as WHAT says, in the rind behind
    it and in the app's process."""
    return (f"strace -f -qq -o /dev/null -e trace={calls} "
            f"-e inject={calls}:{what} ")


def fault_of_rind(call, what, arguments, command):
    """COMMAND with one CALL of rind's own failing: the first with ARGUMENTS."""
    trace = f"strace -qq -e trace={call}"
    return (f"when=$({trace} {command} 2>&1 | grep -n {arguments} | head -1 | "
            f"cut -d: -f1); {trace} -o /dev/null "
            f"-e inject={call}:{what}:when=$when {command}")


def has(capability):
    """Whether the machine leaves root that capability."""
    bounding = int(harness.status_of("self")["CapBnd"], 16)
    return bool(bounding & int(mask(capability), 16))


@dataclass
class With:
    """What can be typed where root has that capability."""

    capability: str
    script: str


@dataclass
class Row:
    file: str
    cure: str
    mistake: str
    line: str
    typed: list
    shown: str | None = None  # the cure, where it has more than its literals

    @property
    def said(self):
        return f"rind: {self.line} ({self.shown or self.cure})"

    def __str__(self):
        return f"{self.file}: {self.shown or self.cure}"


ROWS = [
    # --- mounts, by name ---
    Row("setup/mounts/mount_owner.c", "give its number, which needs no entry",
        f"{BOX} --tmpfs=/mnt:uid=nosuch true",
        "mounts: nosuch: no such user in /etc/passwd",
        [f"{BOX} --tmpfs=/mnt:uid=1234 true"]),
    # --- --check ---
    Row("check/assertion_values.c", "write %s=%s",
        "./rind --check user=nosuch",
        "check: user=nosuch: no such user in /etc/passwd",
        ["./rind --check user=root"], "write user=USER"),
    Row("check/assertion_values.c", "write %s=%s",
        f"{OWN} --read-only ./rind --check root=rw",
        "check: root=rw: no such value",
        [f"{OWN} --read-only ./rind --check root=read-only"],
        "write root=read-only"),
    Row("check/assertion_values.c", "write %s=%s",
        "./rind --check groups=nosuch",
        "check: groups=nosuch: no such group in /etc/group",
        [f"{APP} ./rind --check groups=1000",
         "setpriv --clear-groups ./rind --check groups=none"],
        "write groups=none|G[,G]..."),
    Row("sys/capability_list.c",
        "write a name of capabilities(7), such as net_bind_service",
        f"{APP} --cap=net_row true",
        "options: --cap=net_row: no such capability",
        [f"{APP} --cap=net_raw true",
         f"{APP} --cap=net_bind_service true"]),
    Row("sys/capability_list.c",
        "write a name of capabilities(7), such as net_bind_service",
        f"{APP} ./rind --check caps=flying",
        "check: caps=flying: no such capability",
        [f"{APP} --cap=chown,kill ./rind --check caps=chown,kill"]),
    Row("check/assertions.c", "write %s=%s",
        "./rind --check user", "check: user: needs a value",
        ["./rind --check user=root", "./rind --check user=0"],
        "write user=USER"),
    Row("check/assertions.c", "leave the value out",
        f"{APP} ./rind --check nonroot=yes",
        "check: nonroot=yes: takes no value",
        [f"{APP} ./rind --check nonroot"]),
    Row("check/assertions.c", "write one of %s%s%s",
        f"{APP} ./rind --check frobnicate",
        "check: frobnicate: no such assertion",
        [f"{APP} ./rind --check nonroot user=1000 group=1000 groups=1000 "
         "caps=none fds=standard no-new-privs securebits=locked"],
        "write one of nonroot, user=, group=, groups=, caps=, bounding=, "
        "securebits=, no-new-privs, seccomp, ns=, not-host=, root=, mounts=, "
        "masked, fds=, pid1, not-pid1, not-dumpable, no-tracer"),
    Row("check/check.c", "check them one by one",
        "./rind --check=1,2", "check: 1,2: more than one process",
        ["./rind --check=1"]),
    Row("check/checked_process.c",
        "give a PID that ps shows, or mount /proc with hidepid=0",
        f"mount -t proc -o hidepid=2 proc /proc; {AS_USER} ./rind --check=1",
        "check: 1: no such process, or /proc hides it",
        [f"mount -t proc -o hidepid=0 proc /proc; {AS_USER} ./rind --check=1",
         f"mount -t proc -o hidepid=2 proc /proc; {AS_USER} sh -c "
         "'./rind --check=$(ps -o pid= -p $$ | tr -d \" \")'"]),
    Row("check/checked_process.c", "mount /proc, or leave the PID out",
        inside("--check=1", proc=False), "check: 1: there is no /proc",
        [inside("--check=1"), inside("--check", proc=False)]),
    Row("check/checked_process.c",
        "write --check=json, --check=PID or --check=json,PID",
        "./rind --check=yaml", "check: yaml: neither json nor a process id",
        ["./rind --check=json", "./rind --check=1", "./rind --check=json,1"]),

    # --- the command line, and config files ---
    Row("cli/command_line.c", "see rind --help",
        f"{APP} --nosuch true", "options: --nosuch: unknown option",
        ["./rind --help"]),
    Row("cli/parser.c", "write --%s",
        "./rind --version=1", "options: --version=1: takes no value",
        ["./rind --version"], "write --version"),
    Row("cli/parser.c", "write yes or no",
        f"{APP} --verbose=1 true",
        "options: --verbose=1: neither yes nor no",
        [f"{APP} --verbose={word} true" for word in ("yes", "no")]),
    Row("cli/command_line.c", "write --%s=%s",
        "./rind --user", "options: --user: needs a value",
        ["./rind --user=1000 true", "./rind --user=1000:1000 true"],
        "write --user=USER[:GROUP]"),
    Row("cli/command_line.c", "run rind OPTION... -- rind --check",
        f"{APP} --check nonroot",
        "options: --check: options before it would not be in force",
        [f"{APP} -- ./rind --check nonroot"]),
    Row("cli/command_line.c", "remove --exec or --%s",
        f"{APP} --exec --wait=all true",
        "options: --wait: needs a supervisor",
        [f"{APP} --wait=all true", f"{APP} --exec true"],
        "remove --exec or --wait"),
    Row("cli/command_line.c", "write rind [OPTION]... [--] COMMAND [ARG]...",
        APP, "options: no command to run",
        [f"{APP} true", f"{APP} -- sh -c true"]),
    Row("cli/config.c", "write a name as in --help, without the dashes",
        "echo --user=1000 >conf; ./rind --config=conf true",
        "config: conf:1: --user: not an option for a config file",
        ["echo user 1000 >conf; ./rind --config=conf true"]),
    Row("cli/parser.c", "write yes or no",
        f"echo verbose on >conf; {APP} --config=conf true",
        "config: conf:1: verbose: neither yes nor no",
        [f"echo verbose {word} >conf; {APP} --config=conf true"
         for word in ("yes", "no")]),
    Row("cli/config.c", "write %s %s",
        "echo user >conf; ./rind --config=conf true",
        "config: conf:1: user: needs a value",
        ["echo user 1000:1000 >conf; ./rind --config=conf true"],
        "write user USER[:GROUP]"),
    Row("cli/config.c", "create it, or name a file that exists",
        "./rind --config=conf true",
        "config: conf: No such file or directory",
        ["echo user 1000 >conf; ./rind --config=conf true",
         "echo user 1000 >other; ./rind --config=other true"]),
    Row("cli/config.c", "split the file after line 1000",
        "yes '#' | head -1000 >conf; echo user 1000 >>conf; "
        "./rind --config=conf true", "config: conf:1001: too many lines",
        ["head -1000 conf >one; tail -n +1001 conf >two; "
         "./rind --config=one --config=two true"]),
    Row("cli/config.c", "run chown root and chmod go-w on it",
        "echo user 1000 >conf; chown 34 conf; chmod 666 conf; "
        "./rind --config=conf true",
        "config: conf: writable by users other than root",
        ["chown root conf; chmod go-w conf; ./rind --config=conf true"]),
    Row("cli/parser.c", "remove one of the two",
        f"{APP} --umask=022 --umask=027 true",
        "options: --umask=027: given twice",
        [f"{APP} --umask=022 true", f"{APP} --umask=027 true"]),

    # --- values ---
    Row(USER, "write USER or USER:GROUP", "./rind --user=: true",
        "options: --user=:: no user",
        ["./rind --user=1000 true", "./rind --user=1000:7 true"]),
    Row(USER, "write USER or USER:GROUP", "./rind --user=1:2:3 true",
        "options: --user=1:2:3: more than one colon",
        ["./rind --user=1:2 true"]),
    Row("setup/mounts/mount_grammar.c",
        "write bind, tmpfs, proc, sysfs, devpts, mqueue, overlay",
        f"mkdir new; {OWN} --mount=type=ext4,target=$PWD/new true",
        "options: --mount=type=ext4,target={place}/new: no such type",
        [f"{OWN} --mount=type={kind},target=$PWD/new{more} true"
         for kind, more in (("bind", ",source=/etc"), ("tmpfs", ""),
                            ("proc", ""), ("sysfs", ""), ("devpts", ""),
                            ("mqueue", ""), ("overlay", ",lowerdir=/etc"))]),
    Row("setup/mounts/mount_grammar.c", "see --mount in rind(8)",
        f"mkdir new; {OWN} --mount=/etc:$PWD/new true",
        "options: --mount=/etc:{place}/new: no such option for this type of "
        "mount",
        [f"{OWN} --mount=type=bind,source=/etc,target=$PWD/new true"]),
    Row("setup/mounts/mount_grammar.c", "add target=/PATH",
        f"{OWN} --mount=type=tmpfs true",
        "options: --mount=type=tmpfs: no target",
        [f"mkdir new; {OWN} --mount=type=tmpfs,target=$PWD/new true"]),
    Row("setup/mounts/mount_steps.c",
        "create it, or name a directory that exists",
        f"{OWN} --root=nosuch true",
        "root: nosuch: No such file or directory",
        [f"cp -a busybox nosuch; {OWN} --root=nosuch true",
         f"{BOX} true"]),
    Row("setup/mounts/mount_grammar.c", "write --root=DIR",
        f"{OWN} --mount=type=bind,source=$PWD/busybox,target=/ true",
        "options: --mount=type=bind,source={place}/busybox,target=/: only an "
        "overlay can be the new root", [f"{OWN} --root=$PWD/busybox true"]),
    Row("setup/namespaces/clock_offsets.c", "write 500ms, 10s, 2m or 1m30s",
        f"{APP} --unshare=time --boot-offset=soon true",
        "options: --boot-offset=soon: not a time",
        [f"{APP} --unshare=time --boot-offset={time} true"
         for time in ("500ms", "10s", "2m", "1m30s")]),
    Row("supervise/supervision_options.c", "write 500ms, 10s, 2m or 1m30s",
        f"{APP} --stop-grace=long true",
        "options: --stop-grace=long: not a time",
        [f"{APP} --stop-grace={time} true" for time in ("500ms", "10s", "2m")]),
    Row("supervise/supervision_options.c", "write FROM:TO, such as TERM:QUIT",
        f"{APP} --rewrite=TERM true", "options: --rewrite=TERM: no colon",
        [f"{APP} --rewrite=TERM:QUIT true"]),
    Row("supervise/supervision_options.c", "write TERM, RTMIN+3 or 15",
        f"{APP} --rewrite=none:INT true",
        "options: --rewrite=none:INT: FROM is no signal",
        [f"{APP} --rewrite={signal}:INT true"
         for signal in ("TERM", "RTMIN+3", "15")]),
    Row("supervise/supervision_options.c",
        "write INT, RTMIN+3, 15, or 0 to discard",
        f"{APP} --rewrite=TERM:none true",
        "options: --rewrite=TERM:none: TO is no signal",
        [f"{APP} --rewrite=TERM:{signal} true"
         for signal in ("INT", "RTMIN+3", "15", "0")]),
    Row("supervise/supervision_options.c", "write QUIT, RTMIN+3 or 15",
        f"{APP} --stop-signal=none true",
        "options: --stop-signal=none: not a signal",
        [f"{APP} --stop-signal={signal} true"
         for signal in ("QUIT", "RTMIN+3", "15")]),
    Row("supervise/supervision_options.c",
        "remove this option, or --rewrite=TERM:SIG",
        f"{APP} --rewrite=TERM:INT --stop-signal=QUIT true",
        "options: --stop-signal=QUIT: SIGTERM is rewritten already",
        [f"{APP} --rewrite=TERM:INT true", f"{APP} --stop-signal=QUIT true"]),
    Row("supervise/spawn.c",
        "start rind inside of the new PID namespace: unshare --fork",
        on_terminal(f"unshare -p {APP} true </dev/null >said 2>&1; "
                    "code=$?; cat said; exit $code"),
        "start: fork: Invalid argument",
        [on_terminal(f"unshare -p --fork {APP} true </dev/null >said 2>&1")]),
    *(Row("supervise/terminal_check.c",
          "remove it, or start rind without a terminal: setsid -w rind",
          on_terminal(f"{APP} {option} true"),
          f"terminal: {option}: the terminal sends {reason}",
          [on_terminal(f"{APP} true"),
           on_terminal(f"setsid -w {APP} {option} true")])
      for option, reason in [
          ("--rewrite=INT:TERM", "this signal to the app itself"),
          ("--forward-to=all", "its signals to the app's process group alone"),
      ]),
    Row("supervise/supervision_options.c", "write main, group or all",
        f"{APP} --forward-to=app true",
        "options: --forward-to=app: neither main, group nor all",
        [f"{APP} --forward-to={to} true" for to in ("main", "group", "all")]),
    Row("supervise/supervision_options.c", "write main or all",
        f"{APP} --wait=group true",
        "options: --wait=group: neither main nor all",
        [f"{APP} --wait={which} true" for which in ("main", "all")]),
    Row("setup/namespaces/id_map_options.c", "write INSIDE:OUTSIDE:COUNT",
        "./rind --user=0 --unshare=user --uid-map=0:0 true",
        "options: --uid-map=0:0: not a map",
        ["./rind --user=0 --unshare=user --uid-map=0:0:1 true"]),
    Row("setup/namespaces/unshare.c",
        "write user, mount, pid, net, ipc, uts, cgroup, time, all",
        f"{APP} --unshare=nothing true",
        "options: --unshare=nothing: no such namespace",
        [f"{APP} --unshare={kind} true" for kind in
         "user mount pid net ipc uts cgroup time all".split()]),
    Row("setup/process/limits.c", "write a name of getrlimit(2) in lower case",
        f"{APP} --ulimit=NOFILE=64 true",
        "options: --ulimit=NOFILE=64: no such limit",
        [f"{APP} --ulimit=nofile=64 true"]),
    Row("setup/process/limits.c",
        "write NAME=SOFT[:HARD], -1 for unlimited",
        f"{APP} --ulimit=nofile=many true",
        "options: --ulimit=nofile=many: not a limit",
        [f"{APP} --ulimit=nofile=64 true", f"{APP} --ulimit=nofile=64:65 true",
         f"{APP} --ulimit=core=0:-1 true"]),

    # --- the start ---
    Row("supervise/supervise.c", "give -s or set TINI_SUBREAPER",
        "ln -s rind tini; setpriv --reuid=1000 ./tini true",
        "start: neither PID 1 nor a subreaper: orphans are not reaped",
        ["setpriv --reuid=1000 ./tini -s true",
         "TINI_SUBREAPER= setpriv --reuid=1000 ./tini true"]),
    Row("init.c", "run chmod ug-s on the file rind",
        f"cp rind own; chmod ug+s own; {AS_USER} ./own true",
        "start: setuid: rind has more rights than its caller",
        [f"chmod ug-s own; {AS_USER} ./own true"]),
    Row("init.c", "run setcap -r on the file rind",
        f"cp rind own; setcap cap_net_raw+ep own; {AS_USER} ./own true",
        "start: setuid: rind has more rights than its caller",
        [f"setcap -r own; {AS_USER} ./own true"]),
    Row("sys/standard_streams.c",
        "start rind with it open, or with a working /dev/null",
        "mount --bind rind /dev/null; ./rind --user=1000 true <&-",
        "streams: stdin: Text file busy",
        [f"mount --bind rind /dev/null; {APP} true <rind", f"{APP} true <&-"]),
    Row("supervise/supervise.c", "use Linux 3.4 or newer",
        fault_of_rind("prctl", "error=EINVAL", "PR_SET_CHILD_SUBREAPER",
                      f"{APP} true"),
        "start: subreaper: the kernel refuses it", [f"{APP} true"]),
    Row("supervise/spawn.c",
        "run rind again, with more memory if the kernel's log has an OOM kill",
        fault("setresuid", "signal=KILL") + f"{APP} true",
        "start: the app's process: ended before it became the "
        "app", [f"{APP} true"]),
    Row("supervise/spawn.c",
        "raise the limit of processes: ulimit -u, or pids.max of the cgroup",
        "setpriv --reuid=4712 --regid=4712 --clear-groups bash -c "
        "'ulimit -Su 1; exec ./rind true'",
        "start: fork: Resource temporarily unavailable",
        ["setpriv --reuid=4712 --regid=4712 --clear-groups bash -c "
         "'ulimit -Su 100; exec ./rind true'"]),

    # --- capabilities and the like ---
    Row(CAPABILITIES, "start rind as root, with docker run --cap-add=SETPCAP",
        inside("--user=app --cap=setuid true",
               enter=only("setuid", "setgid", "kill")),
        "caps: bounding set: rind may not change it",
        [inside("--user=app --cap=setuid true",
                enter=only("setuid", "setgid", "kill", "setpcap"))]),
    Row(CAPABILITIES, "start rind as root, with docker run --cap-add=SETPCAP",
        inside("--allow-new-privs true", enter=as_user(1000)),
        "caps: bounding set: rind may not change it",
        [inside("--user=1000 --allow-new-privs true")]),
    Row(CAPABILITIES, "leave out CAP_%s",
        f"{OLD_KERNEL} {APP} --cap=checkpoint_restore true",
        "caps: checkpoint_restore: unknown to this kernel",
        [f"{OLD_KERNEL} {APP} true"],
        "leave out CAP_CHECKPOINT_RESTORE"),
    Row(CAPABILITIES, "grant it: docker run --cap-add=%s",
        inside("--user=app --cap=chown true", enter=without("chown")),
        "caps: chown: not in the bounding set",
        [inside("--user=app --cap=chown true")],
        "grant it: docker run --cap-add=CHOWN"),
    Row(CAPABILITIES, "start rind as root, or with CAP_%s",
        inside("--cap=chown true", enter=as_user(1000)),
        "caps: chown: rind does not hold it itself",
        [inside("--user=app --cap=chown true"),
         "setpriv --reuid=34 --regid=34 --clear-groups --inh-caps=+chown "
         "--ambient-caps=+chown --bounding-set=-all,+chown "
         "./rind --cap=chown true"],
        "start rind as root, or with CAP_CHOWN"),
    Row(CAPABILITIES, "start rind with CAP_SETPCAP",
        f"ln -s rind setpriv; {AS_USER} ./setpriv --bounding-set=-chown true",
        "caps: bounding set: Operation not permitted",
        ["./setpriv --bounding-set=-chown true"]),
    Row("setup/confinement/keyring.c",
        "raise the limits in /proc/sys/kernel/keys",
        fault("keyctl", "error=EDQUOT") + f"{APP} true",
        "keyring: session: Quota exceeded", [f"{APP} true"]),
    Row("setup/confinement/securebits.c",
        "add --unshare=user: an outer program has locked them",
        f"{APP} --cap=all -- {APP} --allow-new-privs true",
        "caps: securebits: Operation not permitted",
        [f"{APP} --cap=all -- {APP} --unshare=user --allow-new-privs true"]),
    Row("supervise/confine.c",
        "start rind with CAP_KILL: docker run --cap-add=KILL",
        inside("--user=app --allow-new-privs true",
               enter=only("setuid", "setgid", "setpcap")),
        "confine: CAP_KILL: missing, and with --allow-new-privs the app can "
        "become a user that rind cannot signal",
        [inside("--user=app --allow-new-privs true",
                enter=only("setuid", "setgid", "setpcap", "kill"))]),
    Row("supervise/confine.c",
        "start rind with CAP_KILL: docker run --cap-add=KILL",
        inside("--user=app --cap=setuid true",
               enter=only("setuid", "setgid", "setpcap")),
        "confine: CAP_KILL: missing, and with --cap=setuid the app can become "
        "a user that rind cannot signal",
        [inside("--user=app --cap=setuid true",
                enter=only("setuid", "setgid", "setpcap", "kill"))]),
    Row("supervise/confine.c", "start rind as root, with CAP_SETUID",
        inside("--verbose true", enter=as_user(1000)),
        "confine: uid: PID 1 has that of the app, which may signal and renice "
        "it",
        [inside("--verbose --user=1000 true") + " 2>said; ! grep confine: said"]),
    Row("supervise/own_state.c",
        "start rind with CAP_SYS_RESOURCE, or without the limit",
        f"ulimit -t 100; setpriv --bounding-set=-sys_resource {APP} true",
        "confine: cpu: the limit that rind was started with can end rind "
        "itself",
        [With("sys_resource", f"ulimit -t 100; {APP} true 2>said; "
              "! grep cpu said"),
         f"setpriv --bounding-set=-sys_resource {APP} true"]),
    Row("supervise/confine.c",
        "remove the system call filter that fakes success",
        "setpriv --bounding-set=-kill strace -qq -o /dev/null "
        f"-e inject=setresuid:retval=0 {APP} true",
        "confine: rind itself: read-back mismatch",
        [f"setpriv --bounding-set=-kill {APP} true"]),
    Row("setup/verify.c", "remove the system call filter that fakes success",
        fault("setresuid", "retval=0") + f"{APP} true",
        "verify: uid or gid: read-back mismatch", [f"{APP} true"]),

    # --- who the app is ---
    Row("setup/identity/supplementary_groups.c",
        "choose gids that are mapped in this user namespace",
        f"./rind {ROOT_MAP} --user=0 --groups=5 true",
        "user: groups: Invalid argument",
        [f"./rind {ROOT_MAP} --user=0 --groups=0 true"]),
    Row(USER, "choose a gid that is mapped in this user namespace",
        f"./rind {ROOT_MAP} --user=0:5 --groups=0 true",
        "user: gid: Invalid argument",
        [f"./rind {ROOT_MAP} --user=0:0 --groups=0 true"]),
    Row(USER, "choose a uid that is mapped in this user namespace",
        f"./rind {ROOT_MAP} --user=5:0 true", "user: uid: Invalid argument",
        [f"./rind {ROOT_MAP} --user=0:0 true"]),
    Row(USER, "name a user with --user=USER; to run as root, give --user=0",
        "./rind true", "user: root: the app would run as root",
        ["./rind --user=www-data true", "./rind --user=0 true"]),
    Row(USER, "start rind as root, with docker run --cap-add=SETUID",
        inside("--user=app true", enter=only("setgid")),
        "user: app: rind may not change its user",
        [inside("--user=app true", enter=only("setgid", "setuid"))]),
    Row(USER, "start rind as root, with docker run --cap-add=SETUID",
        inside("--user=www true", enter=as_user(1000)),
        "user: www: rind may not change its user",
        [inside("--user=www true")]),
    Row(USER, "start rind as root, with docker run --cap-add=SETGID",
        inside("--user=app true", enter=only("setuid")),
        "user: app: rind may not change its group",
        [inside("--user=app true", enter=only("setuid", "setgid"))]),
    Row(USER,
        "start rind with CAP_SETGID in a user namespace that allows setgroups",
        inside("--groups=www true", enter=as_user(1000)),
        "user: www: rind may not change its groups",
        [inside("--user=1000 --groups=www true",
                enter=only("setuid", "setgid"))]),
    Row(LOOKUP, "add it to /etc/passwd",
        "ln -s rind setpriv; ./setpriv --reuid=4711 --init-groups true",
        "user: 4711: --init-groups needs its name",
        ["cp /etc/passwd new; echo new:x:4711:4711::/:/bin/sh >>new; "
         "mount --bind new /etc/passwd; "
         "./setpriv --reuid=4711 --init-groups true"]),
    Row(LOOKUP, "give its number, which needs no entry",
        "./rind --user=nosuch true",
        "user: nosuch: no such user in /etc/passwd",
        ["./rind --user=4711 true"]),
    Row(LOOKUP, "give its number, which needs no entry",
        "./rind --user=1000:nosuch true",
        "user: nosuch: no such group in /etc/group",
        ["./rind --user=1000:4711 true"]),
    Row(LOOKUP, "to run as root, give --user=0",
        inside("--user=toor true"), "user: toor: root by another name",
        [inside("--user=0 true")]),
    Row("sys/passwd.c", "repair it: the file may be half written",
        inside("--user=app true", prepare=etc(passwd="app:x:10")),
        "user: /etc/passwd: app: malformed line",
        [inside("--user=app true",
                prepare=etc(passwd="app:x:1000:1000::/:/bin/sh\\n"))]),

    # --- mounts ---
    Row(MOUNT,
        "add --unshare=pid, and start the container without masked paths: "
        "docker run --security-opt systempaths=unconfined, podman run "
        "--security-opt unmask=ALL",
        f"{AS_USER} ./rind --unshare=user,mount "
        "--mount=type=proc,target=/proc true",
        "mounts: proc on /proc: Operation not permitted",
        [f"{AS_USER} ./rind --unshare=user,mount,pid "
         "--mount=type=proc,target=/proc true"]),
    Row(MOUNT,
        "add --unshare=pid, and start the container without masked paths: "
        "docker run --security-opt systempaths=unconfined, podman run "
        "--security-opt unmask=ALL",
        "mount -t tmpfs tmpfs /proc/sys; "
        f"{AS_USER} ./rind --unshare=user,mount,pid "
        "--mount=type=proc,target=/proc true",
        "mounts: proc on /proc: Operation not permitted",
        [f"{AS_USER} ./rind --unshare=user,mount,pid "
         "--mount=type=proc,target=/proc true"]),
    Row(MOUNT, "add --unshare=ipc",
        f"mkdir new; {AS_USER} ./rind --unshare=user,mount "
        "--mount=type=mqueue,target=$PWD/new true",
        "mounts: mqueue on {place}/new: Operation not permitted",
        [f"{AS_USER} ./rind --unshare=user,mount,ipc "
         "--mount=type=mqueue,target=$PWD/new true"]),
    Row(MOUNT, "add --unshare=net",
        f"mkdir new; {AS_USER} ./rind --unshare=user,mount "
        "--mount=type=sysfs,target=$PWD/new true",
        "mounts: sysfs on {place}/new: Operation not permitted",
        [f"{AS_USER} ./rind --unshare=user,mount,net "
         "--mount=type=sysfs,target=$PWD/new true"]),
    Row(MOUNT,
        "add --unshare=user,mount, or start rind with CAP_SYS_ADMIN and "
        "without a seccomp profile that forbids mounts",
        "mkdir new; " + fault("mount", "error=EPERM") +
        f"{OWN} --tmpfs=$PWD/new true",
        "mounts: private propagation on /: Operation not permitted",
        [f"{OWN} --tmpfs=$PWD/new true",
         f"{AS_USER} ./rind --unshare=user,mount --tmpfs=$PWD/new true"]),
    Row(MOUNT, "mount a directory on a directory, and a file on a file; in a "
        "user namespace without bind-recursive=disabled",
        f"mkdir new; {AS_USER} ./rind --unshare=user,mount --mount=type=bind,"
        "source=/,target=$PWD/new,bind-recursive=disabled true",
        "mounts: bind on {place}/new: Invalid argument",
        [f"{AS_USER} ./rind --unshare=user,mount --mount=type=bind,"
         "source=/,target=$PWD/new true"]),
    Row(MOUNT, "mount a directory on a directory, and a file on a file; in a "
        "user namespace without bind-recursive=disabled",
        "mkdir new; touch old; "
        f"{OWN} --mount=type=bind,source=$PWD/old,target=$PWD/new true",
        "mounts: bind on {place}/new: Invalid argument",
        [f"{OWN} --mount=type=bind,source=$PWD/busybox,target=$PWD/new true",
         f"{OWN} --mount=type=bind,source=$PWD/rind,target=$PWD/old true"]),
    Row(MOUNT, "mount it on a directory, and write size=64m, mode=1777, uid=0 "
        "or gid=0",
        f"touch own; {OWN} --tmpfs=$PWD/own true",
        "mounts: tmpfs on {place}/own: Invalid argument",
        [f"mkdir new; {OWN} --tmpfs=$PWD/new true"]),
    Row(MOUNT, "mount it on a directory, and write size=64m, mode=1777, uid=0 "
        "or gid=0",
        f"mkdir new; {OWN} --tmpfs=$PWD/new:size=big,mode=1777,uid=0 true",
        "mounts: tmpfs on {place}/new: Invalid argument",
        [f"{OWN} --tmpfs=$PWD/new:size=64m,mode=1777,uid=0,gid=0 true"]),
    Row(MOUNT,
        "put upperdir and workdir on one writable file system, neither inside "
        "the other",
        "mount -t tmpfs tmpfs /mnt; mkdir -p a/in up new; "
        f"{OWN} --mount=type=overlay,lowerdir=/etc,upperdir=/mnt,"
        "workdir=$PWD/a,target=$PWD/new true",
        "mounts: overlay on {place}/new: Invalid argument",
        ["mount -t tmpfs tmpfs /mnt; mkdir /mnt/up /mnt/work; "
         f"{OWN} --mount=type=overlay,lowerdir=/etc,upperdir=/mnt/up,"
         "workdir=/mnt/work,target=$PWD/new true"]),
    Row(MOUNT,
        "put upperdir and workdir on one writable file system, neither inside "
        "the other",
        "mount -t tmpfs tmpfs /mnt; mkdir new /mnt/up /mnt/work; "
        "mount -o remount,ro /mnt; "
        f"{OWN} --mount=type=overlay,lowerdir=/etc,upperdir=/mnt/up,"
        "workdir=/mnt/work,target=$PWD/new true",
        "mounts: overlay on {place}/new: Invalid argument",
        ["mount -t tmpfs tmpfs /mnt; mkdir /mnt/up /mnt/work; "
         f"{OWN} --mount=type=overlay,lowerdir=/etc,upperdir=/mnt/up,"
         "workdir=/mnt/work,target=$PWD/new true"]),
    Row(MOUNT, "create lowerdir, upperdir and workdir first",
        "mount -t tmpfs tmpfs /mnt; mkdir new; "
        f"{OWN} --mount=type=overlay,lowerdir=/mnt/low,upperdir=/mnt/up,"
        "workdir=/mnt/work,target=$PWD/new true",
        "mounts: overlay on {place}/new: No such file or directory",
        ["mount -t tmpfs tmpfs /mnt; mkdir /mnt/low /mnt/up /mnt/work; "
         f"{OWN} --mount=type=overlay,lowerdir=/mnt/low,upperdir=/mnt/up,"
         "workdir=/mnt/work,target=$PWD/new true"]),
    Row(MOUNT, "create the mount point: rind does so only below a new root",
        f"{OWN} --tmpfs=$PWD/new true",
        "mounts: target on {place}/new: No such file or directory",
        [f"mkdir new; {OWN} --tmpfs=$PWD/new true",
         f"{BOX} --tmpfs=/new true"]),
    Row(MOUNT, "make the workdir writable, with space left: the kernel's log "
        "has its reason",
        "mount -t tmpfs -o nr_inodes=3 tmpfs /mnt; "
        "mkdir new /mnt/up /mnt/work; "
        f"{OWN} --mount=type=overlay,lowerdir=/etc,upperdir=/mnt/up,"
        "workdir=/mnt/work,target=$PWD/new true",
        "mounts: overlay on {place}/new: Read-only file system",
        ["mount -t tmpfs -o nr_inodes=3 tmpfs /mnt; "
         "mkdir /mnt/up /mnt/work; mount -o remount,nr_inodes=30 /mnt; "
         f"{OWN} --mount=type=overlay,lowerdir=/etc,upperdir=/mnt/up,"
         "workdir=/mnt/work,target=$PWD/new true"]),
    Row(MOUNT,
        "create the mount point in the image: its file system is read-only",
        "mount --bind busybox busybox; mount -o remount,bind,ro busybox; "
        f"{BOX} --tmpfs=/new true",
        "mounts: target on /new: Read-only file system",
        ["mkdir busybox/new; mount --bind busybox busybox; "
         f"mount -o remount,bind,ro busybox; {BOX} --tmpfs=/new true"]),
    Row(MOUNT, "create the mount point, and let rind enter every directory of "
        "the path",
        f"{AS_USER} ./rind --unshare=user,mount --root=busybox --tmpfs=/new "
        "true", "mounts: target on /new: Permission denied",
        [f"mkdir busybox/new; {AS_USER} ./rind --unshare=user,mount "
         "--root=busybox --tmpfs=/new true"]),
    Row(MOUNT, "create the mount point, and let rind enter every directory of "
        "the path",
        f"mkdir -p -m 700 new; mkdir new/in; {AS_USER} ./rind "
        "--unshare=user,mount --tmpfs=$PWD/new/in true",
        "mounts: target on {place}/new/in: Permission denied",
        [f"chmod 755 new; {AS_USER} ./rind --unshare=user,mount "
         "--tmpfs=$PWD/new/in true"]),
    Row(MOUNT, "remove the symbolic link that dangles",
        f"ln -s /nowhere busybox/new; {BOX} --tmpfs=/new true",
        "mounts: target on /new: File exists",
        [f"rm busybox/new; {BOX} --tmpfs=/new true"]),
    Row(OUTER_PROC, "add --unshare=pid",
        f"{BOX} --standard-mounts true",
        "root: /proc: a view of processes outside of the new root",
        [f"{BOX} --unshare=pid --standard-mounts true"]),
    Row(OUTER_PROC, "add --unshare=pid and --mount=type=proc,target=/proc",
        f"{OWN} --root=/ true",
        "root: /proc: a view of processes outside of the new root",
        [f"{OWN} --root=/ --unshare=pid --mount=type=proc,target=/proc true"]),
    Row(OUTER_PROC, "add --mask=%s",
        f"{BOX} --mount=type=bind,source=/,target=/host true",
        "root: /host/proc: a view of processes outside of the new root",
        [f"{BOX} --mount=type=bind,source=/,target=/host --mask=/host/proc "
         "true"],
        "add --mask=/host/proc"),
    Row(MOUNT, "replace the symbolic link in the path by a directory",
        f"ln -s new busybox/new; {BOX} --tmpfs=/new true",
        "mounts: target on /new: Symbolic link loop",
        [f"rm busybox/new; mkdir busybox/new; {BOX} --tmpfs=/new true"]),
    Row(MOUNT, "replace the symbolic link in the path by a directory",
        "mv busybox/proc busybox/old; ln -s old busybox/proc; "
        f"{BOX} --unshare=pid --standard-mounts true",
        "mounts: target on /proc: Symbolic link loop",
        [f"rm busybox/proc; mkdir busybox/proc; {BOX} --unshare=pid "
         "--standard-mounts true"]),
    Row(MOUNT,
        "create the mount point: --explain does not, and has not tried the "
        "steps that follow",
        f"{BOX} --explain --tmpfs=/new true",
        "mounts: target on /new: Operation canceled",
        [f"mkdir busybox/new; {BOX} --explain --tmpfs=/new true"]),
    Row(MOUNT, "use a kernel that has this system call",
        "mkdir new; " + fault("mount", "error=ENOSYS") +
        f"{OWN} --tmpfs=$PWD/new true",
        "mounts: private propagation on /: Function not implemented",
        [f"{OWN} --tmpfs=$PWD/new true"]),
    Row(MOUNT, "use a kernel that has this file system",
        "mkdir new; " + fault("fsopen", "error=ENODEV") +
        f"{OWN} --mount=type=mqueue,target=$PWD/new true",
        "mounts: mqueue on {place}/new: No such device",
        [f"{OWN} --mount=type=mqueue,target=$PWD/new true"]),
    Row("setup/mounts/mount_steps.c",
        "name a source that exists and that rind may reach",
        f"mkdir new; {OWN} --mount=type=bind,source=/nowhere,target=$PWD/new "
        "true", "mounts: /nowhere: No such file or directory",
        [f"{OWN} --mount=type=bind,source=/etc,target=$PWD/new true"]),

    # --- namespaces ---
    Row("setup/namespaces/unshare.c", "add --unshare=%s",
        f"{APP} --hostname=box true",
        "options: --hostname: needs a namespace of its own",
        [f"{APP} --hostname=box --unshare=uts true"], "add --unshare=uts"),
    Row("setup/namespaces/unshare.c", "leave out --exec",
        f"{APP} --unshare=pid --exec true",
        "options: --exec: leaves no process outside the new user or PID "
        "namespace", [f"{APP} --unshare=pid true"]),
    Row("setup/namespaces/unshare.c",
        "add --unshare=user, or start rind with CAP_SYS_ADMIN",
        f"{AS_USER} ./rind --unshare=uts true",
        "namespaces: uts: Operation not permitted",
        [f"{AS_USER} ./rind --unshare=user,uts true",
         f"{APP} --unshare=uts true"]),
    Row("supervise/outer.c",
        "add --unshare=user, or start rind with CAP_SYS_ADMIN",
        f"{AS_USER} ./rind --unshare=pid true",
        "namespaces: user or pid: Operation not permitted",
        [f"{AS_USER} ./rind --unshare=user,pid true",
         f"{APP} --unshare=pid true"]),
    Row("supervise/outer.c",
        "start rind outside of a chroot and of a seccomp profile that forbids "
        "user namespaces",
        inside("--unshare=user true", enter=as_user(1000)),
        "namespaces: user or pid: Operation not permitted",
        [f"{AS_USER} ./rind --unshare=user true"]),
    Row("supervise/outer.c",
        "raise /proc/sys/user/max_user_namespaces and max_pid_namespaces",
        "unshare --user --map-root-user sh -c 'echo 0 "
        ">/proc/sys/user/max_pid_namespaces; exec ./rind --user=0 "
        "--unshare=pid true'",
        "namespaces: user or pid: No space left on device",
        ["unshare --user --map-root-user sh -c 'echo 9 "
         ">/proc/sys/user/max_pid_namespaces; exec ./rind --user=0 "
         "--unshare=pid true'"]),
    Row("supervise/outer.c",
        "raise /proc/sys/user/max_user_namespaces and max_pid_namespaces",
        "unshare --user --map-root-user sh -c 'echo 0 "
        ">/proc/sys/user/max_user_namespaces; exec ./rind --user=0 "
        "--unshare=user true'",
        "namespaces: user or pid: No space left on device",
        ["unshare --user --map-root-user sh -c 'echo 9 "
         ">/proc/sys/user/max_user_namespaces; exec ./rind --user=0 "
         "--unshare=user true'"]),
    Row("setup/namespaces/clock_offsets.c",
        "choose an offset that leaves the clock above zero",
        f"{APP} --unshare=time --boot-offset=-9999999 true",
        "time: /proc/self/timens_offsets: Result not representable",
        [f"{APP} --unshare=time --boot-offset=-1s true"]),
    Row("setup/namespaces/clock_offsets.c", "mount /proc",
        inside("--user=app --unshare=time true", proc=False),
        "time: /proc/self/ns: No such file or directory",
        [inside("--user=app --unshare=time true")]),
    Row("setup/namespaces/proc_file.c", "mount /proc",
        inside("--user=app --unshare=time --boot-offset=1 true", proc=False),
        "time: /proc/self/timens_offsets: No such file or directory",
        [inside("--user=app --unshare=time --boot-offset=1 true")]),
    Row("setup/namespaces/id_map_prepare.c", "mount /proc",
        "mount -t tmpfs tmpfs /proc; ./rind --unshare=user --user=0 true",
        "namespaces: /proc/self/uid_map: No such file or directory",
        ["./rind --unshare=user --user=0 true"]),
    Row("setup/namespaces/id_map_prepare.c", "choose ids that %s lists",
        "unshare --user --map-root-user ./rind --unshare=user --user=0 "
        "--uid-map=0:7:1 true",
        "namespaces: --uid-map=0:7:1: no such outside ids in rind's own user "
        "namespace",
        ["unshare --user --map-root-user ./rind --unshare=user --user=0 "
         "--uid-map=0:0:1 true"],
        "choose ids that /proc/self/uid_map lists"),
    Row("setup/namespaces/id_map_prepare.c", "grant them to the user in %s",
        f"{AS_USER} ./rind --unshare=user --user=0 --uid-map=0:34:1 "
        "--uid-map=1:7000:9 --gid-map=0:34:1 true",
        "namespaces: --uid-map=1:7000:9: outside ids that the user may not "
        "map",
        [f"echo backup:7000:9 >own; mount --bind own /etc/subuid; {AS_USER} "
         "./rind --unshare=user --user=0 --uid-map=0:34:1 --uid-map=1:7000:9 "
         "--gid-map=0:34:1 true"],
        "grant them to the user in /etc/subuid"),
    Row("setup/namespaces/id_map_write.c",
        "leave out the id 0, or start rind with CAP_SETFCAP",
        "setpriv --bounding-set=-setfcap ./rind --unshare=user "
        "--uid-map=0:0:9 --gid-map=0:0:9 --user=1:1 true",
        "namespaces: /proc/{pid}/uid_map: Operation not permitted",
        ["setpriv --bounding-set=-setfcap ./rind --unshare=user "
         "--uid-map=0:1:9 --gid-map=0:1:9 --user=1:1 true",
         "./rind --unshare=user --uid-map=0:0:9 --gid-map=0:0:9 --user=1:1 "
         "true"]),
    Row("setup/namespaces/id_map_write.c",
        "install the package uidmap, or map one id alone",
        "echo 34:7000:9 >own; cp own busybox/etc/subuid; "
        "./rind --root=busybox --unshare=mount,pid "
        "--mount=type=proc,target=/proc --user=34:34 -- /rind --unshare=user "
        "--user=0 --uid-map=0:34:1 --uid-map=1:7000:9 --gid-map=0:34:1 true",
        "namespaces: /usr/bin/newuidmap: not found",
        ["./rind --root=busybox --unshare=mount,pid "
         "--mount=type=proc,target=/proc --user=34:34 -- /rind "
         "--unshare=user --user=0 --uid-map=0:34:1 --gid-map=0:34:1 true",
         "mount --bind own /etc/subuid; "
         f"{AS_USER} ./rind --unshare=user --user=0 --uid-map=0:34:1 "
         "--uid-map=1:7000:9 --gid-map=0:34:1 true"]),
    Row("setup/namespaces/id_map_write.c",
        "make it setuid root, and start rind without no_new_privs",
        "echo backup:7000:9 >own; mount --bind own /etc/subuid; "
        f"{AS_USER} --no-new-privs ./rind --unshare=user --user=0 "
        "--uid-map=0:34:1 --uid-map=1:7000:9 --gid-map=0:34:1 true",
        "namespaces: /usr/bin/newuidmap: the map was refused",
        ["mount --bind own /etc/subuid; "
         f"{AS_USER} ./rind --unshare=user --user=0 --uid-map=0:34:1 "
         "--uid-map=1:7000:9 --gid-map=0:34:1 true"]),

    # --- the app's process ---
    Row("setup/process/descriptors.c",
        "close it, or the app could leave the new root by it",
        f"exec 5</; {BOX} --keep-fd=5 true",
        "descriptors: 5: a directory of the old root",
        [f"exec 5<&-; {BOX} true", f"exec 5</; {BOX} true 5<&-"]),
    Row("setup/process/descriptors.c", "close it, or add --keep-fd=%s",
        "exec 5<rind 3</dev/null; sh -c 'export LISTEN_PID=$$ LISTEN_FDS=3; "
        f"exec {APP} true'",
        "descriptors: 5: a regular file, which LISTEN_FDS does not pass",
        ["exec 5<rind; sh -c 'export LISTEN_PID=$$ LISTEN_FDS=3; "
         f"exec {APP} true 5<&-'",
         "exec 5<rind; sh -c 'export LISTEN_PID=$$ LISTEN_FDS=3; "
         f"exec {APP} --keep-fd=5 true'"],
        "close it, or add --keep-fd=5"),
    Row("setup/process/descriptors.c", "open it before rind starts",
        f"{APP} --keep-fd=5 true", "keep-fd: 5: Bad file descriptor",
        [f"{APP} --keep-fd=5 true 5<rind"]),
    Row("setup/process/exec.c",
        "give its whole path, or add its directory to PATH",
        "cp rind own; ./rind --user=1000 own --version",
        "exec: own: not found in PATH",
        [f"{APP} $PWD/own --version",
         f"PATH=$PATH:$PWD ./rind --user=1000 own --version"]),
    Row(EXEC, "add it to the image, or link the program statically",
        inside("--user=app /tmp/true",
               prepare=TMP + '; printf "#!/own/sh\\n" >"$IMAGE/tmp/true"; '
               'chmod +x "$IMAGE/tmp/true"'),
        "exec: /tmp/true: its interpreter /own/sh is missing",
        ["mkdir busybox/own; cp busybox/bin/busybox busybox/own/sh; " +
         inside("--user=app /tmp/true",
                prepare=TMP + '; printf "#!/own/sh\\n" >"$IMAGE/tmp/true"; '
                'chmod +x "$IMAGE/tmp/true"'),
         inside("--user=app /tmp/true --version",
                prepare=TMP + '; cp rind "$IMAGE/tmp/true"')]),
    Row(EXEC, 'begin a script with "#!", or use a program for this machine',
        f"echo true >own; chmod +x own; {APP} ./own",
        "exec: ./own: Exec format error",
        [f"printf '#!/bin/sh\\ntrue\\n' >own; {APP} ./own",
         f"cp /bin/true own; {APP} ./own"]),
    Row(EXEC, "name a file, and let the app's user execute and reach it, on a "
        "mount without noexec",
        f"{APP} /bin", "exec: /bin: Permission denied", [f"{APP} /bin/true"]),
    Row(EXEC, "name a file, and let the app's user execute and reach it, on a "
        "mount without noexec",
        f"cp /bin/true own; chmod 744 own; {APP} ./own",
        "exec: ./own: Permission denied", [f"chmod a+x own; {APP} ./own"]),
    Row(EXEC, "name a file, and let the app's user execute and reach it, on a "
        "mount without noexec",
        f"mkdir -m 700 new; cp /bin/true new; {APP} new/true",
        "exec: new/true: Permission denied",
        [f"chmod 755 new; {APP} new/true"]),
    Row(EXEC, "name a file, and let the app's user execute and reach it, on a "
        "mount without noexec",
        "mkdir new; mount -t tmpfs -o noexec tmpfs new; cp /bin/true new; "
        f"{APP} new/true", "exec: new/true: Permission denied",
        [f"mount -t tmpfs tmpfs new; cp /bin/true new; {APP} new/true"]),
    Row(EXEC, "make it executable: chmod +x",
        "printf '#!/bin/sh\\n' >own; chmod 644 own; "
        "./rind --user=root --cap=all ./own",
        "exec: ./own: Permission denied",
        ["printf '#!/bin/sh\\n' >own; chmod +x own; "
         "./rind --user=root --cap=all ./own"]),
    Row(EXEC,
        "list its file capabilities in --cap, or remove them with setcap -r",
        f"cp /bin/true own; setcap cap_net_raw+ep own; {APP} ./own",
        "exec: ./own: Operation not permitted",
        [f"{APP} --cap=net_raw ./own", f"setcap -r own; {APP} ./own"]),
    Row("setup/process/exec_rights.c",
        "if it needs them, add --allow-new-privs",
        f"cp /bin/true own; chmod 4755 own; {APP} --explain ./own",
        "exec: ./own: setuid: without effect under no_new_privs",
        [f"cp /bin/true own; chmod 4755 own; {APP} --allow-new-privs "
         "--explain ./own"]),
    Row(EXEC, "raise the user's limit of processes",
        f"{OTHERS} ./rind --user=4711 --ulimit=nproc=1 /bin/true",
        "exec: /bin/true: Resource temporarily unavailable",
        [f"{OTHERS} ./rind --user=4711 --ulimit=nproc=100 /bin/true"]),
    Row(EXEC, "shorten the arguments or the environment",
        "{ printf A=; head -c 3145728 /dev/zero | tr '\\0' x; } >own; "
        f"{APP} --env-file=own /bin/true",
        "exec: /bin/true: Argument list too long",
        [f"head -c 1000 own >short; {APP} --env-file=short /bin/true"]),
    Row("setup/process/limits.c",
        "start rind with CAP_SYS_RESOURCE, or give at most the hard limit",
        "ulimit -n 100; setpriv --bounding-set=-sys_resource "
        f"{APP} --ulimit=nofile=200 true",
        "ulimit: nofile: Operation not permitted",
        [With("sys_resource", f"ulimit -n 100; {APP} --ulimit=nofile=200 true"),
         "ulimit -n 100; setpriv --bounding-set=-sys_resource "
         f"{APP} --ulimit=nofile=100 true"]),
    Row("setup/process/nice.c",
        "start rind with CAP_SYS_NICE, or give a higher number",
        f"setpriv --bounding-set=-sys_nice {APP} --nice=-5 true",
        "nice: Permission denied",
        [f"{APP} --nice=-5 true",
         f"setpriv --bounding-set=-sys_nice {APP} --nice=5 true"]),
    Row("setup/process/oom_score.c", "mount /proc",
        f"mount -t tmpfs tmpfs /proc; {APP} --oom-score-adj=500 true",
        "oom-score-adj: /proc/self/oom_score_adj: No such file or directory",
        [f"{APP} --oom-score-adj=500 true"]),
    Row("setup/process/oom_score.c",
        "start rind with CAP_SYS_RESOURCE, or give a higher number",
        "setpriv --bounding-set=-sys_resource "
        f"{APP} --oom-score-adj=-1000 true",
        "oom-score-adj: -1000: Permission denied",
        [With("sys_resource", f"{APP} --oom-score-adj=-1000 true"),
         "setpriv --bounding-set=-sys_resource "
         f"{APP} --oom-score-adj=1000 true"]),
    Row("setup/process/socket_activation.c",
        "set LISTEN_FDS to the number of sockets",
        f"sh -c 'export LISTEN_PID=$$ LISTEN_FDS=one; exec {APP} true'",
        "environment: LISTEN_FDS=one: not a number of descriptors",
        [f"sh -c 'export LISTEN_PID=$$ LISTEN_FDS=1; exec {APP} true "
         "3</dev/null'"]),
    Row("setup/process/streams.c",
        "choose a uid that is mapped in this user namespace",
        f"./rind {ROOT_MAP} --user=5:0 true || :",
        "streams: not given to the app's user: Invalid argument",
        [f"./rind {ROOT_MAP} --user=0:0 true"]),
    Row("setup/process/streams.c",
        "start rind with CAP_CHOWN, or opening /dev/stdout may fail",
        inside("--user=app sh -c '>/dev/stdout'", enter=without("chown")),
        "streams: not given to the app's user: Operation not permitted",
        [inside("--user=app sh -c 'echo >/dev/stdout'")]),
    Row(CAPABILITIES, "add --cap=kill",
        "./rind --user=root --cap=setuid true",
        "caps: setuid without kill: the app cannot stop workers that take "
        "another user",
        ["./rind --user=root --cap=setuid --cap=kill true"]),
    Row("supervise/stop.c", "if one is a daemon, add --wait=all",
        f"{APP} sh -c 'sleep 30 &'",
        "stop: the app has exited with 0 and left processes: SIGTERM to them",
        [f"{APP} --wait=all sh -c 'sleep 0.1 &'"]),
    Row("setup/process/workdir.c", "give another one: --workdir=DIR",
        f"mkdir new; cd new; rmdir ../new; ../{APP} true",
        "workdir: .: No such file or directory",
        [f"mkdir new; cd new; rmdir ../new; ../{APP} --workdir=/ true"]),
    Row("setup/process/env_file.c", "create it, or name a file that exists",
        f"{APP} --env-file=nosuch true",
        "environment: nosuch: No such file or directory",
        [f"echo A=1 >nosuch; {APP} --env-file=nosuch true",
         f"echo A=1 >other; {APP} --env-file=other true"]),
    Row("setup/process/workdir.c",
        "create it, or name a directory that exists",
        f"{APP} --workdir=$PWD/nosuch true",
        "workdir: {place}/nosuch: No such file or directory",
        [f"mkdir nosuch; {APP} --workdir=$PWD/nosuch true",
         f"{APP} --workdir=/ true"]),
    Row("setup/process/workdir.c", "let the app's user enter it",
        f"mkdir -m 700 new; {APP} --workdir=$PWD/new true",
        "workdir: {place}/new: Permission denied",
        [f"chmod 755 new; {APP} --workdir=$PWD/new true"]),
]


# What cannot be typed in a test, and why.
UNTYPED = {
    ("supervise/stop.c", "find it with ps: state D"):
        "no user can bring about a process that SIGKILL does not end",
}


# The caller's may have directories that the app's user cannot search.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def run(script, place):
    """Runs SCRIPT as PID 1 of a container's namespaces."""
    return subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child",
         "--mount-proc", "sh", "-ec", script], cwd=place,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, timeout=harness.TIMEOUT, text=True,
        env=os.environ | {"PATH": PATH}, check=False)


@pytest.mark.whole
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_cure_works_when_it_is_typed(place, row):
    said = re.escape(row.said).replace(re.escape("{place}"),
                                       re.escape(str(place)))
    said = said.replace(re.escape("{pid}"), "[0-9]+")
    done = run(row.mistake, place)
    lines = done.stderr.splitlines()
    assert [line for line in lines if re.fullmatch(said, line)], (
        done.returncode, done.stderr)
    for script in row.typed:
        if isinstance(script, With):
            if not has(script.capability):
                warnings.warn(f"root has no {script.capability} here, so one "
                              f"of the ways was not typed: {row}")
                continue
            script = script.script
        done = run(script, place)
        assert not re.search(said, done.stderr), (script, done.stderr)
        assert done.returncode == 0, (script, done.stderr)


def test_every_cure_has_a_row():
    rows = {(row.file, row.cure) for row in ROWS}
    assert cures.cures() - rows == set(UNTYPED)


def test_no_row_is_of_a_cure_that_is_gone():
    assert {(row.file, row.cure) for row in ROWS} - cures.cures() == set()


def test_what_is_shown_is_of_its_cure():
    for row in ROWS:
        pattern = re.escape(row.cure).replace("%s", ".+")
        assert re.fullmatch(pattern, row.shown or row.cure), row
