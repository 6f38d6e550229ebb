"""Two calls of the Linux kernel that Python 3.11 does not offer. Both are made by a child between fork and exec."""

import ctypes
import os
import signal
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000


def die_with_parent(number: int, parent: int) -> None:
    """Ask the kernel to send this process signal `number` when its parent dies.

    Call it last: changing the user or the user namespace silently takes the request back. The kernel means the
    thread that forked, so only a main thread may start children this way.
    """
    _checked(_LIBC.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0))
    if os.getppid() != parent:  # the parent died before the kernel knew of the request
        os.kill(os.getpid(), signal.SIGKILL)


def enter_user_namespace(inside: int) -> None:
    """Move this process into a user namespace where it has the user and group id `inside` and no rights of root.

    Seen from outside it goes on as who it was, so its files stay theirs and private. Raises OSError where the
    system refuses (some container runtimes do).
    """
    uid, gid = os.geteuid(), os.getegid()
    _checked(_LIBC.unshare(_CLONE_NEWUSER))
    # The kernel wants setgroups denied before a group may be mapped.
    for name, text in (("setgroups", "deny"), ("uid_map", f"{inside} {uid} 1"), ("gid_map", f"{inside} {gid} 1")):
        Path("/proc/self", name).write_text(text)


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
