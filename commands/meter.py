"""The line on the terminal that shows how far indexing is; it is written over again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ..index.intake import Report

EVERY = 0.1
"""Seconds between two lines."""


class Meter:
    """Shows files, documents, rate and time left.

    Args:
        files, nbytes: how many there are.
        clock: tells the seconds.
    """

    def __init__(
        self, files: int, nbytes: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._files = files
        self._nbytes = nbytes
        self._clock = clock
        self._began = clock()
        self._shown = self._began - EVERY

    def show(self, report: Report, position: int) -> None:
        """Write the line, if the last is old enough."""
        now = self._clock()
        if now - self._shown >= EVERY:
            self._shown = now
            line = self.line(report, position, now - self._began)
            click.echo(f"\r\x1b[K{line}", nl=False, err=True)

    def line(self, report: Report, position: int, seconds: float) -> str:
        """The line after some seconds."""
        done = report.nbytes + position
        told = f"{report.files:,}/{self._files:,} files, {report.documents:,} documents"
        if seconds < 1 or not done:
            return told
        left = seconds * max(self._nbytes - done, 0) / done
        return f"{told}, {done / 1e6 / seconds:.1f} MB/s, {_clock_time(left)} left"

    def clear(self) -> None:
        """Take the line away."""
        click.echo("\r\x1b[K", nl=False, err=True)


def _clock_time(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
