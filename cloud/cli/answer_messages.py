"""What commands say that they did or found."""

from __future__ import annotations

from contract.message import Message


class StarterWritten(Message, text="wrote a starter {path}; edit it to your sites"):
    """A cloud.yaml that was absent."""

    path: str


class EmptyStarterWritten(Message, text="wrote a starter {path}; the page makes the first site"):
    """A cloud.yaml without a site."""

    path: str


class KeyKept(Message, text="{path} is there already and is kept"):
    """The key of the cloud."""

    path: str


class KeyIs(Message, text="key {key}"):
    """The fingerprint of a key."""

    key: str


class CopyKey(Message, text="copy {path} to each edge as trust/cloud.pub"):
    """What is to be done with the public key."""

    path: str


class SealedBy(Message, text="{site}: {kinds} sealed by {by}"):
    """Kinds of statements."""

    site: str
    kinds: tuple[str, ...]
    by: str


class NothingSealed(Message, text="{site}: nothing new sealed by {by}"):
    """A declaration that counts already."""

    site: str
    by: str


class RowRefused(Message, text="{file}:{line}: {why}"):
    """A line of an import."""

    file: str
    line: int
    why: Message


class RowsCounted(
    Message,
    text="{count} rows: {accepted} accepted ({new} new), {refused} refused",
    one="{count} row: {accepted} accepted ({new} new), {refused} refused",
):
    """An import."""

    count: int
    accepted: int
    new: int
    refused: int


class Rebuilt(
    Message,
    text="{declarations} declarations, {count} imported rows",
    one="{declarations} declarations, {count} imported row",
):
    """A registry that was made anew."""

    declarations: int
    count: int


class DeskToken(Message, text="{name} {holder} (desk)"):
    """A token that writes."""

    name: str
    holder: str


class ReadToken(Message, text="{name} {holder}"):
    """A token that reads."""

    name: str
    holder: str


class RevokedToken(Message, text="{token} (revoked)"):
    """A token that opens nothing."""

    token: Message


class NoToken(Message, text="no token of {site}"):
    """A site without tokens."""

    site: str


class TokenRevoked(Message, text="{name} is revoked"):
    """A token that opens nothing from now on."""

    name: str


class DaysSealed(Message, text="{new} days sealed, {revised} revised, {same} stand as they were"):
    """Days of hour facts."""

    new: int
    revised: int
    same: int


class Exported(Message, text="{path}: {count} rows of {tags} tags", one="{path}: {count} row of {tags} tags"):
    """A table that was written."""

    path: str
    count: int
    tags: int


class BadBlock(Message, text="bad: {where}: {why}"):
    """Something that is wrong in the ledger."""

    where: str
    why: Message


class BlocksCounted(Message, text="{blocks} blocks, {values} values, {statements} statements"):
    """A ledger."""

    blocks: int
    values: int
    statements: int


class FileWritten(Message, text="wrote {path}"):
    """A file of a summary, certificate or pack."""

    path: str


class FiguresCounted(
    Message, text="{count} figures, {refused} refused", one="{count} figure, {refused} refused"
):
    """The figures of a summary."""

    count: int
    refused: int


class TreeIs(Message, text="tree of {count} blocks, root {root}", one="tree of {count} block, root {root}"):
    """What a summary is of."""

    count: int
    root: str


class SummaryIs(Message, text="summary {hash}"):
    """The hash of a summary."""

    hash: str


class CertificateIs(Message, text="certificate {hash}"):
    """The hash of a certificate."""

    hash: str
