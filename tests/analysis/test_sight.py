"""A picture is encoded once for all tasks that share an encoder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from mmdesk.analysis.sight import Sight, encoders_of
from mmdesk.control import Control
from mmdesk.errors import Cancelled
from mmdesk.packs.pack import open_pack
from mmdesk.packs.picture_spec import PictureSpec
from mmdesk.packs.vision_spec import GRAPH
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.vision import GRID, Encoded, PictureEncoder, Prepared
from tests.packs_for_tests import picture, write_vision_pack


class CountingEncoder(PictureEncoder):
    """An encoder that counts its runs."""

    runs = 0

    def encode(self, batch: Sequence[Prepared], control: Control | None = None) -> list[Encoded]:
        self.runs += 1
        return super().encode(batch, control)


@dataclass(frozen=True)
class Task:
    """Something that looks at pictures."""

    name: str
    encoder: PictureEncoder


@pytest.fixture
def encoders(tmp_path: Path) -> Iterator[list[CountingEncoder]]:
    pack = open_pack(write_vision_pack(tmp_path))
    assert pack.manifest.vision is not None
    spec: PictureSpec = pack.manifest.vision.picture
    made = [CountingEncoder(pack, GRAPH, spec, choose(Device.CPU)) for _ in range(2)]
    yield made
    for encoder in made:
        encoder.close()


def test_tasks_that_share_an_encoder_share_its_work(encoders: list[CountingEncoder]) -> None:
    shared, other = encoders
    captions, tags, answers = Task("captions", shared), Task("tags", shared), Task("answers", other)
    assert encoders_of([captions, tags, answers]) == (shared, other)
    sight = Sight.of([picture("red"), picture("blue")], encoders_of([captions, tags, answers]))
    assert (shared.runs, other.runs) == (0, 0)
    seen = [sight.by(task, Control()) for task in (captions, tags, answers)]
    assert (shared.runs, other.runs) == (1, 1)
    assert seen[0] is seen[1]
    assert [encoded.tensors[GRID].shape for encoded in seen[2]] == [(4, 3), (4, 3)]


def test_what_was_cancelled_is_encoded_when_asked_again(encoders: list[CountingEncoder]) -> None:
    task = Task("captions", encoders[0])
    sight = Sight.of([picture("red")], [encoders[0]])
    cancelled = Control()
    cancelled.cancel()
    with pytest.raises(Cancelled):
        sight.by(task, cancelled)
    assert len(sight.by(task, Control())) == 1
