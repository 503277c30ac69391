"""The status bar: what is going on, and which models really run where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from mmdesk.gui.language import follow_language, tr, tr_sentence
from mmdesk.gui.style.tokens import Space
from mmdesk.sentences import Sentence

if TYPE_CHECKING:
    from mmdesk.events import Source

_DEVICES = {
    "CPUExecutionProvider": "CPU",
    "CUDAExecutionProvider": "NVIDIA CUDA",
    "TensorrtExecutionProvider": "NVIDIA TensorRT",
    "CoreMLExecutionProvider": "Core ML",
    "DmlExecutionProvider": "DirectML",
}


# More models than this are counted, not named: the tooltip and screen readers have their names.
_NAMED = 2


def device_name(provider: str) -> str:
    """The device behind an execution provider of ONNX Runtime."""
    return _DEVICES.get(provider, provider)


class StatusBar(QStatusBar):
    """Says what really ran, as the findings themselves tell. Qt thread only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.said = QLabel()
        self.models = QLabel()
        self._sources: tuple[Source, ...] = ()
        self._notice: Sentence | None = None
        self.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM, 0)
        self.addWidget(self.said, 1)
        self.addPermanentWidget(self.models)
        follow_language(self._retranslate)

    def say(self, notice: Sentence | None) -> None:
        """Shows a sentence until the next one."""
        self._notice = notice
        self._retranslate()

    def show_sources(self, sources: Sequence[Source]) -> None:
        """Shows what produced the findings of the opened file."""
        from mmdesk.events import Origin

        self._sources = tuple(source for source in sources if source.origin is Origin.MODEL)
        self._retranslate()

    def _retranslate(self) -> None:
        notice = tr_sentence(self._notice) if self._notice else tr("Nothing leaves this computer.")
        self.said.setText(notice)
        self.said.setAccessibleName(notice)
        models = "     ".join(_model(source) for source in self._sources) or tr("No model has run yet")
        self.models.setText(models if len(self._sources) <= _NAMED else self._counted())
        self.models.setAccessibleName(tr("Models that ran: {models}", models=models))
        self.models.setToolTip("\n".join(_exactly(source) for source in self._sources))

    def _counted(self) -> str:
        """How many models ran, where there is no room for all their names."""
        devices = dict.fromkeys(device_name(source.provider) for source in self._sources)
        count = len(self._sources)
        return tr("{count} models · {device}", count=count, device=" + ".join(devices))


def _model(source: Source) -> str:
    return " · ".join((f"{source.pack} {source.version}", source.precision, device_name(source.provider)))


def _exactly(source: Source) -> str:
    return (
        f"{source.pack} {source.version}\n{source.provider} · {source.precision}\nSHA-256 {source.file_hash}"
    )
