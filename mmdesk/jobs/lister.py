"""The thread that finds out what folders hold, so that neither the window nor the worker waits for a disk."""

from __future__ import annotations

import logging
from pathlib import Path

from mmdesk.analysis.folder import EVERYTHING, selected
from mmdesk.errors import StoreError
from mmdesk.events import Failed
from mmdesk.jobs.board import Board, Listing
from mmdesk.jobs.faults import fault
from mmdesk.jobs.ledger import Ledger
from mmdesk.jobs.state import JobState

LOG = logging.getLogger(__name__)


class Lister:
    """Takes listings from the board until it closes."""

    def __init__(self, board: Board, ledger: Ledger) -> None:
        """Adds the jobs to this board."""
        self._board = board
        self._ledger = ledger

    def run(self, listing: Listing | None) -> None:
        """Works through listings, beginning with this one."""
        while listing is not None:
            try:
                self._list(listing)
            except Exception:
                LOG.exception("Listing failed unexpectedly")
                self._fail(listing, fault(listing.paths[0]))
            listing = self._board.take_listing()

    def _list(self, listing: Listing) -> None:
        if listing.unfinished:
            self._go_on(listing)
            return
        if listing.job is not None and not listing.paths[0].is_dir():
            self._board.make_ready(listing.job)
            return
        for entry in selected(listing.paths, listing.selection or EVERYTHING):
            if self._board.closing or (listing.job is not None and listing.job.state.ended):
                return
            if listing.job is not None and isinstance(entry, Failed) and entry.path == listing.paths[0]:
                self._fail(listing, entry)
                return
            self._add(listing, entry)
        self._board.listed(listing.number)

    def _go_on(self, listing: Listing) -> None:
        """Takes jobs over; a folder that was not listed to its end is listed again."""
        try:
            mine = self._ledger.take_over(listing.unfinished)
        except StoreError as failure:
            self._fail(listing, Failed(listing.unfinished[0].path, failure.message, failure.hint))
            return
        jobs = [self._board.add_unfinished(listing.number, kept) for kept in mine]
        self._board.listed(listing.number)
        for job in jobs:
            self._list(Listing(job, job.number, (job.request.path,), job.request))

    def _add(self, listing: Listing, entry: Path | Failed) -> None:
        if isinstance(entry, Failed):
            self._board.add_failed(listing.number, entry, listing.request)
        else:
            self._board.add_entry(listing.number, entry, listing.request)

    def _fail(self, listing: Listing, failed: Failed) -> None:
        if listing.job is None:
            self._board.add_failed(listing.number, failed, listing.request)
            self._board.listed(listing.number)
        else:
            self._board.post(listing.job, failed)
            self._board.end(listing.job, JobState.FAILED)
