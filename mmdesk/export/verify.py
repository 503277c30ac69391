"""Says whether a result can still be trusted: recording and packs are unchanged, computing gives the same."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mmdesk.analysis.analyze import analyze
from mmdesk.analysis.passport import MediaUsed, PackUsed, Passport
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.errors import MediaError, PackError
from mmdesk.events import Finding, Found, Origin
from mmdesk.export.result import Result
from mmdesk.media.digest import content_hash
from mmdesk.packs.pack import Pack, find_packs
from mmdesk.packs.resting import vision_pack
from mmdesk.packs.vision_spec import VisionReference
from mmdesk.sentences import Sentence, sentence
from mmdesk.tasks.engine import Engine

# A finding is the same one when its times are this near, seconds.
_SAME_TIME = 0.002
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        good: Whether it is as it was.
        message: What was found.
    """

    good: bool
    message: Sentence


def check(passport: Passport, path: Path, packs_dirs: Sequence[Path], control: Control) -> Iterator[Check]:
    """Compares the recording and the installed packs with a passport.

    Args:
        passport: Of the result.
        path: Where the recording lies now.
        packs_dirs: Folders of packs.
        control: Asked while the recording is read.

    Raises:
        Cancelled: The person stopped the work.
    """
    yield _media(passport.media, path, control)
    found = find_packs(packs_dirs)
    for used in passport.packs:
        yield _pack(used, found)
    yield from _encoders(passport.packs, found)


def _media(media: MediaUsed, path: Path, control: Control) -> Check:
    if not media.sha256:
        return Check(False, sentence("The passport does not say what {name} was.", name=media.name))
    try:
        same = content_hash(path, control) == media.sha256
    except MediaError as failure:
        said = sentence("{name} cannot be read: {reason}", name=path.name, reason=str(failure.message))
        return Check(False, said)
    if same:
        return Check(True, sentence("{name} is unchanged.", name=path.name))
    return Check(False, sentence("{name} was changed since it was analysed.", name=path.name))


def _pack(used: PackUsed, found: Sequence[Pack | PackError]) -> Check:
    pack = f"{used.name} {used.version}"
    for each in found:
        if isinstance(each, Pack) and each.manifest_hash == used.manifest_sha256:
            files = {path: file.sha256 for path, file in each.manifest.files.items()}
            if not used.files or files == dict(used.files):
                return Check(True, sentence("The model pack {pack} is unchanged.", pack=pack))
    broken = next((each for each in found if isinstance(each, PackError) and each.pack == used.name), None)
    if broken is not None:
        return Check(False, broken.message)
    other = next((each for each in found if isinstance(each, Pack) and each.manifest.name == used.name), None)
    if other is not None:
        now = other.manifest.version
        said = sentence("The model pack {pack} is now another one, version {now}.", pack=pack, now=now)
        return Check(False, said)
    return Check(False, sentence("The model pack {pack} is not installed.", pack=pack))


def _encoders(used: Sequence[PackUsed], found: Sequence[Pack | PackError]) -> Iterator[Check]:
    """The picture encoders that the packs rest on, each once; their hash stands in the packs' manifests."""
    hashes = {each.manifest_sha256 for each in used}
    packs = (each for each in found if isinstance(each, Pack) and each.manifest_hash in hashes)
    told = {_encoder(pack, reference, found): None for pack in packs for reference in _references(pack)}
    yield from told


def _encoder(pack: Pack, reference: VisionReference, found: Sequence[Pack | PackError]) -> Check:
    try:
        vision, _ = vision_pack(pack, reference, found)
    except PackError as failure:
        return Check(False, failure.message)
    name = f"{vision.manifest.name} {vision.manifest.version}"
    return Check(True, sentence("The model pack {pack} is unchanged.", pack=name))


def _references(pack: Pack) -> Iterator[VisionReference]:
    manifest = pack.manifest
    for section in (manifest.caption, manifest.tags, manifest.embed, manifest.answer):
        if section is not None and isinstance(section.eyes, VisionReference):
            yield section.eyes


