"""Reasons: what can be wrong with the reason that a file gives, and how far reasons were compared."""

from __future__ import annotations

from verify.formats.message import Message


class OtherReason(Message, text="its reason is {code}, should be {due}"):
    """Another code; due: those that it may be."""

    code: str
    due: tuple[str, ...]


class OtherParameter(Message, text="{parameter} of its reason is {published}, should be {due}"):
    """The code is right, a parameter is not; null where one side does not have it."""

    parameter: str
    published: str
    due: str


class OtherWords(Message, text="its English text is not that of its code and parameters: {published}"):
    """A text that says another thing than code and parameters."""

    published: str


class RefusedTwice(Message, text="is refused twice"):
    """Two refusals of one figure."""


class ShouldWarn(Message, text="should warn: {warning}"):
    """A warning that is due and is not there."""

    warning: Message


class WarnedForNothing(Message, text="a warning that is not due: {warning}"):
    """A warning too many."""

    warning: str


class WarningsHold(Message, text="{count} warnings: code, parameters and text"):
    """How much was checked."""

    count: int


class OldReasons(
    Message,
    text="not compared: the reasons of {count} refusals and warnings, texts of a writer of before there were codes",
    one="not compared: the reason of 1 refusal or warning, a text of a writer of before there were codes",
):
    """A limit of the check."""

    count: int


class ReasonsNotWorkedOut(
    Message,
    text="not compared: the reasons of {count} refusals and warnings, which the verifier does not work out: {what}",
    one="not compared: the reason of 1 refusal or warning, which the verifier does not work out: {what}",
):
    """A limit of the check; what: their kinds."""

    count: int
    what: tuple[str, ...]


class ReasonsOpen(
    Message,
    text="compared in part: {count} reasons name what is in no pack, such as the cloud's tables of factors",
    one="compared in part: 1 reason names what is in no pack, such as the cloud's tables of factors",
):
    """A limit of the check."""

    count: int
