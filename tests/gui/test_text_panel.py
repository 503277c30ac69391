"""The text panel fills while the analysis runs, follows playback, finds and copies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QFont, QGuiApplication, QWheelEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mmdesk.events import FindingKind
from mmdesk.gui.text.laid_out import laid_out
from mmdesk.gui.text.lines import Lines
from mmdesk.gui.text.model import Role, TextModel
from mmdesk.gui.text.panel import TextPanel
from tests.gui.fake_jobs import caption, sentiment, transcript

LEFT = Qt.MouseButton.LeftButton
SAID = "I was so happy to see the sea."


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[TextPanel]:
    panel = TextPanel()
    qtbot.addWidget(panel)
    QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal, panel)
    panel.resize(480, 600)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.close()


def fill(panel: TextPanel, count: int = 60) -> Lines:
    lines = Lines()
    panel.show_lines(lines, timed=True, longest=float(count))
    findings = [caption(float(2 * i), f"A picture of wave {i}.") for i in range(count // 2)]
    panel.take(*lines.add(findings))
    panel.take(*lines.add([transcript(3, 5, SAID), sentiment(3, 5, SAID, 0.9)]))
    return lines


def texts(panel: TextPanel) -> list[str]:
    return [panel.model.line(row).text for row in range(panel.model.rowCount())]


def test_lines_arrive_in_any_order_and_stand_in_the_order_of_time(panel: TextPanel) -> None:
    lines = fill(panel)
    panel.take(*lines.add([caption(1.0, "Late but early."), caption(500.0, "The end.")]))
    times = [panel.model.line(row).t0 for row in range(panel.model.rowCount())]
    assert times == sorted(times)
    assert len(times) == 33
    assert texts(panel)[1] == "Late but early."


def test_a_sentiment_that_comes_later_repaints_its_line(qtbot: QtBot, panel: TextPanel) -> None:
    lines = fill(panel)
    panel.take(*lines.add([transcript(7, 8, "And then?")]))
    row = texts(panel).index("And then?")
    with qtbot.waitSignal(panel.model.dataChanged) as changed:
        panel.take(*lines.add([sentiment(7, 8, "And then?", -0.6)]))
    assert changed.args is not None
    assert changed.args[0].row() == row


def test_a_click_and_enter_jump(qtbot: QtBot, panel: TextPanel) -> None:
    fill(panel)
    view = panel.view
    row = texts(panel).index(SAID)
    place = view.visualRect(view.model().index(row, 0)).center()
    with qtbot.waitSignal(panel.jumped) as jumped:
        QTest.mouseClick(view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, place)
    assert jumped.args == [3.0]
    QTest.keyClick(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.jumped) as jumped:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert jumped.args == [4.0]


def test_the_current_line_follows_playback_until_the_person_scrolls(panel: TextPanel) -> None:
    fill(panel)
    panel.set_time(40.5)
    row = panel.model.current_row()
    assert row is not None
    assert panel.model.line(row).t0 == 40.0
    seen = panel.view.viewport().rect()
    assert seen.contains(panel.view.visualRect(panel.model.index(row)).center())
    wheel(panel, 2000)
    assert not panel.follow.isChecked()
    before = panel.view.verticalScrollBar().value()
    panel.set_time(58.0)
    assert panel.view.verticalScrollBar().value() == before
    panel.follow.click()
    assert panel.view.verticalScrollBar().value() > before


def wheel(panel: TextPanel, by: int) -> None:
    event = QWheelEvent(
        QPointF(50, 50),
        QPointF(50, 50),
        QPoint(0, 0),
        QPoint(0, by),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(panel.view.viewport(), event)


def test_following_does_not_count_as_scrolling(panel: TextPanel) -> None:
    fill(panel)
    for t in range(0, 60, 3):
        panel.set_time(float(t))
    assert panel.follow.isChecked()


def test_find_marks_counts_and_steps_around(qtbot: QtBot, panel: TextPanel) -> None:
    fill(panel)
    panel.open_find()
    assert panel.find_bar.field.hasFocus()
    QTest.keyClicks(panel.find_bar.field, "WAVE 1")
    assert panel.find_bar.count.text() == "1 of 11"
    assert panel.view.delegate.query == "WAVE 1"
    first = panel.view.currentIndex().data()
    QTest.keyClick(panel.find_bar.field, Qt.Key.Key_Return)
    assert panel.find_bar.count.text() == "2 of 11"
    QTest.keyClick(panel.find_bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(panel.find_bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert panel.find_bar.count.text() == "11 of 11"
    assert panel.view.currentIndex().data() == "A picture of wave 19."
    assert first == "A picture of wave 1."
    QTest.keyClick(panel.find_bar.field, Qt.Key.Key_Escape)
    assert not panel.find_bar.isVisible()
    assert panel.view.delegate.query == ""


def test_find_says_when_there_is_nothing_and_counts_what_arrives(qtbot: QtBot, panel: TextPanel) -> None:
    lines = fill(panel)
    panel.open_find()
    panel.find_bar.field.setText("zebra")
    assert panel.find_bar.count.text() == "Not found"
    assert not panel.find_bar.next.isEnabled()
    panel.take(*lines.add([caption(9.5, "A zebra.")]))
    qtbot.waitUntil(lambda: panel.find_bar.count.text() == "1 of 1")


def test_copy_gives_times_and_sentiment_or_words_alone(panel: TextPanel) -> None:
    fill(panel)
    row = texts(panel).index(SAID)
    panel.view.setFocus()
    panel.view.selectRow(row)
    QTest.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == f"00:00:03.000\t{SAID}\tPositive +0.90"
    panel.copy_words()
    assert QGuiApplication.clipboard().text() == SAID
    panel.copy_button.click()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 31


def test_a_chip_hides_a_kind(panel: TextPanel) -> None:
    fill(panel)
    assert panel.chips.chip(FindingKind.CAPTION).text() == "Captions  30"
    panel.chips.chip(FindingKind.CAPTION).click()
    assert texts(panel) == [SAID]
    panel.set_time(3.5)
    assert panel.model.current_row() == 0
    panel.chips.chip(FindingKind.CAPTION).click()
    assert panel.model.rowCount() == 31


def test_lines_of_a_hidden_kind_arrive_hidden(panel: TextPanel) -> None:
    lines = fill(panel)
    panel.chips.chip(FindingKind.CAPTION).click()
    panel.take(*lines.add([caption(10.5, "Unseen."), transcript(11, 12, "Heard.")]))
    assert texts(panel) == [SAID, "Heard."]
    assert panel.chips.chip(FindingKind.CAPTION).text() == "Captions  31"


def test_another_file_shows_its_own_lines(panel: TextPanel) -> None:
    fill(panel)
    panel.set_time(10.0)
    panel.show_lines(Lines(), timed=False, longest=0.0)
    assert panel.placeholder.isVisible()
    assert panel.model.rowCount() == 0
    assert not panel.follow.isVisible()
    fill(panel)
    assert panel.view.isVisible()


def test_a_screen_reader_hears_time_kind_words_and_sentiment(panel: TextPanel) -> None:
    fill(panel)
    row = texts(panel).index(SAID)
    said = panel.model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == f"0:03, Transcript, {SAID}, Positive +0.90"


LONG = "I went to the harbour in the morning, and " * 8 + "then I came home."


def test_long_words_can_be_read_to_the_end(qtbot: QtBot, panel: TextPanel) -> None:
    lines = Lines()
    panel.show_lines(lines, timed=True, longest=10.0)
    panel.take(*lines.add([transcript(0, 1, LONG), sentiment(0, 1, LONG, 0.5), caption(2, "Short.")]))
    usual = panel.view.delegate.usual_height(panel.view.fontMetrics())
    qtbot.waitUntil(lambda: panel.view.rowHeight(0) > 3 * usual)
    assert panel.view.rowHeight(1) == usual
    tall = panel.view.rowHeight(0)
    panel.resize(900, 600)
    qtbot.waitUntil(lambda: usual < panel.view.rowHeight(0) < tall)


def test_words_are_shortened_on_their_last_line_only(qtbot: QtBot) -> None:
    font = QFont()
    whole = laid_out("😀 " + LONG, font, 200, 100)
    assert whole.text() == "😀 " + LONG
    short = laid_out("😀 " + LONG, font, 200, 3)
    assert short.lineCount() == 3
    assert short.text().endswith("…")
    assert ("😀 " + LONG).startswith(short.text()[:-1].rstrip())
    assert laid_out("", font, 200, 3).lineCount() <= 1


class CountingModel(TextModel):
    """Counts how many lines are asked for."""

    asked = 0

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        self.asked += role == Role.LINE
        return super().data(index, role)


def test_painting_and_adding_cost_what_is_seen_not_what_there_is(qtbot: QtBot) -> None:
    panel = TextPanel()
    qtbot.addWidget(panel)
    model = CountingModel(panel)
    panel.view.setModel(model)
    panel.resize(480, 600)
    panel.show()
    qtbot.waitExposed(panel)
    lines = Lines()
    model.show(lines)
    model.take(*lines.add([caption(float(i), f"Wave {i}") for i in range(100_000)]))
    panel.view.grab()
    model.asked = 0
    panel.view.verticalScrollBar().setValue(panel.view.verticalScrollBar().maximum() // 2)
    panel.view.grab()
    assert 0 < model.asked < 100
    model.asked = 0
    model.take(*lines.add([caption(200_000.0, "The end.")]))
    panel.view.grab()
    assert model.asked < 100


@pytest.mark.parametrize("worn", ["light", "dark"])
def test_valence_is_painted_in_its_colour(qapp: QApplication, panel: TextPanel, worn: str) -> None:
    from PySide6.QtGui import QColor

    from mmdesk.gui.style.theme import colours, theme

    owner = theme()
    assert owner is not None
    owner.choose(worn)
    lines = Lines()
    panel.show_lines(lines, timed=True, longest=10.0)
    panel.take(*lines.add([transcript(0, 1, "x"), sentiment(0, 1, "x", -1.0)]))
    qapp.processEvents()
    image = panel.view.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(60)}
    assert QColor(colours().negative).name() in seen
    assert QColor(colours().positive).name() not in seen