@dataclass(frozen=True, slots=True)
class Again:
    """A finding that was computed again.

    Attributes:
        before: As it stands in the result.
        after: As it came out now; None where nothing came out at its time.
    """

    before: Finding
    after: Finding | None

    @property
    def same_words(self) -> bool:
        """Whether the texts and classes are the same."""
        after = self.after
        return (
            after is not None and after.text == self.before.text and _classes(after) == _classes(self.before)
        )

    @property
    def difference(self) -> float:
        """The largest difference of any of its numbers; infinite where nothing came out."""
        if self.after is None:
            return float("inf")
        pairs = zip(_numbers(self.before), _numbers(self.after), strict=False)
        missing = len(_numbers(self.before)) != len(_numbers(self.after))
        return float("inf") if missing else max((abs(one - other) for one, other in pairs), default=0.0)


def rerun(result: Result, path: Path, count: int, seed: int, engine: Engine, control: Control) -> list[Again]:
    """Computes random findings of models again.

    The analysis itself is run, beginning each time at the moment of a finding that is still wanted (which
    never changes the findings, see `analysis.analyze`), and is left when all came out.

    Args:
        result: What was found.
        path: Where the recording lies now.
        count: How many findings; all where there are fewer.
        seed: Chooses which; the same seed chooses the same.
        engine: The models, used on this thread.
        control: Cancels; its focus is moved.

    Returns:
        Each chosen finding, in order of time, and what came out now.

    Raises:
        Cancelled: The person stopped the work.
    """
    models = [each for each in result.findings if each.source.origin is Origin.MODEL]
    chosen = random.Random(seed).sample(models, min(count, len(models)))
    wanted = _Wanted(sorted(chosen, key=lambda each: (each.t0, each.t1)), models)
    languages = tuple(_LANGUAGE.findall(dict(result.passport.settings).get("languages", "en")))
    control.look_at(wanted.next_time())
    events = analyze(AnalysisRequest(path, languages=languages), engine, control)
    for event in events:
        if isinstance(event, Found):
            wanted.take(event.finding)
            control.look_at(wanted.next_time())
        if wanted.next_time() is None:
            break
    events.close()
    control.checkpoint()
    return wanted.all()


class _Wanted:
    """Findings that are to come out again."""

    def __init__(self, chosen: Sequence[Finding], models: Sequence[Finding]) -> None:
        self._chosen = chosen
        self._alone = [sum(_same(each, other) for other in models) == 1 for each in chosen]
        self._came: dict[int, Finding] = {}
        self._other_words: dict[int, Finding] = {}

    def next_time(self) -> float | None:
        """Where the next one is; None when all came out."""
        left = (each.t0 for number, each in enumerate(self._chosen) if number not in self._came)
        return next(left, None)

    def take(self, finding: Finding) -> None:
        """Gives a finding to the wanted one that it is; of several at one time to that with its words."""
        for number, each in enumerate(self._chosen):
            if number not in self._came and _same(each, finding):
                if each.text == finding.text or self._alone[number]:
                    self._came[number] = finding
                    return
                self._other_words.setdefault(number, finding)

    def all(self) -> list[Again]:
        """Each with what came out for it."""
        found = self._other_words | self._came
        return [Again(each, found.get(number)) for number, each in enumerate(self._chosen)]


def _same(one: Finding, other: Finding) -> bool:
    sort = one.kind, one.modality, one.language, one.person
    near = abs(one.t0 - other.t0) <= _SAME_TIME and abs(one.t1 - other.t1) <= _SAME_TIME
    return near and sort == (other.kind, other.modality, other.language, other.person)


def _classes(finding: Finding) -> set[str]:
    return {name for name, _ in finding.distribution}


def _numbers(finding: Finding) -> list[float]:
    shares = [share for _, share in sorted(finding.distribution)]
    known = (finding.value, finding.confidence, *(finding.band or ()), finding.t0, finding.t1)
    return [*(each for each in known if each is not None), *shares]
