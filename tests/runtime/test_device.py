"""A device is believed when it has computed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest

from mmdesk.errors import DeviceUnavailable, ModelFailed
from mmdesk.runtime import device, probe
from mmdesk.runtime.device import Choice, Device, DeviceReport, choose, device_reports


def test_the_cpu_computes() -> None:
    cpu, cuda = device_reports()
    assert cpu == DeviceReport(Device.CPU, True, "CPUExecutionProvider", "")
    assert cuda.device is Device.CUDA
    assert cuda.computes == (not cuda.detail)


def test_choices_follow_the_self_test() -> None:
    cuda = device.cuda_report()
    assert choose(Device.CPU) == Choice(Device.CPU, ("CPUExecutionProvider",))
    automatic = choose(Device.AUTO)
    if cuda.computes:
        assert automatic == Choice(Device.AUTO, ("CUDAExecutionProvider", "CPUExecutionProvider"))
        assert choose(Device.CUDA).providers == automatic.providers
    else:
        assert automatic == Choice(Device.AUTO, ("CPUExecutionProvider",), cuda.detail)
        assert automatic.note
        with pytest.raises(DeviceUnavailable) as refused:
            choose(Device.CUDA)
        assert cuda.detail in str(refused.value)
        assert "CPU" in str(refused.value.hint)


def test_the_probe_in_its_own_process_tells_what_ran() -> None:
    """Asked for CUDA where there is none, ONNX Runtime runs on the CPU, and the probe says so."""
    command = [sys.executable, "-m", "mmdesk.runtime.probe", "CUDAExecutionProvider"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    answer = json.loads(done.stdout.strip().rpartition("\n")[2])
    assert answer["provider"] or answer["error"]
    assert (answer["provider"] == "CUDAExecutionProvider") == device.cuda_report().computes


def test_the_convolution_is_compared_with_numpy() -> None:
    assert probe.compute("CPUExecutionProvider") == "CPUExecutionProvider"


def test_a_device_that_computes_wrong_numbers_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands for a faulty device: the comparison itself is told other weights."""
    right = probe.convolve
    monkeypatch.setattr(probe, "convolve", lambda x, weight: right(x, weight * np.float32(1.01)))
    with pytest.raises(ModelFailed, match="wrong numbers"):
        probe.compute("CPUExecutionProvider")


def test_numpys_convolution_is_the_definition() -> None:
    x = np.arange(2 * 5 * 4, dtype=np.float32).reshape(1, 2, 5, 4)
    weight = np.ones((1, 2, 3, 3), np.float32)
    expected = [[x[0, :, i : i + 3, j : j + 3].sum() for j in range(2)] for i in range(3)]
    np.testing.assert_allclose(probe.convolve(x, weight)[0, 0], expected)


def test_the_graph_in_the_package_is_the_one_that_its_recipe_makes() -> None:
    from runtime.convolution import convolution

    shipped = Path(probe.__file__).with_name("convolution.onnx").read_bytes()
    assert onnx.ModelProto.FromString(shipped) == convolution()
