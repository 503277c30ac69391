"""Opens packs, and only hands out bytes that are what the manifest says."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mmdesk.errors import PackDamaged, PackError, PackInvalid, PackNotFound
from mmdesk.packs.external_data import external_locations
from mmdesk.packs.manifest import Manifest, PackFile, parse_manifest
from mmdesk.packs.roles import Role
from mmdesk.sentences import Sentence, sentence

MANIFEST = "pack.json"
LARGEST_MANIFEST = 4 * 2**20

# Systems put these into any folder that a person looks at; they are never opened.
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class GraphData:
    """A graph in memory, every byte verified.

    Attributes:
        model: The ONNX file.
        external: Its external data by location; empty for most.
    """

    model: bytes
    external: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that was whole when it was opened. Any thread.

    Attributes:
        folder: Where it lies.
        manifest: What it says.
        manifest_hash: SHA-256 (hex) of `pack.json`, which holds the hash of every other file.
    """

    folder: Path
    manifest: Manifest
    manifest_hash: str

    def read(self, path: str) -> bytes:
        """The bytes of a file, verified after reading: what is returned is what was hashed.

        Raises:
            PackDamaged: The file is missing or changed since the pack was opened.
        """
        file = self.manifest.files[path]
        try:
            data = (self.folder / file.path).read_bytes()
        except OSError as error:
            raise _unreadable(self.manifest, file.path, error) from error
        if len(data) != file.bytes or hashlib.sha256(data).hexdigest() != file.sha256:
            raise _changed(self.manifest, file.path)
        return data

    def graph(self, name: str) -> GraphData:
        """A graph with the external data that it needs.

        Raises:
            PackDamaged: A file is missing or changed, or the graph wants a file that is none of
                the pack's.
        """
        file = self.manifest.graphs[name].file
        model = self.read(file)
        locations = _locations(self.manifest, file, model)
        return GraphData(model, {location: self.read(path) for location, path in locations.items()})


def open_pack(folder: Path) -> Pack:
    """Reads the manifest and verifies the whole folder.

    Raises:
        PackInvalid: The manifest cannot be read or breaks the contract.
        PackDamaged: A file is changed, missing or extra, is a link or no regular file, or a graph
            wants external data that is none of the pack's files.
    """
    text = _read_manifest(folder)
    manifest = parse_manifest(text, folder.name)
    pack = Pack(folder, manifest, hashlib.sha256(text).hexdigest())
    _verify_names(pack)
    for file in manifest.files.values():
        _verify_file(pack, file)
    for graph in manifest.graphs.values():
        _locations(manifest, graph.file, pack.read(graph.file))
    return pack


def find_packs(folders: Iterable[Path]) -> list[Pack | PackError]:
    """Opens every pack in the folders; what cannot be used comes as its error.

    Args:
        folders: Folders of packs; those that do not exist are passed over.

    Returns:
        In the order of the folders, and by name in each.
    """
    found: list[Pack | PackError] = []
    for folder in folders:
        for inside in _subfolders(folder):
            try:
                found.append(open_pack(inside))
            except PackError as error:
                found.append(error)
    return found


def pack_for(role: Role, language: str, packs: Sequence[Pack | PackError]) -> Pack:
    """The pack for a role and a language; the last one that fits, so a person's own pack wins.

    Raises:
        PackNotFound: No pack does it.
        PackInvalid: No whole pack does it, and this one, which cannot be read, might.
        PackDamaged: No whole pack does it, and this one would if it were whole.
    """
    for pack in reversed(packs):
        if isinstance(pack, Pack) and role in pack.manifest.roles and language in pack.manifest.languages:
            return pack
    for error in reversed(packs):
        if isinstance(error, PackError) and _might(error, role, language):
            raise error
    raise PackNotFound(
        str(role),
        sentence(
            "No model pack here does {role} in the language {language}.", role=str(role), language=language
        ),
        sentence("Choose another language, or add a pack that has it."),
    )


def pack_doing(role: Role, packs: Sequence[Pack | PackError]) -> Pack:
    """The pack for a role that has to do with no language; otherwise as `pack_for`."""
    for pack in reversed(packs):
        if isinstance(pack, Pack) and role in pack.manifest.roles:
            return pack
    for error in reversed(packs):
        if isinstance(error, PackError) and _might(error, role, None):
            raise error
    raise PackNotFound(
        str(role),
        sentence("No model pack here does {role}.", role=str(role)),
        sentence("Add a pack that does it."),
    )


def _might(error: PackError, role: Role, language: str | None) -> bool:
    if not isinstance(error, PackDamaged):
        return True
    return role in error.roles and (language is None or language in error.languages)


