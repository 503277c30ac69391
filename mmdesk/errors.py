"""Every failure that mmdesk expects, each with a sentence and a hint for the person.

    MmdeskError
    ├── Cancelled               the person stopped the work
    ├── SettingsError           a setting that cannot be read or is out of bounds
    ├── MediaError              a file that cannot be understood; `path` says which
    │   ├── UnreadableFile      missing, vanished, no permission, a device, a pipe, a dangling link
    │   ├── EmptyFile           zero bytes
    │   ├── UnsupportedMedia    a kind or codec that mmdesk does not read
    │   ├── DamagedMedia        truncated or corrupt
    │   └── TooLarge            beyond the memory limit (decompression bombs)
    ├── PackError               a model pack; `pack` says which
    │   ├── PackNotFound        no pack for a role or language
    │   ├── PackInvalid         the manifest cannot be read or breaks the contract
    │   └── PackDamaged         a file is changed, missing or extra
    ├── InferenceError          ONNX Runtime
    │   ├── DeviceUnavailable   the chosen device does not compute here
    │   └── ModelFailed         a graph could not be loaded or run
    ├── QuestionNotUnderstood   a question about a picture that is empty or of no known kind
    ├── NotInstalled            a format needs a library that is not here
    ├── NoResult                a file that was never analysed, or is no result of ours
    └── StoreError              results on disk
        ├── NoSpace             the disk is full
        └── NotWritable         the folder or database cannot be written or read

Foreign exceptions are turned into these in one place per library (PyAV, OpenCV and Pillow in
`media`, ONNX Runtime in `runtime`, the file system of results in `library` and `export`).
"""

from __future__ import annotations

from pathlib import Path

from mmdesk.sentences import Sentence


class MmdeskError(Exception):
    """An expected failure.

    Attributes:
        message: What happened, as one sentence for a person.
        hint: What the person can do about it, as one sentence.
    """

    def __init__(self, message: Sentence, hint: Sentence) -> None:
        super().__init__(str(message))
        self.message = message
        self.hint = hint


class Cancelled(MmdeskError):
    """The person stopped the work; what was found so far stays."""


class SettingsError(MmdeskError):
    """A setting that cannot be read or is out of bounds."""


class MediaError(MmdeskError):
    """A file that cannot be understood.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path, message: Sentence, hint: Sentence) -> None:
        super().__init__(message, hint)
        self.path = path


class UnreadableFile(MediaError):
    """Missing, vanished, no permission, or not a regular file."""


class EmptyFile(MediaError):
    """Zero bytes."""


class UnsupportedMedia(MediaError):
    """A kind or codec that mmdesk does not read."""


class DamagedMedia(MediaError):
    """Truncated or corrupt."""


class TooLarge(MediaError):
    """Would need more memory than is allowed."""


class PackError(MmdeskError):
    """Something about a model pack.

    Attributes:
        pack: Name of the pack or of the role that was looked for.
    """

    def __init__(self, pack: str, message: Sentence, hint: Sentence) -> None:
        super().__init__(message, hint)
        self.pack = pack


class PackNotFound(PackError):
    """No pack fills the role or speaks the language."""


class PackInvalid(PackError):
    """The manifest cannot be read or breaks the contract."""


class PackDamaged(PackError):
    """A file of the pack is changed, missing or extra.

    Attributes:
        roles: What the pack would do if it were whole.
        languages: The languages that it would do it in.
    """

    def __init__(
        self,
        pack: str,
        message: Sentence,
        hint: Sentence,
        roles: tuple[str, ...] = (),
        languages: tuple[str, ...] = (),
    ) -> None:
        super().__init__(pack, message, hint)
        self.roles = roles
        self.languages = languages


class InferenceError(MmdeskError):
    """ONNX Runtime could not do its work."""


class DeviceUnavailable(InferenceError):
    """The chosen device does not compute on this machine."""


class ModelFailed(InferenceError):
    """A graph could not be loaded or run."""


class QuestionNotUnderstood(MmdeskError):
    """A question about a picture that is empty or of no known kind."""


class NotInstalled(MmdeskError):
    """A format needs a library that is not installed."""


class NoResult(MmdeskError):
    """A file that was never analysed, or that holds no result of ours."""


class StoreError(MmdeskError):
    """Results could not be kept or read."""


class NoSpace(StoreError):
    """The disk is full."""


class NotWritable(StoreError):
    """The folder or database cannot be written or read."""
