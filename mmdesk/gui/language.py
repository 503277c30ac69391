"""The language of the window, switched while it runs.

One `Language` belongs to the application (it is its child), and `tr` finds it there, so no module
holds it. A widget states its texts in one method and hands that to `follow_language`, which calls
it at once and again after each switch, as long as the widget lives:

    class OpenButton(QToolButton):
        def __init__(self) -> None:
            super().__init__()
            follow_language(self._retranslate)

        def _retranslate(self) -> None:
            self.setText(tr("Open…"))

Without a `Language` (a lone widget in a test) everything is English. Qt thread only.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

from mmdesk.config.catalogue import SOURCE_LANGUAGE, Catalogue, spoken
from mmdesk.sentences import Sentence, Value

SYSTEM = "system"
_QT_CATALOGUES = {"zh": "zh_CN"}


class Language(QObject):
    """The chosen language: our catalogue and Qt's own texts (standard buttons, file dialog).

    Signals:
        changed: Texts must be set again.
    """

    changed = Signal()

    def __init__(self, app: QCoreApplication, choice: str = SYSTEM) -> None:
        """Belongs to `app` from now on.

        Args:
            app: The application.
            choice: "system" or a name from `catalogue.languages()`.
        """
        super().__init__(app)
        self._app = app
        self._qt_texts: QTranslator | None = None
        self.choice = choice
        self.catalogue = Catalogue.load(SOURCE_LANGUAGE)
        self._use(self._resolved())

    @property
    def name(self) -> str:
        """The language that is spoken now ("en", "zh")."""
        return self.catalogue.language

    def choose(self, choice: str) -> None:
        """Switches to "system" or a named language; every follower sets its texts again."""
        self.choice = choice
        wanted = self._resolved()
        if wanted != self.name:
            self._use(wanted)
            self.changed.emit()

    def _resolved(self) -> str:
        return spoken(QLocale.system().uiLanguages() if self.choice == SYSTEM else [self.choice])

    def _use(self, name: str) -> None:
        self.catalogue = Catalogue.load(name)
        if self._qt_texts is not None:
            self._app.removeTranslator(self._qt_texts)
            self._qt_texts = None
        if name in _QT_CATALOGUES:
            self._qt_texts = self._load_qt_texts(_QT_CATALOGUES[name])

    def _load_qt_texts(self, qt_name: str) -> QTranslator | None:
        translator = QTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if not translator.load(f"qtbase_{qt_name}", folder):
            return None
        self._app.installTranslator(translator)
        return translator


def number_text(value: float, digits: int) -> str:
    """A number with so many digits behind the point, which all our languages write as a point."""
    return f"{value:.{digits}f}"


def language() -> Language | None:
    """The language of the running application; None where none was made."""
    app = QCoreApplication.instance()
    if app is None:
        return None
    return app.findChild(Language)


def spoken_language() -> str:
    """The language of the window now ("en", "zh")."""
    owner = language()
    return owner.name if owner is not None else SOURCE_LANGUAGE


def follow_language(retranslate: Callable[[], None]) -> None:
    """Calls back now and after each switch.

    Args:
        retranslate: A bound method of a QObject; Qt forgets it when that object is deleted.
    """
    owner = language()
    if owner is not None:
        owner.changed.connect(retranslate)
    retranslate()


def _catalogue() -> Catalogue:
    owner = language()
    return owner.catalogue if owner is not None else Catalogue.load(SOURCE_LANGUAGE)


def tr(english: str, /, **values: Value) -> str:
    """A text in the language of the window.

    Args:
        english: A literal (so that it is found for translation), with `{name}` fields.
        values: What to fill in.
    """
    template = _catalogue().text(english)
    return template.format(**values) if values else template


def tr_plural(one: str, many: str, count: int, /, **values: Value) -> str:
    """A text that depends on a count, which fills `{count}`.

    Args:
        one: English literal for one, for example "{count} file".
        many: English literal for any other count, for example "{count} files".
        count: How many.
        values: Other fields.
    """
    return _catalogue().plural(one, many, count).format(count=count, **values)


def tr_sentence(said: Sentence) -> str:
    """A sentence of the core (error, hint, warning, label) in the language of the window."""
    return _catalogue().sentence(said)
