"""The errors of the contract, drawn as a tree; catch as wide or as narrow as needed.

SteelyardError
├── BadInput          somebody wrote it wrong: one clear line, exit 2
├── CannotBeDone      the world is not ready (busy port, full disk): exit 3
└── Malformed         bytes that are not what they claim to be
    ├── BadSignature  the bytes do not verify under the key
    └── SealMismatch  the encoder's output does not decode to what went in
"""

from __future__ import annotations

from contract.message import Message, Text


class SteelyardError(Exception):
    """Root of all errors that are raised on purpose. Its argument is a message, or a text that no catalogue has."""

    @property
    def message(self) -> Message:
        """What is wrong, as data."""
        reason = self.args[0] if self.args else type(self).__name__
        return reason if isinstance(reason, Message) else Text(str(reason))


class BadInput(SteelyardError):
    """A file, flag or value that a person wrote is wrong."""


class CannotBeDone(SteelyardError):
    """Nothing is wrong with the request, but it can't be carried out here and now."""


class Malformed(SteelyardError):
    """Bytes from outside are not a valid block, envelope or statement."""


class BadSignature(Malformed):
    """A signature does not verify under the key it names."""


class SealMismatch(Malformed):
    """What the encoder wrote does not decode to the rows it was given; nothing was sealed."""
