"""What a compromised app can do, tried: the table in SECURITY.md.

RIND_UPDATE=1 writes the table anew; without it a difference is a failure.
"""

import os
import re
import shlex

import pytest

import harness

pytestmark = pytest.mark.whole

MARKS = ("<!-- made by tests/hostile: begin -->\n",
         "<!-- made by tests/hostile: end -->\n")
SECURITY = harness.ROOT / "SECURITY.md"

# A /tmp where setuid programs work, with one and one with file capabilities;
# the init of others; what an engine would mount; and a leaked descriptor.
PREPARE = "; ".join([
    'mount -t tmpfs -o mode=1777 tmpfs "$IMAGE/tmp"',
    'mount -t tmpfs -o mode=755 tmpfs "$IMAGE/dev"',
    'for node in null zero full random urandom tty; '
    'do cp -a "/dev/$node" "$IMAGE/dev"; done',
    'mount -t sysfs sysfs "$IMAGE/sys"',
    'cp "$IMAGE/bin/hostile" "$IMAGE/tmp/setuid"',
    'chmod 4755 "$IMAGE/tmp/setuid"',
    'cp "$IMAGE/bin/hostile" "$IMAGE/tmp/capable"',
    'setcap cap_sys_admin+ep "$IMAGE/tmp/capable"',
    'cp /usr/bin/tini-static /usr/sbin/gosu "$IMAGE/tmp/"',
    "exec 9</",
    "export IMAGE",
])

# As engines do: in a chroot(2) the kernel refuses all user namespaces. The
# word that is left out is the name of rind, which not every row begins with.
# The init is started from a session that has a key.
INSIDE = 'umount -l /run; shift; exec /bin/outside "$@"'
PIVOT = "sh -c " + shlex.quote(
    'cd "$IMAGE"; pivot_root . run; exec /bin/sh -c '
    + shlex.quote(INSIDE) + ' sh "$@"') + " sh"

COLUMNS = {
    "tini, gosu": "/tmp/tini-static -- /tmp/gosu 1000:1000",
    "rind": "/rind --user=1000 --",
    "`--allow-new-privs`": "/rind --user=1000 --allow-new-privs --",
    "`--cap=docker`": "/rind --user=1000 --cap=docker --",
    "`--cap=all`": "/rind --user=1000 --cap=all --",
    "`--user=root`": "/rind --user=root --",
    "`--user=root --cap=all`": "/rind --user=root --cap=all --",
    # 5 is CAP_KILL.
    "without CAP_KILL": "/bin/dropcaps 5 /rind --user=1000 --",
    "`--user=root` without CAP_KILL": "/bin/dropcaps 5 /rind --user=root --",
    "started as 1000 (`USER`)": "/bin/become 1000 /rind --",
    "`--keep-fd=9`": "/rind --user=1000 --keep-fd=9 --",
    "`--unshare=all --standard-mounts`":
        "/rind --unshare=all --standard-mounts --user=1000 --",
}


def tried(container, words):
    """Attempt to what the kernel said, of the app that WORDS start as PID 1."""
    process = container(*shlex.split(words), "/bin/hostile", tty=True,
                        prepare=PREPARE, enter=PIVOT)
    assert process.wait() == 0, process.out
    # What TIOCSTI has pushed is echoed by the terminal.
    return dict(re.findall(r"^(?:\^@)?([^:\r\n]+): ([^\r\n]+)\r$",
                           process.out, re.MULTILINE))


def cell(said):
    if said in ("Function not implemented", "No such file or directory"):
        return "–"
    return "**yes**" if said == "done" else "no"


def table(container):
    results = {name: tried(container, words)
               for name, words in COLUMNS.items()}
    attempts = list(next(iter(results.values())))
    assert len(attempts) > 20
    assert all(list(result) == attempts for result in results.values())
    lines = ["| what the app tries | " + " | ".join(COLUMNS) + " |",
             "| --- |" + " --- |" * len(COLUMNS)]
    for attempt in attempts:
        cells = [cell(result[attempt]) for result in results.values()]
        lines.append(f"| {attempt} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n", results


def test_the_table_in_security_md_is_what_is_measured(container):
    measured, results = table(container)
    text = SECURITY.read_text()
    before, found, rest = text.partition(MARKS[0])
    assert found, "SECURITY.md has no place for the table"
    shown, found, after = rest.partition(MARKS[1])
    if os.environ.get("RIND_UPDATE"):
        SECURITY.write_text(before + MARKS[0] + measured + MARKS[1] + after)
        return
    assert shown == measured, results
