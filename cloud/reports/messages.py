"""Why no summary, certificate or pack can be made."""

from __future__ import annotations

from contract.message import Message


class LedgerIsShorter(
    Message, text="the ledger has {count} blocks, not {size}", one="the ledger has {count} block, not {size}"
):
    """A number of blocks that the ledger has not reached."""

    count: int
    size: int


class UnknownDepth(Message, text="--depth must be summary or full, not {depth!r}"):
    """A word that is no depth of a pack."""

    depth: str


class ProjectChanged(Message, text="the project {project} was withdrawn or moved to another period just now"):
    """A project that somebody changed while its certificate was made."""

    project: str


class NoChineseFont(
    Message, text="no font with Chinese characters here; install one, on Debian fonts-wqy-zenhei"
):
    """No font that could print Chinese."""


class LedgerChanged(Message, text="the ledger gave {count} blocks to the tree and {size} to the figures"):
    """Figures and proofs of different sizes of the ledger."""

    count: int
    size: int


class NoKeyOfNode(
    Message, text="trust/{node}.pub is gone; without this key nobody can check what {node} said"
):
    """A node whose blocks nobody could check."""

    node: str


class PdfNeedsPackages(
    Message,
    text="PDF needs Debian packages that are absent here: apt-get install {packages}, or leave the PDF "
    "out (.json instead of .pdf; pack --no-pdf)",
):
    """Shared libraries that a PDF is made with are absent."""

    packages: str


class WeasyPrintFails(Message, text="PDF needs WeasyPrint, which does not start here: {why}"):
    """The library that makes a PDF does not load."""

    why: Message
