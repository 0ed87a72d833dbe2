"""Who an edge writes as."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import codec1
from contract.block import Codec


@dataclass(frozen=True)
class Node:
    """Node id, site, seal key, and the codec of new blocks."""

    id: str
    site: str
    key: Ed25519PrivateKey
    codec: Codec = codec1
