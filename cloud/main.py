"""steelyard-cloud: take the blocks of edges and desks in, keep them, and show what they say.

Exit codes: 0 done, 1 a difference or refusal found, 2 wrong input, 3 cannot be done here.
"""

from __future__ import annotations

import logging
import sys

import structlog
import typer

from cloud.cli import desk, figures, reading, replacement, reports, savings, serving
from languages.command import Commands, Lang

app = typer.Typer(
    cls=Commands, add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False
)
serving.add(app)
reading.add(app)
desk.add(app)
figures.add(app)
savings.add(app)
replacement.add(app)
reports.add(app)


@app.callback()
def _language(lang: Lang = None) -> None:
    pass


def main() -> None:
    """Entry point: errors are one line on stderr, never a traceback."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    app()
