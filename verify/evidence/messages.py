"""Evidence: what can be wrong with the files, blocks, chains and keys of a pack."""

from __future__ import annotations

from verify.formats.message import Message


class OtherKeys(Message, text="keys are not those of the nodes in heads"):
    """A block of ledger.seg."""


class NoEd25519Key(Message, text="no Ed25519 key"):
    """A block of ledger.seg."""


class BlockTwice(Message, text="a block that stands twice"):
    """A block of ledger.seg."""


class UnknownChain(Message, text="a block of a chain that the summary does not name"):
    """A block of ledger.seg."""


class NodeWithoutKey(Message, text="a block of a node whose key the summary does not name"):
    """A block of ledger.seg."""


class BodyChanged(Message, text="the body is not the one that was sealed: its hash differs"):
    """A block of ledger.seg."""


class FalseNodeSignature(Message, text="the signature is not that of the node's key"):
    """A block of ledger.seg."""


class NotOfThisDepth(Message, text="a block that a pack of depth {depth} does not hold"):
    """A block of ledger.seg."""

    depth: str


class StatementOfOtherSite(Message, text="a whole statement of another site"):
    """A block of ledger.seg."""


class BodyLeftOut(Message, text="the body was left out, which this depth does not allow"):
    """A block of ledger.seg."""


class BlocksHold(Message, text="{count} blocks: form, body, signature"):
    """A block of ledger.seg."""

    count: int


class OutOfOrder(Message, text="stands out of the order of the ledger"):
    """The tree over the ledger."""


class ProofWithoutBlock(Message, text="a proof of a block that the pack does not have"):
    """The tree over the ledger."""


class BlockWithoutProof(Message, text="no proof that the tree holds the block"):
    """The tree over the ledger."""


class FalsePath(Message, text="its path does not lead to the root of the tree head"):
    """The tree over the ledger."""


class ReceivedLater(Message, text="was received after the time of which the summary speaks"):
    """The tree over the ledger."""


class PathsHold(Message, text="{count} paths to the root of {leaves} leaves"):
    """The tree over the ledger."""

    count: int
    leaves: int


class ChainAbsent(Message, text="none of its {blocks} blocks is in the pack"):
    """The links of a chain."""

    blocks: int


class NotTheNextNumber(Message, text="the number is not the next one of its chain"):
    """The links of a chain."""


class UnexplainedHole(Message, text="a hole before it: not all of {first} to {last} are accounted for"):
    """The links of a chain."""

    first: int
    last: int


class NotLinked(Message, text="does not link to the block before it"):
    """The links of a chain."""


class OtherEnd(
    Message, text="ends with block {last} of {blocks} in the pack, with block {head} of {due} in the summary"
):
    """The links of a chain."""

    last: int
    blocks: int
    head: int
    due: int


class StatementsAbsent(Message, text="none of its statements is in the pack"):
    """The links of a chain."""


class NumberNotAbove(Message, text="the number is not above the one before"):
    """The links of a chain."""


class BehindTheHead(Message, text="goes on behind the head that the summary names"):
    """The links of a chain."""


class OtherRowNumber(Message, text="its rows begin at {first}, the next one is {due}"):
    """The links of a chain."""

    first: int
    due: int


class NotFromZero(Message, text="the chain does not begin with block 0"):
    """The links of a chain."""


class NoOpenStatement(Message, text="the chain does not begin with an open statement"):
    """The links of a chain."""


class OpenOfOtherNode(Message, text="its open statement names another node"):
    """The links of a chain."""


class OpenOfOtherSite(Message, text="its open statement names another site"):
    """The links of a chain."""


class SchemaNotBefore(Message, text="its rows follow a schema that does not stand before them"):
    """The links of a chain."""


class LinkToNothingNamed(Message, text="links to a block although it names no incarnation before"):
    """The links of a chain."""


class OtherPreviousLinked(
    Message, text="does not link to the block that it names as the last of the incarnation before"
):
    """The links of a chain."""


class OtherPreviousNamed(Message, text="names another hash or last row of {block} than that block has"):
    """The links of a chain."""

    block: str


class HoleWithoutRange(Message, text="a hole whose first and last block are no range"):
    """The links of a chain."""


class BlocksGone(Message, text="{place}: {blocks} blocks are gone: {cause} (said by {said_by})"):
    """The links of a chain."""

    place: str
    blocks: int
    cause: str
    said_by: str


class ChainsHold(Message, text="{count} of {chains} chains are in the pack"):
    """The links of a chain."""

    count: int
    chains: int


class FalseSignerSignature(Message, text="the signature is not that of the summary's signer"):
    """Signed files."""


class OtherFingerprint(Message, text="is not the fingerprint of the signer's key"):
    """Signed files."""


class NotASignature(Message, text="not 128 hex digits"):
    """Signed files."""


class NoSummary(Message, text="neither type summary nor format steelyard-summary/1"):
    """Signed files."""


class ChainTwice(Message, text="a chain that stands twice"):
    """Signed files."""


class ViewOfOtherFile(Message, text="is not about the PDF beside it"):
    """Signed files."""


class OtherSignedHash(Message, text="its SHA-256 is not the one that was signed in {file}"):
    """Signed files."""

    file: str


class NoPackFormat(Message, text="manifest.json does not say format steelyard-pack/1"):
    """The files of a pack."""


class OtherFileHash(Message, text="its SHA-256 is not the one in the manifest"):
    """The files of a pack."""


class NoPackDepth(Message, text="manifest.json names no depth that a pack has"):
    """The files of a pack."""


class FileAbsent(Message, text="no {name} in it"):
    """The files of a pack."""

    name: str


class OtherEntries(Message, text="are {entries}; a pack has {due}"):
    """The files of a pack."""

    entries: str
    due: str


class PackHolds(Message, text="{count} entries, hashes of the manifest, depth {depth}"):
    """The files of a pack."""

    count: int
    depth: str
