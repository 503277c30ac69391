"""Nothing posted is lost, doubled or reordered, and an idle reader is woken once."""

from __future__ import annotations

import threading

from mmdesk.jobs.mailbox import Mailbox


def test_one_wake_for_many_posts() -> None:
    wakes: list[None] = []
    mailbox: Mailbox[int] = Mailbox(lambda: wakes.append(None))
    for number in range(100):
        mailbox.post(number)
    assert (len(wakes), mailbox.drain(), mailbox.drain()) == (1, list(range(100)), [])
    mailbox.post(1)
    assert len(wakes) == 2


def test_posts_of_many_threads_all_arrive_in_their_order() -> None:
    wake = threading.Event()
    mailbox: Mailbox[tuple[int, int]] = Mailbox(wake.set)

    def post(thread: int) -> None:
        for number in range(5_000):
            mailbox.post((thread, number))

    threads = [threading.Thread(target=post, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    got: list[tuple[int, int]] = []
    while len(got) < 20_000:
        assert wake.wait(10)
        wake.clear()
        got += mailbox.drain()
    for thread in threads:
        thread.join()
    for thread_number in range(4):
        assert [number for owner, number in got if owner == thread_number] == list(range(5_000))
