"""Issues the passport of findings that were just made, where no library kept one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mmdesk.analysis.passport import MediaUsed, Passport, packs_used, program_version, subtitles_used
from mmdesk.control import Control
from mmdesk.errors import MediaError
from mmdesk.events import Finding, MediaKind
from mmdesk.media.digest import content_hash
from mmdesk.media.files import file_status
from mmdesk.packs.pack import Pack, find_packs


@dataclass(frozen=True, slots=True)
class Run:
    """What is known about an analysis beside its findings.

    Attributes:
        kind: What the file is; None when not known.
        duration: Its seconds; None for a picture or when unknown.
        settings: Name and value of what was asked for.
        began: Unix time in seconds; None when not known.
        seconds: How long it took; None when not known.
    """

    kind: MediaKind | None = None
    duration: float | None = None
    settings: tuple[tuple[str, str], ...] = ()
    began: float | None = None
    seconds: float | None = None


def issue(
    path: Path, findings: Sequence[Finding], run: Run, packs_dirs: Sequence[Path], control: Control
) -> Passport:
    """The passport; reads the whole file for its hash.

    A file that cannot be read any more gets a passport without hash: `mmdesk verify` will say so.

    Args:
        path: The file that was analysed.
        findings: What was found.
        run: The analysis.
        packs_dirs: Folders in which the packs' files are looked up.
        control: Asked while reading.

    Raises:
        Cancelled: The person stopped the work.
    """
    installed = [pack for pack in find_packs(packs_dirs) if isinstance(pack, Pack)]
    sha256, size = _content(path, control)
    kind = "" if run.kind is None else str(run.kind)
    return Passport(
        version=program_version(),
        media=MediaUsed(path.name, sha256, size, kind, run.duration),
        packs=packs_used(findings, installed),
        subtitles=subtitles_used(findings),
        settings=tuple(sorted(run.settings)),
        began=run.began,
        seconds=run.seconds,
    )


def _content(path: Path, control: Control) -> tuple[str, int]:
    try:
        return content_hash(path, control), file_status(path).st_size
    except MediaError:
        return "", 0
