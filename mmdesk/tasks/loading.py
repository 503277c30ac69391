"""From a pack to sessions that gave their known answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from mmdesk.events import Origin, Source
from mmdesk.packs.pack import Pack
from mmdesk.runtime.device import Choice
from mmdesk.runtime.session import Session
from mmdesk.tasks.known_answer import check


def load_graphs(pack: Pack, graphs: Mapping[str, int | None], choice: Choice) -> dict[str, Session]:
    """Loads graphs of a pack and checks their known answers.

    Args:
        pack: Where the graphs are.
        graphs: Names, each with the threads of one run; None for the cores that there are.
        choice: The device.

    Raises:
        PackDamaged: A file changed since the pack was opened.
        DeviceUnavailable: The chosen device did not take a graph.
        ModelFailed: A graph cannot be loaded or gives a wrong answer.
    """
    sessions: dict[str, Session] = {}
    try:
        for name, threads in graphs.items():
            sessions[name] = _session(pack, name, choice, threads)
        for answer in pack.manifest.known_answers:
            if answer.graph in sessions:
                check(sessions[answer.graph], answer)
    except BaseException:
        close(sessions)
        raise
    return sessions


def close(sessions: Mapping[str, Session]) -> None:
    """Gives the memory of sessions back."""
    for session in sessions.values():
        session.close()


class Runs(Protocol):
    """Something that computes somewhere."""

    @property
    def provider(self) -> str:
        """The execution provider that really runs."""


def source(pack: Pack, running: Iterable[Runs]) -> Source:
    """What findings name as their origin; the provider is the one that really runs."""
    providers = sorted({each.provider for each in running})
    return Source(
        origin=Origin.MODEL,
        pack=pack.manifest.name,
        version=pack.manifest.version,
        file_hash=pack.manifest_hash,
        precision=pack.manifest.precision,
        provider=" + ".join(providers),
    )


def _session(pack: Pack, name: str, choice: Choice, threads: int | None) -> Session:
    spec, data = pack.manifest.graphs[name], pack.graph(name)
    title = f"{pack.manifest.name} {name}"
    return Session(title, data.model, spec.inputs, spec.outputs, choice, threads, data.external)
