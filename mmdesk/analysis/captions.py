"""Captions of pictures and films."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from mmdesk.analysis.choosing import Batch, Chooser, Ready, prepare
from mmdesk.analysis.context import Context, Meter
from mmdesk.analysis.decoding import Decoder, Piece
from mmdesk.analysis.pipe import Pipe, Stages
from mmdesk.analysis.script import Script, read_script
from mmdesk.analysis.sight import Sight, encoders_of
from mmdesk.analysis.tags import load_namers, tag_picture
from mmdesk.analysis.words import heard
from mmdesk.errors import InferenceError, PackError
from mmdesk.events import (
    Event,
    Evidence,
    Finding,
    FindingKind,
    Found,
    Modality,
    Passed,
    Progress,
    Source,
    Stage,
)
from mmdesk.media.picture import read_picture
from mmdesk.sentences import Sentence, sentence
from mmdesk.tasks.caption import Caption, Captioner

# Items that may wait between two stages; more would only delay what the person looks at next.
_WAITING = 1
# How often a waiting analysis says that it is alive (and can be parked), seconds.
_HEARTBEAT = 0.25
# Seconds of film without pictures that are worth a word.
_EARLY = 1.0
_ALL_THE_SAME = sentence("The rest of the file was analysed all the same.")


@dataclass(frozen=True, slots=True)
class Speaker:
    """A captioner and a language that it is to write."""

    captioner: Captioner
    language: str


def caption_picture(context: Context) -> Iterator[Event]:
    """One caption and the tags in each language asked for.

    Raises:
        MediaError: The picture cannot be read.
        Cancelled: The person stopped the work.
    """
    speakers = yield from _speakers(context)
    namers = yield from load_namers(context)
    if not speakers and not namers:
        return
    rgb = read_picture(context.path)
    yield Progress(context.path, Stage.WATCHING)
    tasks = [*(speaker.captioner for speaker in speakers), *(namer.task for namer in namers)]
    sight = Sight.of([rgb], encoders_of(tasks))
    for speaker in speakers:
        context.control.checkpoint()
        try:
            seen = sight.by(speaker.captioner, context.control)
            (caption,) = speaker.captioner.caption(seen, speaker.language, context.control)
        except InferenceError as failure:
            yield from context.lacks(failure)
            continue
        context.done = True
        yield Found(context.path, _finding(caption, speaker.captioner.source, 0.0, 0.0, (0.0, 0.0)))
    for namer in namers:
        yield from tag_picture(context, sight, namer)


def watch(context: Context) -> Iterator[Event | Passed]:
    """Words and captions of a film, its stages overlapping.

    Decoding, preprocessing and reading the subtitles have a thread each; the models run on the
    thread that takes the events, which owns the engine.

    Raises:
        MediaError: The film cannot be read any further.
        Cancelled: The person stopped the work.
    """
    ready: Pipe[Ready | Script] = Pipe(_WAITING, producers=2)
    with Stages(context.control) as stages:
        languages = context.request.languages
        stages.run(lambda: ready.put(read_script(context.info, languages, stages.control)), ready)
        speakers = yield from _speakers(context)
        pieces: Pipe[Piece] = Pipe(_WAITING)
        batches: Pipe[Batch] = Pipe(_WAITING)
        decoder = Decoder(context.info, context.control, stages.control, pieces, context.past)
        if speakers:
            encoders = encoders_of(speaker.captioner for speaker in speakers)
            stages.run(decoder.run, pieces)
            stages.run(Chooser(pieces, batches, context.path, context.past).run, batches)
            stages.run(lambda: prepare(encoders, batches, ready), ready)
        else:
            ready.end(None)
        yield from _arriving(context, ready, decoder, speakers)


def _arriving(
    context: Context, ready: Pipe[Ready | Script], decoder: Decoder, speakers: list[Speaker]
) -> Iterator[Event | Passed]:
    """Findings of whatever the stages bring, until they have ended."""
    meter = Meter(context.path, Stage.WATCHING, context.info.duration)
    while not ready.ended:
        context.control.checkpoint()
        item = ready.take(_HEARTBEAT)
        if isinstance(item, Script):
            yield from heard(context, item)
        elif item is not None:
            yield from context.step(_described(context, item, speakers), item.passed)
            for problem in decoder.problems:
                yield from context.warn(problem, _ALL_THE_SAME)
        yield from meter.at(decoder.seconds)
    for problem in decoder.problems or _early_end(decoder.missing if speakers else 0.0):
        yield from context.warn(problem, _ALL_THE_SAME)


def _early_end(missing: float) -> tuple[Sentence, ...]:
    if missing < _EARLY:
        return ()
    return (sentence("The pictures end {seconds} s before the end of the film.", seconds=round(missing, 1)),)


def _described(context: Context, ready: Ready, speakers: list[Speaker]) -> Iterator[Event]:
    """Captions of one batch; a language whose model fails is given up for this file."""
    if not ready.spans:
        return
    for speaker in tuple(speakers):
        captioner, language = speaker.captioner, speaker.language
        try:
            seen = ready.sight.by(captioner, context.control)
            captions = captioner.caption(seen, language, context.control)
        except InferenceError as failure:
            yield from context.lacks(failure)
            speakers.remove(speaker)
            continue
        context.done = True
        for caption, (t0, t1, shown) in zip(captions, ready.spans, strict=True):
            yield Found(context.path, _finding(caption, captioner.source, t0, t1, shown))


def _speakers(context: Context) -> Generator[Event, None, list[Speaker]]:
    """Loads what writes captions; a language that nobody writes is a warning."""
    speakers: list[Speaker] = []
    yield Progress(context.path, Stage.LOADING_MODELS)
    for language in context.request.languages:
        context.control.checkpoint()
        try:
            speakers.append(Speaker(context.engine.captioner(language), language))
        except (PackError, InferenceError) as failure:
            yield from context.lacks(failure)
    return speakers


def _finding(caption: Caption, source: Source, t0: float, t1: float, shown: tuple[float, float]) -> Finding:
    return Finding(
        kind=FindingKind.CAPTION,
        modality=Modality.SCENE,
        t0=t0,
        t1=t1,
        source=source,
        evidence=(Evidence(Modality.SCENE, *shown),),
        text=caption.text,
        language=caption.language,
        confidence=caption.confidence,
    )
