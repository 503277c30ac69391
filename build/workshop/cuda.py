"""Whether this machine's NVIDIA driver can run what ONNX Runtime was built for."""

from __future__ import annotations

import ctypes
import os
import platform
import sys

from workshop.problem import say

# onnxruntime-gpu on PyPI is built for CUDA 13 from 1.27 on.
_NEEDED = 13000


def wants_cuda() -> bool:
    """Whether the CUDA libraries should be installed; `MMDESK_CUDA=0` says no."""
    if os.environ.get("MMDESK_CUDA") == "0" or platform.machine() not in ("x86_64", "AMD64"):
        return False
    version = driver_version()
    if version is not None and version < _NEEDED:
        say(
            f"The NVIDIA driver knows CUDA {version // 1000} and 13 is needed; mmdesk will use the processor."
        )
    return version is not None and version >= _NEEDED


def driver_version() -> int | None:
    """The newest CUDA that the driver runs, as 1000 × major + 10 × minor; None without a driver."""
    if sys.platform == "darwin":
        return None
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return None
    version = ctypes.c_int(0)
    found = driver.cuDriverGetVersion(ctypes.byref(version)) == 0
    return version.value if found else None
