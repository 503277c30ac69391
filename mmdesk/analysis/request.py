"""What a person asks for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mmdesk.runtime.device import Device


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """One path and how to analyse it.

    Attributes:
        path: A picture, video, sound or subtitle file, or a folder of such.
        languages: BCP 47 tags of the captions wanted, the preferred one first; also the order in
            which subtitles are preferred.
        device: Where models are to compute.
        media_hash: SHA-256 (hex) of the file where it is known already; saves reading it again.
    """

    path: Path
    languages: tuple[str, ...] = ("en",)
    device: Device = Device.AUTO
    media_hash: str = ""
