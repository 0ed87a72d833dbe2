"""Signed files."""

from __future__ import annotations

from pydantic import Field

from cloud.web.models.base import Json, Model


class Signed(Model):
    """A signed file in canonical JSON (RFC 8785)."""

    body: Json = Field(description="what is signed; docs/pack-format.md has its members")
    key: str = Field(description="fingerprint of the signer's key")
    sig: str = Field(pattern=r"^[0-9a-f]{128}$", description="Ed25519 over the body, in hex")
