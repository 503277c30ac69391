"""The result passport: what a result was made of, exact enough to check it years later.

The library keeps it and every export carries it. As JSON it is one object: `passport` (the version of
this form), `program`, `version`, `media` (`name`, `sha256`, `bytes`, `kind`, `duration`), `packs` (`name`,
`version`, `manifest_sha256`, `precision`, `providers`, `files` with path and SHA-256), `subtitles` (`name`,
`sha256`), `settings`, `began` (Unix time, seconds), `seconds`, `edits`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version

from mmdesk.analysis.json_fields import Object, broken, child, items, mapping, maybe, number, text
from mmdesk.analysis.records import Record
from mmdesk.events import Finding, Origin, Source
from mmdesk.packs.pack import Pack

FORM = 1


@dataclass(frozen=True, slots=True)
class MediaUsed:
    """The file that was analysed.

    Attributes:
        name: Its name without folders.
        sha256: Of its content, hexadecimal; empty when not known.
        bytes: Its size; 0 when not known.
        kind: What it is (`MediaKind`); empty when not known.
        duration: Seconds; None for a picture or when unknown.
    """

    name: str
    sha256: str
    bytes: int = 0
    kind: str = ""
    duration: float | None = None


@dataclass(frozen=True, slots=True)
class PackUsed:
    """A model pack that made findings.

    Attributes:
        name: Of the pack.
        version: Of the pack.
        manifest_sha256: Of its `pack.json`, which names the SHA-256 of every file.
        precision: Number format that it computed in.
        providers: Execution providers that really ran, sorted.
        files: Path and SHA-256 of each file, sorted; empty where the pack was not there any more.
    """

    name: str
    version: str
    manifest_sha256: str
    precision: str
    providers: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class HumanEdit:
    """Something that a person changed.

    Attributes:
        at: When, Unix time in seconds; 0 when not known.
        change: "added", "changed" or "deleted".
        kind: Of the finding or mark.
        t0: Where, seconds.
        before: The words before; empty for what was added.
        after: The words after; empty for what was deleted.
    """

    at: float
    change: str
    kind: str
    t0: float
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Passport:
    """Where a result comes from.

    Attributes:
        version: Of the program that made it.
        media: The file.
        packs: The model packs, in the order of their first finding.
        subtitles: Name and SHA-256 of each subtitle file or stream that was read.
        settings: Name and value of what was asked for, sorted by name.
        began: When the analysis began, Unix time in seconds; None when not known.
        seconds: How long it took; None when not known.
        edits: What people changed, oldest first.
    """

    version: str
    media: MediaUsed
    packs: tuple[PackUsed, ...] = ()
    subtitles: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    began: float | None = None
    seconds: float | None = None
    edits: tuple[HumanEdit, ...] = ()


def program_version() -> str:
    """The version of the program that runs."""
    return version("mmdesk")


def packs_used(findings: Iterable[Finding], installed: Iterable[Pack]) -> tuple[PackUsed, ...]:
    """The packs behind findings; their files are known by the hash of the manifest that is installed.

    Args:
        findings: Each says by its source what made it.
        installed: Where files of the packs are looked up.
    """
    files = {pack.manifest_hash: _files(pack) for pack in installed}
    sources = dict.fromkeys(each.source for each in findings if each.source.origin is Origin.MODEL)
    grouped: dict[tuple[str, str, str, str], list[str]] = {}
    for source in sources:
        grouped.setdefault(_identity(source), []).append(source.provider)
    return tuple(
        PackUsed(*identity, tuple(sorted(set(providers))), files.get(identity[2], ()))
        for identity, providers in grouped.items()
    )


def subtitles_used(findings: Iterable[Finding]) -> tuple[tuple[str, str], ...]:
    """Name and hash of each subtitle file or stream behind findings."""
    sources = (each.source for each in findings if each.source.origin is Origin.SUBTITLES)
    return tuple(dict.fromkeys((source.pack, source.file_hash) for source in sources))


def _identity(source: Source) -> tuple[str, str, str, str]:
    return source.pack, source.version, source.file_hash, source.precision


def _files(pack: Pack) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((path, file.sha256) for path, file in pack.manifest.files.items()))


def passport_record(passport: Passport) -> Record:
    """A passport as a JSON object."""
    media = passport.media
    return {
        "passport": FORM,
        "program": "mmdesk",
        "version": passport.version,
        "media": {
            "name": media.name,
            "sha256": media.sha256,
            "bytes": media.bytes,
            "kind": media.kind,
            "duration": media.duration,
        },
        "packs": [_pack_record(pack) for pack in passport.packs],
        "subtitles": [{"name": name, "sha256": sha256} for name, sha256 in passport.subtitles],
        "settings": dict(passport.settings),
        "began": passport.began,
        "seconds": passport.seconds,
        "edits": [_edit_record(edit) for edit in passport.edits],
    }


def _pack_record(pack: PackUsed) -> Record:
    return {
        "name": pack.name,
        "version": pack.version,
        "manifest_sha256": pack.manifest_sha256,
        "precision": pack.precision,
        "providers": list(pack.providers),
        "files": dict(pack.files),
    }


def _edit_record(edit: HumanEdit) -> Record:
    return {
        "at": edit.at,
        "change": edit.change,
        "kind": edit.kind,
        "t0": edit.t0,
        "before": edit.before,
        "after": edit.after,
    }


def passport_from(record: Object) -> Passport:
    """The passport that `passport_record` made a record of.

    Raises:
        ValueError: The record breaks the form.
    """
    if record.get("passport") != FORM:
        raise broken("no passport that this version knows")
    return Passport(
        version=text(record, "version"),
        media=_media_from(child(record, "media")),
        packs=tuple(_pack_from(mapping(each)) for each in items(record, "packs")),
        subtitles=tuple(_subtitles_from(mapping(each)) for each in items(record, "subtitles")),
        settings=_texts(record, "settings"),
        began=maybe(record, "began", number),
        seconds=maybe(record, "seconds", number),
        edits=tuple(_edit_from(mapping(each)) for each in items(record, "edits")),
    )


def _media_from(record: Object) -> MediaUsed:
    size, duration = int(number(record, "bytes")), maybe(record, "duration", number)
    return MediaUsed(text(record, "name"), text(record, "sha256"), size, text(record, "kind"), duration)


def _pack_from(record: Object) -> PackUsed:
    return PackUsed(
        name=text(record, "name"),
        version=text(record, "version"),
        manifest_sha256=text(record, "manifest_sha256"),
        precision=text(record, "precision"),
        providers=tuple(map(str, items(record, "providers"))),
        files=_texts(record, "files"),
    )


def _subtitles_from(record: Object) -> tuple[str, str]:
    return text(record, "name"), text(record, "sha256")


def _edit_from(record: Object) -> HumanEdit:
    return HumanEdit(
        number(record, "at"),
        text(record, "change"),
        text(record, "kind"),
        number(record, "t0"),
        text(record, "before"),
        text(record, "after"),
    )


def _texts(record: Object, key: str) -> tuple[tuple[str, str], ...]:
    values = child(record, key)
    return tuple((name, text(values, name)) for name in values)
