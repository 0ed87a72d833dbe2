"""steelyard-verify: check an evidence pack, offline."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
from pathlib import Path

from verify.check import NOT_A_PACK, NOT_CHECKED, PackKey, Report, signer, verify
from verify.figures import accepted
from verify.figures.accepted import BadList
from verify.formats.chinese import LANGUAGES, of_locale, worded
from verify.formats.findings import Findings
from verify.formats.message import Message
from verify.keys.advice import unusable
from verify.keys.trust import NoKey, trusted
from verify.messages import FactorsUnusable, LargerThanAPack, TrustUnusable, Unreadable
from verify.words import printed

MOST_BYTES = 4 << 30


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    made = argparse.ArgumentParser(
        prog="steelyard-verify",
        description="Check an evidence pack offline: signatures, links, tree, and every figure computed again.",
        epilog="exit status: 0 all holds and the signer's key is trusted; 1 a difference, or consistent but the key is "
        "not anchored; 2 not a pack, or a key or list that cannot be read",
    )
    made.add_argument("file", metavar="FILE", help="the pack, a zip")
    made.add_argument(
        "--trust", metavar="KEYFILE|FINGERPRINT", action="append", default=[],
        help="a key got in another way than with the pack: its PEM file, or the SHA-256 of the raw key; may repeat",
    )  # fmt: skip
    made.add_argument(
        "--factors", metavar="FILE",
        help="the factors that you accept, CSV or JSON (docs/pack-format.md): each one of the pack must be among them",
    )  # fmt: skip
    made.add_argument("--json", action="store_true", help="print exactly one JSON object")
    made.add_argument(
        "--lang", choices=LANGUAGES, help="language of what a person reads; by default that of the locale"
    )
    return made


def _read(name: str) -> bytes | Report:
    try:
        with Path(name).open("rb") as source:
            data = source.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        return Report(NOT_A_PACK, Findings(), why=Unreadable(str(error)))
    if len(data) > MOST_BYTES:
        return Report(NOT_A_PACK, Findings(), why=LargerThanAPack())
    return data


def _trusted(items: list[str]) -> tuple[dict[str, str], NoKey | None]:
    """Keys that can be read, by their fingerprints, as they were named; and what is wrong with the first that can't."""
    made: dict[str, str] = {}
    bad: NoKey | None = None
    for item in items:
        try:
            mark = trusted(item)
            made[mark] = mark if mark == re.sub(r"[\s:]", "", item).lower() else item
        except NoKey as error:
            bad = bad or error
    return made, bad


def _refuse(
    lines: list[Message],
    lang: str,
    json_too: bool,
    key: str | None = None,
    trust: dict[str, str] | None = None,
) -> int:
    """Say on standard error, and in JSON where that is asked for, why nothing was checked; the exit status.

    key: fingerprint of the key that the pack is signed with, None where it is not known.
    """
    first, *rest = (worded(line, lang) for line in lines)
    print(f"steelyard-verify: {first}", *rest, sep="\n", file=sys.stderr)
    signed = [] if key is None else [PackKey("signer", key, key in (trust or {}))]
    report = Report(NOT_CHECKED, Findings(), keys=signed, why=lines[0], trusted=trust or {})
    if json_too:
        print(json.dumps(report.json(), ensure_ascii=True))
    return report.exit


def run(arguments: list[str]) -> int:
    """Check, print, and return the exit status."""
    given = parser().parse_args(arguments)
    lang = given.lang or of_locale(os.environ)
    data = _read(given.file)
    trust, bad = _trusted(given.trust)
    if bad is not None:
        key = None if isinstance(data, Report) else signer(data)
        return _refuse([TrustUnusable(bad.why), *unusable(key, trust)], lang, given.json, key, trust)
    try:
        list_ = None if given.factors is None else accepted.read(given.factors)
    except BadList as error:
        return _refuse([FactorsUnusable(error.why)], lang, given.json)
    report = data if isinstance(data, Report) else verify(data, trust, list_)
    if given.json:
        print(json.dumps(report.json(), ensure_ascii=True))
    else:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        print(printed(report, lang))
    return report.exit


def main() -> None:
    """The command."""
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)


if __name__ == "__main__":
    main()
