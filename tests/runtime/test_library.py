"""ONNX Runtime is imported late, speaks through exceptions only, and calls nobody."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mmdesk.errors import ModelFailed
from mmdesk.runtime.library import failures, wrapped


def test_importing_the_room_does_not_load_the_library() -> None:
    code = (
        "import sys, mmdesk.runtime.session, mmdesk.runtime.device, mmdesk.tasks.engine;"
        "sys.exit('onnxruntime' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize("error", failures(), ids=lambda error: error.__name__)
def test_everything_that_the_library_raises_becomes_a_sentence(error: type[Exception]) -> None:
    with pytest.raises(ModelFailed, match=r"some graph.*something odd"), wrapped("some graph"):
        raise error("something odd")


def test_a_mistake_of_our_own_is_not_hidden() -> None:
    with pytest.raises(KeyError), wrapped("some graph"):
        raise KeyError("ours")