def _subfolders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _read_manifest(folder: Path) -> bytes:
    path = folder / MANIFEST
    try:
        status = path.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST_MANIFEST:
            return path.read_bytes()
    except OSError as error:
        raise _no_manifest(folder, error.strerror or str(error)) from error
    raise _no_manifest(folder, "not a regular file of less than 4 MiB")


def _no_manifest(folder: Path, detail: str) -> PackInvalid:
    name = printable(folder.name)
    return PackInvalid(
        name,
        sentence("The manifest of the model pack {pack} cannot be read: {detail}.", pack=name, detail=detail),
        sentence("Install the pack again, or move its folder away."),
    )


def _verify_names(pack: Pack) -> None:
    manifest, there = pack.manifest, set()
    try:
        for path, regular in _entries(pack.folder):
            if not regular:
                raise _damaged(
                    manifest,
                    sentence(
                        "The model pack {pack} holds a link or special file: {file}.",
                        pack=manifest.name,
                        file=printable(path),
                    ),
                    sentence("Put the real file in its place, or install the pack again."),
                )
            there.add(path)
    except OSError as error:
        raise _unreadable(manifest, "", error) from error
    for path in sorted(manifest.files.keys() - there):
        raise _missing(manifest, path)
    for path in sorted(there - manifest.files.keys() - {MANIFEST}):
        raise _extra(manifest, path)


def _entries(folder: Path, prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Paths below a folder with `/`, and whether each is a regular file; links are not followed."""
    with os.scandir(folder) as entries:
        for entry in entries:
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
                yield from _entries(folder / entry.name, path + "/")
            elif entry.name not in _LITTER:
                yield path, entry.is_file(follow_symlinks=False)


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether a folder is really somewhere else (Windows calls that no link)."""
    return bool(getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0))


def _verify_file(pack: Pack, file: PackFile) -> None:
    """Compares size and SHA-256 without holding the file in memory."""
    try:
        with (pack.folder / file.path).open("rb") as stream:
            same = os.fstat(stream.fileno()).st_size == file.bytes
            same = same and hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256
    except OSError as error:
        raise _unreadable(pack.manifest, file.path, error) from error
    if not same:
        raise _changed(pack.manifest, file.path)


def _locations(manifest: Manifest, file: str, model: bytes) -> dict[str, str]:
    """External data of a graph: location to path in the pack, which must list it."""
    try:
        locations = external_locations(model)
    except ValueError as error:
        raise _changed(manifest, file) from error
    beside = file.rpartition("/")[0]
    paths = {location: f"{beside}/{location}" if beside else location for location in locations}
    for location, path in paths.items():
        if path not in manifest.files:
            raise _damaged(
                manifest,
                sentence(
                    "The graph {file} of the model pack {pack} wants a file that is not the pack's: {other}.",
                    pack=manifest.name,
                    file=file,
                    other=printable(location),
                ),
                sentence("Do not use this pack; get it again from a source that you trust."),
            )
    return paths


def printable(name: str) -> str:
    """A file name for a message; bytes that are no UTF-8 become question marks."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _again() -> Sentence:
    return sentence("Install the pack again; until then mmdesk does not use it.")


def _damaged(manifest: Manifest, message: Sentence, hint: Sentence) -> PackDamaged:
    roles = tuple(str(role) for role in manifest.roles)
    return PackDamaged(manifest.name, message, hint, roles=roles, languages=manifest.languages)


def _changed(manifest: Manifest, path: str) -> PackDamaged:
    message = sentence(
        "The file {file} of the model pack {pack} was changed or is damaged.", file=path, pack=manifest.name
    )
    return _damaged(manifest, message, _again())


def _missing(manifest: Manifest, path: str) -> PackDamaged:
    message = sentence("The file {file} of the model pack {pack} is missing.", file=path, pack=manifest.name)
    return _damaged(manifest, message, _again())


def _extra(manifest: Manifest, path: str) -> PackDamaged:
    message = sentence(
        "The model pack {pack} holds a file that does not belong to it: {file}.",
        pack=manifest.name,
        file=printable(path),
    )
    return _damaged(manifest, message, sentence("Move this file out of the pack's folder."))


def _unreadable(manifest: Manifest, path: str, error: OSError) -> PackDamaged:
    if isinstance(error, FileNotFoundError):
        return _missing(manifest, path)
    message = sentence(
        "The file {file} of the model pack {pack} cannot be read: {detail}.",
        file=path,
        pack=manifest.name,
        detail=error.strerror or str(error),
    )
    return _damaged(manifest, message, sentence("Check the permissions of the pack's folder."))
