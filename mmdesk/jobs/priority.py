"""Who gets the processor and the interpreter first: the thread that paints, or the ones that work."""

from __future__ import annotations

import os
import sys
import threading

_LEAST = 19
# Seconds after which a thread that waits for the interpreter gets it (Python's own: 0.005). A paint
# event gives it up and takes it back with every call into Qt, and waits each time.
_SWITCH_SECONDS = 0.0005


def let_others_go_first() -> None:
    """Gives the calling thread, and every thread that it starts from now on, the lowest priority.

    Decoders and ONNX Runtime keep more threads busy than there are cores, and a window that waits in
    the same line with them stutters. Linux has priorities by thread, which children inherit; elsewhere
    only the interpreter changes hands more often, in the whole process.
    """
    sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_SECONDS))
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LEAST)
