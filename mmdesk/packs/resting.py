"""Finds the picture encoder that a pack rests on among the packs that are installed."""

from __future__ import annotations

from collections.abc import Sequence

from mmdesk.errors import PackDamaged, PackError, PackNotFound
from mmdesk.packs.pack import Pack
from mmdesk.packs.roles import Role
from mmdesk.packs.vision_spec import GRAPH, VisionReference, VisionSpec
from mmdesk.sentences import sentence


def vision_pack(
    pack: Pack, reference: VisionReference, installed: Sequence[Pack | PackError]
) -> tuple[Pack, VisionSpec]:
    """The pack whose encoder is the very one that `pack` was trained on.

    Args:
        pack: The pack that rests on it.
        reference: What its section says.
        installed: From `find_packs`.

    Returns:
        That pack and its section `vision`.

    Raises:
        PackNotFound: There is no pack of that name.
        PackInvalid: Its manifest cannot be read.
        PackDamaged: It is damaged, or it holds another encoder.
    """
    for other in reversed(installed):
        spec = other.manifest.vision if isinstance(other, Pack) else None
        if isinstance(other, Pack) and spec and vision_hash(other) == reference.sha256:
            return other, spec
    for failure in reversed(installed):
        if isinstance(failure, PackError) and failure.pack == reference.pack:
            raise failure
    raise _other(pack, reference) if _named(reference.pack, installed) else _missing(pack, reference)


def vision_hash(pack: Pack) -> str:
    """SHA-256 of a pack's picture encoder; empty where it has none."""
    manifest = pack.manifest
    if Role.VISION not in manifest.roles:
        return ""
    return manifest.files[manifest.graphs[GRAPH].file].sha256


def _named(name: str, installed: Sequence[Pack | PackError]) -> bool:
    return any(isinstance(other, Pack) and other.manifest.name == name for other in installed)


def _missing(pack: Pack, reference: VisionReference) -> PackNotFound:
    return PackNotFound(
        reference.pack,
        sentence(
            "The model pack {pack} sees with the pack {vision}, which is not here.",
            pack=pack.manifest.name,
            vision=reference.pack,
        ),
        sentence("Install the pack {vision} as well.", vision=reference.pack),
    )


def _other(pack: Pack, reference: VisionReference) -> PackDamaged:
    manifest = pack.manifest
    return PackDamaged(
        manifest.name,
        sentence(
            "The model pack {pack} was made for another version of the pack {vision} than the one here.",
            pack=manifest.name,
            vision=reference.pack,
        ),
        sentence("Install both packs again, so that they fit together."),
        roles=tuple(str(role) for role in manifest.roles),
        languages=manifest.languages,
    )
