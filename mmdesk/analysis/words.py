"""Transcript and sentiment of a file's words."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

from mmdesk.analysis.context import Context, Meter
from mmdesk.analysis.script import Script, base_language
from mmdesk.errors import InferenceError, PackError, PackNotFound
from mmdesk.events import (
    Event,
    Evidence,
    Finding,
    FindingKind,
    Found,
    Modality,
    Origin,
    Passed,
    Source,
    Stage,
)
from mmdesk.media.digest import content_hash
from mmdesk.media.subtitles import TextSegment
from mmdesk.sentences import sentence
from mmdesk.tasks.text_sentiment import TextAffect, TextSentiment

# Lines that are scored together: few enough that the first appear at once.
BLOCK = 32
LANE = "words"


def heard(context: Context, script: Script) -> Iterator[Event | Passed]:
    """What is said in a film or sound: its subtitles, or a warning that nobody listens to the sound."""
    yield from words(context, script)
    if not script.segments and context.info.audio is not None:
        yield from context.warn(
            sentence(
                "There are no subtitles and no speech recogniser is installed: what is said is not analysed."
            ),
            sentence(
                "Put subtitles with the name of the file beside it, as in film.srt, and analyse it again."
            ),
        )


def words(context: Context, script: Script) -> Iterator[Event | Passed]:
    """A transcript finding for each line, and a sentiment finding where a model knows its language.

    Yields:
        Warnings about the subtitles, then findings in the order of the lines.

    Raises:
        Cancelled: The person stopped the work.
        MediaError: The file vanished.
    """
    for message, hint in script.remarks:
        yield from context.warn(message, hint)
    if not script.segments:
        return
    context.done = True
    file_hash = script.file_hash or _own_hash(context)
    meter = Meter(context.path, Stage.READING_WORDS, script.segments[-1].t1)
    done = context.past.steps(LANE)
    for first in range(0, len(script.segments), BLOCK):
        if first // BLOCK in done:
            continue
        context.control.checkpoint()
        yield from meter.at(script.segments[first].t0)
        block = _block(context, script.segments[first : first + BLOCK], file_hash)
        yield from context.step(block, Passed(context.path, LANE, first // BLOCK, 0, 0, whole=True))


def _own_hash(context: Context) -> str:
    return context.request.media_hash or content_hash(context.path, context.control)


def _block(context: Context, segments: Sequence[TextSegment], file_hash: str) -> Iterator[Event]:
    affects: dict[int, tuple[TextAffect, Source]] = {}
    for language in dict.fromkeys(segment.language for segment in segments):
        places = [place for place, segment in enumerate(segments) if segment.language == language]
        model = yield from _model(context, language)
        if model is not None:
            texts = [segments[place].text for place in places]
            found = yield from _scored(context, model, texts, base_language(language or ""))
            affects |= {p: (affect, model.source) for p, affect in zip(places, found, strict=True) if affect}
    for place, segment in enumerate(segments):
        yield Found(context.path, _transcript(segment, file_hash))
        if place in affects:
            yield Found(context.path, _sentiment(segment, *affects[place]))


def _model(context: Context, language: str | None) -> Generator[Event, None, TextSentiment | None]:
    """The model for a language; None, with a warning, where there is none."""
    if language is None:
        yield from context.warn(
            sentence("The language of some words could not be told, so they have no sentiment."),
            sentence("Put the language into the name of the subtitle file, as in film.en.srt."),
        )
        return None
    try:
        return context.engine.text_sentiment(base_language(language))
    except PackNotFound as failure:
        yield from context.warn(
            sentence(
                "No model here knows the language {language}: its words have no sentiment.", language=language
            ),
            failure.hint,
        )
    except (PackError, InferenceError) as failure:
        yield from context.lacks(failure)
    return None


def _scored(
    context: Context, model: TextSentiment, texts: Sequence[str], language: str
) -> Generator[Event, None, Sequence[TextAffect | None]]:
    try:
        return model.score(texts, language, context.control)
    except (PackError, InferenceError) as failure:
        yield from context.lacks(failure)
    return [None] * len(texts)


def _transcript(segment: TextSegment, file_hash: str) -> Finding:
    return Finding(
        kind=FindingKind.TRANSCRIPT,
        modality=Modality.WORDS,
        t0=segment.t0,
        t1=segment.t1,
        source=Source(Origin.SUBTITLES, segment.origin, file_hash=file_hash),
        evidence=(Evidence(Modality.WORDS, segment.t0, segment.t1, text=segment.text),),
        text=segment.text,
        language=segment.language,
    )


def _sentiment(segment: TextSegment, affect: TextAffect, source: Source) -> Finding:
    evidence = Evidence(
        Modality.WORDS,
        segment.t0,
        segment.t1,
        text=segment.text,
        weights=affect.weights,
        pieces=affect.pieces,
    )
    return Finding(
        kind=FindingKind.SENTIMENT,
        modality=Modality.WORDS,
        t0=segment.t0,
        t1=segment.t1,
        source=source,
        evidence=(evidence,),
        text=segment.text,
        value=affect.valence,
        language=segment.language,
        confidence=affect.confidence,
        distribution=affect.distribution,
    )
