"""Where the tests see the clone from, whoever's it is and wherever it lies.

The tests start programs as other users, and name them to shells. A clone may lie
below a home that only its owner may enter, and have a blank in its path. So root
binds it to a path without either, in a mount namespace of the tests' own; another
user, who starts nothing as somebody else, has a link there.

In that namespace no mount comes or goes but the tests' own, and none is left that
another user cannot reach: rind, without the newer calls for it, has to. Of several
that run side by side each has an image of its own.
"""

import atexit
import ctypes
import os
import re
import stat
import subprocess
import tempfile
from pathlib import Path

CLONE = Path(__file__).resolve().parent.parent
IMAGE = Path("build/images/busybox")
CLONE_NEWNS = 0x00020000
libc = ctypes.CDLL(None, use_errno=True)
taken = None  # the path, once there is one


def call(function, *args):
    if function(*args):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def mount(*words):
    subprocess.run(["mount", *words], check=True)


def mount_points():
    """Of this namespace, the last mounted first."""
    text = Path("/proc/self/mountinfo").read_bytes()
    points = [re.sub(rb"\\(\d{3})", lambda found: bytes([int(found[1], 8)]),
                     line.split()[4]) for line in text.splitlines()]
    return [Path(os.fsdecode(point)) for point in reversed(points)]


def may_enter(directory):
    """Whether everybody may."""
    try:
        return bool(directory.stat().st_mode & stat.S_IXOTH)
    except OSError:
        return False


def detach_unreachable():
    """Detaches what another user cannot reach, and the clone is not in."""
    for point in mount_points():
        if not (CLONE.is_relative_to(point) or
                all(map(may_enter, point.parents))):
            subprocess.run(["umount", "--lazy", point], check=False,
                           stderr=subprocess.DEVNULL)


def bind(tree):
    """Binds the clone to TREE; each part alone where others may not enter its
    own directory either."""
    tree.mkdir()
    if may_enter(CLONE):
        mount("--bind", CLONE, tree)
        return
    for part in CLONE.iterdir():
        if part.is_dir():
            (tree / part.name).mkdir()
        else:
            (tree / part.name).touch()
        mount("--bind", part, tree / part.name)


def copy_image(place, image=CLONE / IMAGE):
    """A copy of the image at PLACE; what instrumented binaries write to is
    still the one file for all."""
    subprocess.run(["cp", "-a", image, place], check=True)
    # As the clone has it: no link leads from one mount to another.
    for shared in (CLONE / "build").glob("*.shared"):
        (place / shared.name).unlink()
        if os.stat(place).st_dev == os.stat(shared).st_dev:
            os.link(shared, place / shared.name)


def bind_own_image(tree):
    """An image of its own for who is one of several."""
    own = CLONE / f"{IMAGE}.{os.getpid()}"
    copy_image(own)
    mount("--bind", own, tree / IMAGE)
    return own


def leave(owner, *places):
    """Removes PLACES; a child of the tests' does not."""
    if os.getpid() != owner:
        return
    os.chdir("/")
    for point in mount_points():
        if point.is_relative_to(places[0]):
            subprocess.run(["umount", "--lazy", point], check=False)
    subprocess.run(["rm", "-rf", "--one-file-system", "--", *places],
                   check=False)


def take(several):
    """Makes the path; SEVERAL do so side by side."""
    global taken
    os.umask(0o022)
    place = Path(tempfile.mkdtemp(prefix="rind-tests-"))
    place.chmod(0o755)
    taken = place / "tree"
    made = [place]
    if os.getuid() != 0 or libc.unshare(CLONE_NEWNS):
        taken.symlink_to(CLONE)
    else:
        mount("--make-rprivate", "/")
        detach_unreachable()
        bind(taken)
        if several and (CLONE / IMAGE).exists():
            made.append(bind_own_image(taken))
    atexit.register(leave, os.getpid(), *made)
