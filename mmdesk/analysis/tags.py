"""Tags of pictures: the classes that a pack knows, and words by the joint embedding.

Of pictures only: under every instant of a film they would bury what is said and seen there.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from mmdesk.analysis.context import Context
from mmdesk.analysis.sight import Sight
from mmdesk.errors import InferenceError, PackError, PackNotFound
from mmdesk.events import Event, Evidence, Finding, FindingKind, Found, Modality
from mmdesk.tasks.embed import Embedder
from mmdesk.tasks.tags import Tagger

_BETWEEN = {"zh": "、", "ja": "、"}


@dataclass(frozen=True, slots=True)
class Namer:
    """Something that names what pictures show, and the language that it is to do it in."""

    task: Tagger | Embedder
    language: str


def load_namers(context: Context) -> Generator[Event, None, list[Namer]]:
    """Loads what tags pictures in the languages asked for; nobody misses what is not installed."""
    namers: list[Namer] = []
    makers: tuple[Callable[[str], Tagger | Embedder], ...] = (context.engine.tagger, context.engine.embedder)
    for language in context.request.languages:
        for make in makers:
            context.control.checkpoint()
            try:
                namers.append(Namer(make(language), language))
            except PackNotFound:
                continue
            except (PackError, InferenceError) as failure:
                yield from context.lacks(failure)
    return namers


def tag_picture(context: Context, sight: Sight, namer: Namer) -> Iterator[Event]:
    """One finding with all tags of one namer; none where it sees nothing that it knows.

    Raises:
        Cancelled: The person stopped the work.
    """
    context.control.checkpoint()
    try:
        seen = _seen(context, sight, namer)
    except InferenceError as failure:
        yield from context.lacks(failure)
        return
    context.done = True
    if seen:
        yield Found(context.path, _finding(namer, seen))


def _seen(context: Context, sight: Sight, namer: Namer) -> list[tuple[str, float | None]]:
    """Names in the namer's language, with their probabilities where it has them."""
    task, language = namer.task, namer.language
    encoded = sight.by(task, context.control)
    if isinstance(task, Tagger):
        (tags,) = task.tag(encoded, context.control)
        return [(tag.labels[language], tag.probability) for tag in tags if language in tag.labels]
    (words,) = task.words(task.pictures(encoded, context.control))
    return [(word.labels[language], None) for word in words if language in word.labels]


def _finding(namer: Namer, seen: list[tuple[str, float | None]]) -> Finding:
    between = _BETWEEN.get(namer.language.partition("-")[0], ", ")
    probabilities = tuple((name, share) for name, share in seen if share is not None)
    return Finding(
        kind=FindingKind.TAGS,
        modality=Modality.SCENE,
        t0=0.0,
        t1=0.0,
        source=namer.task.source,
        evidence=(Evidence(Modality.SCENE, 0.0, 0.0),),
        text=between.join(name for name, _ in seen),
        language=namer.language,
        confidence=max((share for _, share in probabilities), default=None),
        distribution=probabilities,
    )
