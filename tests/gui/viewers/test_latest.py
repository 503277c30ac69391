"""The newest request wins, and nothing is left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from mmdesk.errors import Cancelled, MediaError, MmdeskError
from mmdesk.gui.viewers.latest import LatestWins
from mmdesk.sentences import sentence


class Desk:
    """A worker that waits for a gate, and what it told."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.worked: list[int] = []
        self.done: list[int] = []
        self.failed: list[MmdeskError] = []
        self.threads: set[int] = set()
        self.owner = QObject()
        self.slot = LatestWins(self._work, self.done.append, self.failed.append, self.owner, "test")

    def _work(self, request: int) -> int:
        self.gate.wait(5)
        self.worked.append(request)
        self.threads.add(threading.get_ident())
        if request < -1:
            raise MediaError(Path("x"), sentence("Bad."), sentence("Hint."))
        if request == -1:
            raise Cancelled(sentence("Stopped."), sentence("Hint."))
        return request

    def wait_for(self, qtbot: QtBot, answer: int) -> None:
        qtbot.waitUntil(lambda: self.done[-1:] == [answer])


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk()
    yield made
    made.gate.set()
    made.slot.close()


def test_of_many_requests_only_the_newest_is_worked_on_next(qtbot: QtBot, desk: Desk) -> None:
    for request in range(1, 50):
        desk.slot.ask(request)
    desk.gate.set()
    qtbot.waitUntil(lambda: desk.done[-1:] == [49])
    assert desk.worked == [1, 49]
    assert threading.get_ident() not in desk.threads


def test_each_request_gets_its_answer_when_there_is_time(qtbot: QtBot, desk: Desk) -> None:
    desk.gate.set()
    for request in range(300):  # some end inside `ask`: that must not lock
        desk.slot.ask(request)
        desk.wait_for(qtbot, request)


def test_what_is_forgotten_is_not_told(qtbot: QtBot, desk: Desk) -> None:
    desk.slot.ask(1)
    desk.slot.ask(2)
    desk.slot.forget()
    desk.gate.set()
    desk.slot.ask(3)
    qtbot.waitUntil(lambda: desk.done == [3])


def test_an_expected_failure_is_told_and_work_goes_on(qtbot: QtBot, desk: Desk) -> None:
    desk.gate.set()
    desk.slot.ask(-2)
    qtbot.waitUntil(lambda: len(desk.failed) == 1)
    desk.slot.ask(7)
    qtbot.waitUntil(lambda: desk.done == [7])


def test_a_cancelled_request_is_no_failure(qtbot: QtBot, desk: Desk) -> None:
    desk.gate.set()
    desk.slot.ask(-1)
    qtbot.waitUntil(lambda: desk.worked == [-1])
    desk.slot.ask(7)
    qtbot.waitUntil(lambda: desk.done == [7])
    assert desk.failed == []


def test_an_unexpected_error_reaches_the_qt_thread(qtbot: QtBot) -> None:
    owner = QObject()
    slot: LatestWins[int, float] = LatestWins(lambda n: 1 / n, lambda _: None, lambda _: None, owner, "test")
    with qtbot.captureExceptions() as caught:
        slot.ask(0)
        qtbot.waitUntil(lambda: len(caught) == 1)
    assert caught[0][0] is ZeroDivisionError
    slot.close()


def test_closing_waits_for_the_work_in_hand_and_tells_nothing(qtbot: QtBot) -> None:
    desk = Desk()
    desk.slot.ask(1)
    desk.slot.ask(2)
    threading.Timer(0.05, desk.gate.set).start()
    desk.slot.close()
    desk.slot.ask(3)
    qtbot.wait(50)
    assert (desk.worked, desk.done) == ([1], [])
