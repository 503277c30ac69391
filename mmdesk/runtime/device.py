"""Which device computes, found out by letting it compute."""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum

from mmdesk.errors import DeviceUnavailable, InferenceError
from mmdesk.runtime.library import onnx_runtime
from mmdesk.runtime.probe import CPU, CUDA, compute
from mmdesk.sentences import sentence

PROBE_SECONDS = 60.0
_DRIVER = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"


class Device(StrEnum):
    """What a person may choose; `auto` takes CUDA where it computes, and the CPU otherwise."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What became of the self-test on one device.

    Attributes:
        device: CPU or CUDA.
        computes: Whether the self-test's convolution came out as numpy's.
        provider: The execution provider that really ran; empty when nothing did.
        detail: Why it does not compute, in the libraries' own words; empty when it does.
    """

    device: Device
    computes: bool
    provider: str
    detail: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a session asks ONNX Runtime for.

    Attributes:
        device: What the person chose.
        providers: Execution providers, the first is wanted and the others take what it cannot do.
        note: Why `auto` did not take CUDA; empty when it did or was not asked to.
    """

    device: Device
    providers: tuple[str, ...]
    note: str = ""


def device_reports() -> tuple[DeviceReport, ...]:
    """Lets every device compute a convolution and compares it with numpy; any thread, seconds."""
    return (cpu_report(), cuda_report())


def cpu_report() -> DeviceReport:
    """The self-test on the CPU, in this process."""
    try:
        provider = compute(CPU)
    except InferenceError as error:
        return DeviceReport(Device.CPU, False, "", str(error))
    return DeviceReport(Device.CPU, provider == CPU, provider, "")


def cuda_report() -> DeviceReport:
    """The self-test on CUDA, in a process of its own: a faulty driver can end the process."""
    provider, detail = "", _no_cuda()
    if not detail:
        provider, detail = _probe()
    computes = provider == CUDA and not detail
    return DeviceReport(Device.CUDA, computes, provider, "" if computes else detail or "CUDA was not used")


def choose(device: Device) -> Choice:
    """Decides what sessions ask for; runs the self-test where CUDA is in question.

    Raises:
        DeviceUnavailable: CUDA was chosen and does not compute here.
    """
    if device is Device.CPU:
        return Choice(device, (CPU,))
    report = cuda_report()
    if report.computes:
        return Choice(device, (CUDA, CPU))
    if device is Device.CUDA:
        raise unavailable(report.detail)
    return Choice(device, (CPU,), report.detail)


def unavailable(detail: str) -> DeviceUnavailable:
    """The error of a chosen CUDA that does not compute."""
    return DeviceUnavailable(
        sentence("The graphics card (CUDA) does not compute here: {detail}", detail=detail),
        sentence("Choose the CPU or automatic device, or install the NVIDIA driver and the CUDA extra."),
    )


def _no_cuda() -> str:
    """Why CUDA need not be tried; empty when it may work."""
    if CUDA not in onnx_runtime().get_available_providers():
        return "this build of ONNX Runtime has no CUDA"
    try:
        ctypes.CDLL(_DRIVER)
    except OSError as error:
        return f"no NVIDIA driver ({error})"
    return ""


def _probe() -> tuple[str, str]:
    """Provider and error of the self-test in a child process."""
    command = [sys.executable, "-m", "mmdesk.runtime.probe", CUDA]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=PROBE_SECONDS, encoding="utf-8", errors="replace"
        )
        answer = json.loads(done.stdout.strip().rpartition("\n")[2])
        return str(answer["provider"]), str(answer["error"])
    except subprocess.TimeoutExpired:
        return "", f"no answer within {PROBE_SECONDS:.0f} s"
    except (OSError, ValueError, KeyError, TypeError) as error:
        return "", f"the test process failed ({error})"
