"""What a file is doing, in words of the window's language."""

from __future__ import annotations

from mmdesk.events import MediaKind, Progress, Stage
from mmdesk.gui.files.item import Item
from mmdesk.gui.language import number_text, tr, tr_plural, tr_sentence
from mmdesk.gui.names import shown_name, shown_path
from mmdesk.jobs.state import JobState

_SEPARATOR = " · "


def stage_name(stage: Stage) -> str:
    """What is being done; a stage that is newer than the window keeps its own name."""
    known = {
        Stage.OPENING: tr("Opening"),
        Stage.LOADING_MODELS: tr("Loading models"),
        Stage.READING_WORDS: tr("Reading words"),
        Stage.WATCHING: tr("Watching"),
        Stage.SAVING: tr("Saving"),
    }
    return known.get(stage, str(stage))


def kind_of_file(kind: MediaKind | None) -> str:
    """What a file is."""
    match kind:
        case MediaKind.PICTURE:
            return tr("Picture")
        case MediaKind.VIDEO:
            return tr("Video")
        case MediaKind.SOUND:
            return tr("Sound")
        case MediaKind.SUBTITLES:
            return tr("Subtitles")
        case MediaKind.FOLDER:
            return tr("Folder")
        case None:
            return tr("File")


def time_left(seconds: float) -> str:
    """A rough time left, as people say it."""
    if seconds < 60:
        return tr_plural("{count} second left", "{count} seconds left", max(1, round(seconds)))
    if seconds < 5400:
        return tr_plural("{count} minute left", "{count} minutes left", max(1, round(seconds / 60)))
    return tr_plural("{count} hour left", "{count} hours left", round(seconds / 3600))


def speed_words(speed: float) -> str:
    """How many times faster than it plays."""
    return tr("{speed}× real time", speed=number_text(speed, 1 if speed < 10 else 0))


def progress_words(progress: Progress | None) -> str:
    """Stage, speed and time left, as far as they are known."""
    if progress is None:
        return tr("Starting")
    parts = [stage_name(progress.stage)]
    if progress.speed is not None:
        parts.append(speed_words(progress.speed))
    if progress.remaining is not None:
        parts.append(time_left(progress.remaining))
    return _SEPARATOR.join(parts)


def found_words(count: int) -> str:
    """How much was found."""
    return tr_plural("{count} finding", "{count} findings", count)


def state_words(item: Item) -> str:
    """One line about a file: what is happening to it, or how it ended."""
    match item.state:
        case JobState.WAITING:
            return tr("Waiting")
        case JobState.RUNNING:
            return progress_words(item.progress)
        case JobState.PAUSED:
            return tr("Paused") + _SEPARATOR + found_words(len(item.findings))
        case JobState.CANCELLED:
            return tr("Stopped") + _SEPARATOR + found_words(len(item.findings))
        case JobState.FAILED:
            return tr_sentence(item.failure.message) if item.failure else tr("Failed")
        case JobState.DONE:
            return _done_words(item)


def _done_words(item: Item) -> str:
    parts = [tr("Done"), found_words(len(item.findings))]
    if item.warnings:
        parts.append(tr_plural("{count} warning", "{count} warnings", len(item.warnings)))
    return _SEPARATOR.join(parts)


def spoken_item(item: Item) -> str:
    """A file as a screen reader says it."""
    parts = [kind_of_file(item.kind), shown_name(item.path), state_words(item)]
    fraction = item.progress.fraction if item.progress else None
    if item.state is JobState.RUNNING and fraction is not None:
        parts.append(f"{round(100 * fraction)}%")
    return ", ".join(parts)


def described_item(item: Item) -> str:
    """Everything there is to say about a file, for its tooltip."""
    rows = [shown_path(item.path), state_words(item)]
    if item.failure is not None:
        rows.append(tr_sentence(item.failure.hint))
    rows.extend(tr_sentence(warning.message) for warning in item.warnings)
    return "\n".join(dict.fromkeys(rows))


def no_lines_words(item: Item | None) -> str:
    """Why there are no lines to read (yet)."""
    if item is None:
        return ""
    if item.failed and item.failure is not None:
        return f"{tr_sentence(item.failure.message)}\n\n{tr_sentence(item.failure.hint)}"
    match item.state:
        case JobState.WAITING:
            return tr("This file waits for its turn.")
        case JobState.RUNNING:
            return tr("Captions, words and their sentiment appear here as they are found.")
        case JobState.PAUSED:
            return tr("Paused before anything was found.")
        case JobState.CANCELLED:
            return tr("Stopped before anything was found.")
        case _:
            return tr("Nothing was found in this file.")
