"""The advice to a person about the key of a pack and the keys that he trusts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from verify.formats.message import Message
from verify.keys.messages import (
    NoKeyTrusted,
    NothingChecked,
    SignedWith,
    SignedWithKey,
    SignedWithKeyNoneTrusted,
    SignerNotTrusted,
    SignerUnknown,
    TrustedOther,
    TrustedOtherFrom,
    TrustedUnknown,
    TrustedUnknownFrom,
)


def unusable(signer: str | None, trusted: Mapping[str, str]) -> list[Message]:
    """Lines for a reader who named a key that is none.

    signer: fingerprint of the pack's key, None where unknown; trusted: the usable keys, each as it was given.
    """
    if signer is None:
        return [SignerUnknown(), NothingChecked()]
    if not trusted:
        return [SignedWithKeyNoneTrusted(signer), NothingChecked()]
    return [SignedWithKey(signer, ", ".join(trusted)), NothingChecked()]


def unanchored(signer: str, owners: Mapping[str, str], trusted: Mapping[str, str]) -> Iterator[Message]:
    """Lines for a report whose signer is not trusted: the key it is signed with, those trusted, what to do.

    owners: whose each key of the pack is, by fingerprint.
    """
    yield SignedWith(signer)
    for key, given in trusted.items():
        yield _other(key, given, owners.get(key))
    yield SignerNotTrusted() if trusted else NoKeyTrusted()


def _other(key: str, given: str, owner: str | None) -> Message:
    """A key that is trusted and is not the signer's."""
    if owner is None:
        return TrustedUnknown(key) if given == key else TrustedUnknownFrom(key, given)
    return TrustedOther(key, owner) if given == key else TrustedOtherFrom(key, given, owner)
