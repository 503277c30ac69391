"""Reads the program's texts and the catalogues; every text needs one whole translation."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "resources" / "translations"
DOMAIN = "mmdesk"

# The functions that take a literal text for a person, and which of their arguments that is.
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "sentence": None,
    "tr": None,
    "tr_plural": (1, 2),
}


def program_texts() -> Catalog:
    """Every text for a person that stands in the program."""
    texts = Catalog(domain=DOMAIN, charset="utf-8")
    found = extract_from_dir(ROOT / "mmdesk", method_map=[("**.py", "python")], keywords=_KEYWORDS)
    for _, _, msgid, _, _ in sorted(found, key=lambda text: (text[0], text[1])):
        texts.add(msgid)
    return texts


def catalogue_files() -> list[Path]:
    """The catalogues that people translate, one per language."""
    return sorted(TRANSLATIONS.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def read(file: Path) -> Catalog:
    """One catalogue; its language is the folder's name."""
    with file.open("rb") as source:
        return read_po(source, locale=file.parent.parent.name, domain=DOMAIN)


def save(file: Path, catalogue: Catalog) -> None:
    """Writes a catalogue for people (.po) and for the program (.mo)."""
    text = io.BytesIO()
    write_po(text, catalogue, no_location=True, sort_output=True, width=110, ignore_obsolete=True)
    file.write_bytes(text.getvalue())
    file.with_suffix(".mo").write_bytes(compiled(catalogue))


def compiled(catalogue: Catalog) -> bytes:
    """What the program reads."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def faults(file: Path, texts: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue, one line each."""
    catalogue = read(file)
    for text in texts:
        if text.id:
            translation = catalogue.get(text.id[0] if isinstance(text.id, tuple) else text.id)
            if fault := _fault(text, translation):
                yield f"{file.relative_to(ROOT)}: {fault}: {text.id!r}"
    wanted = {str(text.id) for text in texts}
    yield from (
        f"{file.relative_to(ROOT)}: no longer used: {m.id!r}" for m in catalogue if str(m.id) not in wanted
    )
    if file.with_suffix(".mo").read_bytes() != compiled(catalogue):
        yield f"{file.relative_to(ROOT)}: the compiled catalogue is older; run: make translations"


def _fault(text: Message, translation: Message | None) -> str | None:
    if translation is None or not all(_strings(translation.string)):
        return "not translated"
    if translation.fuzzy:
        return "translation is a guess (fuzzy)"
    fields = set().union(*map(_fields, _strings(text.id)))
    if any(_fields(string) - fields for string in _strings(translation.string)):
        return "translation has fields that the text lacks"
    if not isinstance(text.id, tuple) and fields - _fields(str(translation.string)):
        return "translation lacks a field of the text"
    return None


def _strings(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (value or "",) if value is None or isinstance(value, str) else tuple(value)


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}
