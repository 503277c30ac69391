"""What can be done with a file, depending on where its job stands."""

from __future__ import annotations

from enum import StrEnum

from mmdesk.gui.files.item import Item
from mmdesk.gui.language import tr
from mmdesk.jobs.state import JobState


class FileAction(StrEnum):
    """Something a person does to a file; the value is the name of its icon."""

    PAUSE = "pause"
    RESUME = "play"
    RETRY = "retry"
    STOP = "stop"
    REMOVE = "close"


def actions_for(item: Item) -> tuple[FileAction, ...]:
    """What is possible now, the likeliest first."""
    match item.state:
        case JobState.WAITING | JobState.RUNNING:
            return FileAction.PAUSE, FileAction.STOP
        case JobState.PAUSED:
            return FileAction.RESUME, FileAction.STOP
        case JobState.FAILED | JobState.CANCELLED | JobState.DONE:
            return FileAction.RETRY, FileAction.REMOVE


def action_name(action: FileAction) -> str:
    """What it does, in words."""
    return {
        FileAction.PAUSE: tr("Pause"),
        FileAction.RESUME: tr("Go on"),
        FileAction.RETRY: tr("Analyse again"),
        FileAction.STOP: tr("Stop and keep what was found"),
        FileAction.REMOVE: tr("Remove from the list"),
    }[action]
