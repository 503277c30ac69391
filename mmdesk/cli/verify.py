"""The command `verify`: whether a result can still be trusted."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mmdesk.analysis.passport import Passport
from mmdesk.cli.exits import DONE, FAILED, INTERRUPTED
from mmdesk.cli.kept import result_of
from mmdesk.cli.printing import complain, printable, say
from mmdesk.config.paths import packs_dirs, results_file
from mmdesk.control import Control
from mmdesk.errors import MmdeskError
from mmdesk.export.passports import read_passport
from mmdesk.export.plain import clock
from mmdesk.export.result import Result
from mmdesk.export.verify import Again, check, rerun
from mmdesk.library.project import Project
from mmdesk.runtime.device import Device
from mmdesk.tasks.engine import Engine


@dataclass(frozen=True, slots=True)
class Verifying:
    """What is to be verified, and how.

    Attributes:
        source: A recording that was analysed, or a file that mmdesk exported.
        media: Where the recording lies; None to look where it was, and beside the source.
        rerun: How many findings to compute again; 0 for none.
        seed: Chooses which; None for chance.
        device: Where to compute.
        tolerance: Largest difference that still passes.
    """

    source: Path
    media: Path | None
    rerun: int
    seed: int | None
    device: Device
    tolerance: float


def verify(asked: Verifying) -> int:
    """Checks recording and packs, and computes findings again if asked to.

    Returns:
        0 when all is as it was; 1 when not, or it cannot be told; 130 after Ctrl-C.

    Raises:
        BrokenPipeError: Nobody reads any more.
    """
    try:
        with closing(Project(results_file())) as project:
            good = _checked(asked, project)
            if asked.rerun > 0:
                good = _again(asked, project) and good
    except MmdeskError as failure:
        complain(failure)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    return DONE if good else FAILED


def _checked(asked: Verifying, project: Project) -> bool:
    passport, path = _passport(asked, project)
    made = f"Made by mmdesk {passport.version or '(unknown)'}"
    edits = f", {len(passport.edits)} edits by people" if passport.edits else ""
    say(printable(f"{made} from {passport.media.name}{edits}."))
    checks = list(check(passport, path, packs_dirs(), Control()))
    for each in checks:
        say(printable(f"{'ok' if each.good else 'CHANGED'}: {each.message}"))
    return all(each.good for each in checks)


def _passport(asked: Verifying, project: Project) -> tuple[Passport, Path]:
    """The passport, and where the recording lies now."""
    try:
        passport = read_passport(asked.source)
    except MmdeskError:
        result = result_of(asked.source, project)
        return result.passport, asked.media or result.path
    if asked.media is not None:
        return passport, asked.media
    entry = project.library.entry(passport.media.sha256)
    if entry is not None and entry.path.exists():
        return passport, entry.path
    return passport, asked.source.with_name(passport.media.name)


def _again(asked: Verifying, project: Project) -> bool:
    result = result_of(asked.source, project)
    path = asked.media or result.path
    seed = secrets.randbelow(1 << 32) if asked.seed is None else asked.seed
    with closing(Engine(packs_dirs(), asked.device)) as engine:
        again = rerun(result, path, asked.rerun, seed, engine, Control())
    return _told(again, result, seed, asked.tolerance)


def _told(again: Sequence[Again], result: Result, seed: int, tolerance: float) -> bool:
    for each in again:
        if each.after is None or not each.same_words or each.difference > tolerance:
            when, kind = clock(round(each.before.t0 * 1000)), each.before.kind
            now = "nothing came out" if each.after is None else f"now: {each.after.text or each.difference}"
            say(printable(f"DIFFERENT: {when} {kind}: {each.before.text or ''} — {now}"))
    if not again:
        say("No finding of a model was there to compute again.")
        return True
    largest = max(each.difference for each in again)
    same = sum(each.same_words for each in again)
    of = len(result.findings)
    say(f"{len(again)} of {of} findings computed again (seed {seed}): words and classes the same in {same},")
    say(f"largest difference of a number {largest:.3g}.")
    return same == len(again) and largest <= tolerance
