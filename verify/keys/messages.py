"""Keys: what can be wrong with a key that a reader names, and the messages to the reader about the keys of a pack."""

from __future__ import annotations

from verify.formats.message import Message


class EmptyKeyFile(Message, text="the file is empty; a fingerprint or a public key in PEM should be in it"):
    """What was given to --trust."""


class NoPemKey(Message, text="holds no public key in PEM"):
    """What was given to --trust."""


class NoEd25519KeyFile(Message, text="holds no Ed25519 key"):
    """What was given to --trust."""


class NothingGiven(Message, text="nothing was given; a fingerprint of 64 hex digits or a key file is wanted"):
    """What was given to --trust."""


class ShortFingerprint(Message, text="{digits} hex digits; a fingerprint has 64"):
    """What was given to --trust."""

    digits: int


class NoSuchKeyFile(Message, text="no fingerprint, and no such file"):
    """What was given to --trust."""


class KeyFileUnreadable(Message, text="no fingerprint, and no file that can be read: {why}"):
    """What was given to --trust."""

    why: str


class SignedWithKey(Message, text="The pack is signed with the key {signer}. Trusted keys: {trusted}."):
    """The keys."""

    signer: str
    trusted: str


class SignedWithKeyNoneTrusted(Message, text="The pack is signed with the key {signer}. Trusted keys: none."):
    """The keys."""

    signer: str


class SignerUnknown(
    Message,
    text="Which key the pack is signed with cannot be said: it is no pack, or its signature does not hold.",
):
    """The keys."""


class NothingChecked(
    Message,
    text="Nothing was checked. Get the fingerprint of the cloud's key in another way than the pack came (a "
    "letter, the plate of the edge box), and run again with --trust FINGERPRINT or with a file that holds "
    "it.",
):
    """The keys."""


class SignedWith(Message, text="signed with: {signer}"):
    """The keys."""

    signer: str


class TrustedOther(Message, text="you trust: {key}, the key of {who}, not of the signer"):
    """The keys."""

    key: str
    who: str


class TrustedOtherFrom(Message, text="you trust: {key} (from {given}), the key of {who}, not of the signer"):
    """The keys."""

    key: str
    given: str
    who: str


class TrustedUnknown(Message, text="you trust: {key}, a key that the pack does not name"):
    """The keys."""

    key: str


class TrustedUnknownFrom(Message, text="you trust: {key} (from {given}), a key that the pack does not name"):
    """The keys."""

    key: str
    given: str


class NoKeyTrusted(
    Message,
    text="No key was named with --trust. Compare the fingerprint above with the one that you got in another "
    "way than the pack (a letter, the plate of the edge box), then run again with --trust FINGERPRINT.",
):
    """The keys."""


class SignerNotTrusted(
    Message,
    text="The signer's key is not among the keys that you trust: do not accept the pack on this ground. Ask "
    "the mill for the fingerprint of its cloud's key in another way than the pack came. If it is the one "
    "behind `signed with`, you had the wrong key: run again with --trust and that fingerprint. If not, "
    "somebody else made this pack.",
):
    """The keys."""
