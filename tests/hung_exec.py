"""An execve(2) that hangs, as one does on a lazy image, on FUSE or on NFS: the
kernel asks a listener before it opens the file (fanotify(7))."""

import ctypes
import os
import select
import struct

from vantage import call, libc

FAN_CLASS_CONTENT, FAN_CLOEXEC, FAN_MARK_ADD = 4, 1, 1
FAN_OPEN_EXEC_PERM = 0x40000  # Linux 5.0
FAN_ALLOW = 1
AT_FDCWD = -100
EVENT = struct.Struct("=IBBHQii")  # struct fanotify_event_metadata


class HungExec:
    """Holds up whoever executes PATH, until it is let go or this is closed."""

    def __init__(self, path):
        self.fd = libc.fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC,
                                     os.O_RDONLY | os.O_CLOEXEC)
        assert self.fd >= 0, os.strerror(ctypes.get_errno())
        call(libc.fanotify_mark, self.fd, FAN_MARK_ADD,
             ctypes.c_uint64(FAN_OPEN_EXEC_PERM), AT_FDCWD,
             os.fsencode(path))
        self.file = None

    def until_held(self, timeout):
        """Waits for the first; returns its pid."""
        assert select.select([self.fd], [], [], timeout)[0], "nobody came"
        *_, self.file, pid = EVENT.unpack(os.read(self.fd, EVENT.size))
        return pid

    def let_go(self):
        os.write(self.fd, struct.pack("=iI", self.file, FAN_ALLOW))

    def close(self):
        if self.file is not None:
            os.close(self.file)
        os.close(self.fd)
