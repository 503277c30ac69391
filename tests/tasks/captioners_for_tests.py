"""Captioners of single packs, as the engine makes them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.packs.pack import Pack, open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.caption import Captioner, caption_encoder
from mmdesk.tasks.vision import Encoded


def open_captioner(pack: Pack | Path, installed: Sequence[Pack] = (), beams: int | None = None) -> Captioner:
    """A captioner on the CPU; `close_captioner` gives it back."""
    whole = pack if isinstance(pack, Pack) else open_pack(pack)
    choice = choose(Device.CPU)
    encoder = caption_encoder(whole, installed).load(choice)
    try:
        return Captioner(whole, encoder, choice, beams=beams)
    except BaseException:
        encoder.close()
        raise


def close_captioner(captioner: Captioner) -> None:
    """Closes a captioner and its encoder."""
    captioner.close()
    captioner.encoder.close()


def see(
    captioner: Captioner, pictures: Sequence[NDArray[np.uint8]], control: Control | None = None
) -> list[Encoded]:
    """Pictures as the captioner takes them."""
    prepared = [captioner.encoder.prepare(picture) for picture in pictures]
    return captioner.encoder.encode(prepared, control)
