"""Who gets the processor first: the thread that paints, or the ones that work."""

from __future__ import annotations

import os
import sys
import threading

_LEAST = 19


def let_others_go_first() -> None:
    """Gives the calling thread, and every thread that it starts from now on, the lowest priority.

    Decoders and ONNX Runtime keep more threads busy than there are cores, and a window that waits in
    the same line with them stutters. Linux has priorities by thread, which children inherit; on other
    systems nothing is changed.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LEAST)
