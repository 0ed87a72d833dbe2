"""Evidence packs: a summary and the sealed blocks behind it in one zip. docs/pack-format.md is the format."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from cloud.ledger.tree import Tree
from cloud.reports.chains import Piece, Survey, pieces
from cloud.reports.files import Whole
from contract.statement import canonical
from journal.records import pack as record

FORMAT = "steelyard-pack/1"
DEPTHS = ("summary", "full")
_DATE = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20

README = """\
Steelyard evidence pack
=======================

summary.json   the signed figures of one site and period
ledger.seg     the sealed blocks and statements that they follow from
proofs.json    where each of these blocks stands in the cloud's ledger
certificate-*  signed figures of each machine replacement that reports in the period, where there is one
manifest.json  the hashes of these files

Check it offline:   steelyard-verify THIS.zip --trust FINGERPRINT

FINGERPRINT is that of the cloud's key, got in another way than this file: from the operator's letter, or an earlier
visit. Without it the check says "consistent, keys not anchored". That a cited document has the factor that was used no
seal can show: --factors LIST compares each with a list that you keep. The layout is in docs/pack-format.md of
Steelyard, how each figure is computed in docs/methods.md: they are enough to write another verifier.

Steelyard 证据包
================

summary.json 为一个场所、一个期间的签名数据；ledger.seg 为其所依据的封存数据块与声明；
proofs.json 为各数据块在云端账本中的位置证明；certificate-* 为报告期在本期间内的机器换人项目证书（如有）；
manifest.json 为各文件的散列值。

离线校验：   steelyard-verify 本文件.zip --trust 指纹

指纹须由其他途径取得（例如运营方的公函或上一次现场检查），否则结论为“内容一致，密钥未锚定”。
所用因子是否与所引文件一致，签名无法证明：用 --factors 清单 可与您自己的因子清单逐一核对。
"""


def write(
    path: Path,
    folder: Path,
    of: Survey,
    summary: bytes,
    site: str,
    depth: str,
    certificates: Mapping[str, bytes] = MappingProxyType({}),
) -> dict[str, Any]:
    """Write the pack of a summary; the file is there whole or not at all. Returns what is in it.

    folder: the ledger. of: its survey at the size that the summary names. certificates: files by name, in
    the order of the format, of the same tree. Raises OSError.
    """
    with tempfile.TemporaryFile() as blocks, tempfile.TemporaryFile() as proofs:
        where = _write_blocks(blocks, pieces(folder, of, site, depth == "full"))
        _write_proofs(proofs, where, of.tree)
        files = {"summary.json": hashlib.sha256(summary).hexdigest(), "ledger.seg": _hash(blocks)}
        files |= {"proofs.json": _hash(proofs), "README.txt": hashlib.sha256(README.encode()).hexdigest()}
        files |= {name: hashlib.sha256(data).hexdigest() for name, data in certificates.items()}
        with Whole(path) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            _add(archive, "manifest.json", canonical({"format": FORMAT, "depth": depth, "files": files}))
            _add(archive, "summary.json", summary)
            _copy(archive, "ledger.seg", blocks)
            _copy(archive, "proofs.json", proofs)
            for name, data in certificates.items():
                _add(archive, name, data)
            _add(archive, "README.txt", README.encode())
    return {"blocks": len(where), "bytes": path.stat().st_size, "certificates": list(certificates)}


def _write_blocks(out: IO[bytes], found: Iterable[Piece]) -> list[tuple[bytes, int]]:
    """Write blocks as a segment; returns the hash and number of each."""
    where = []
    for piece in found:
        out.write(record(piece.received_at, piece.data))
        where.append((piece.hash, piece.index))
    return where


def _write_proofs(out: IO[bytes], where: list[tuple[bytes, int]], tree: Tree) -> None:
    """Write proofs.json entry by entry, as canonical JSON orders them: held at once they fill the memory."""
    out.write(b'{"leaves":{')
    for number, (digest, index) in enumerate(sorted(where)):
        path = [node.hex() for node in tree.inclusion(index)]
        entry = canonical({digest.hex(): {"index": index, "path": path}})[1:-1]
        out.write(b"," + entry if number else entry)
    out.write(b"}}")


def _entry(name: str, size: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _DATE)
    info.create_system = 3  # Unix, wherever it is written
    info.external_attr = 0o100644 << 16
    info.file_size = size
    return info


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(_entry(name, len(data)), data)


def _copy(archive: zipfile.ZipFile, name: str, source: IO[bytes]) -> None:
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    with archive.open(_entry(name, size), "w") as target:
        shutil.copyfileobj(source, target, _CHUNK)


def _hash(source: IO[bytes]) -> str:
    found = hashlib.sha256()
    for chunk in _chunks(source):
        found.update(chunk)
    return found.hexdigest()


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    source.seek(0)
    while chunk := source.read(_CHUNK):
        yield chunk
