"""What a demo may do to a folder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from demo.errors import BadInput, CannotRun
from demo.folder import Folder, fingerprint, write_json


def test_new_folder_is_marked_and_laid_out(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "a" / "b")
    with folder.claim(reset=False):
        assert folder.known() == {}
        parts = ("logs", "plant", "edge/trust", "cloud/trust", "broker")
        assert all((folder.root / part).is_dir() for part in parts)


@pytest.mark.parametrize("reset", [False, True])
def test_folder_of_somebody_else_is_left_alone(tmp_path: Path, reset: bool) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(BadInput, match=r"no manifest\.json"):
        Folder(tmp_path).claim(reset)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_second_run_keeps_and_reset_begins_anew(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.claim(reset=False).close()
    write_json(folder.manifest, {"ports": {"broker": 31000}})
    (tmp_path / "edge" / "node.key").write_text("secret")
    folder.claim(reset=False).close()
    assert folder.known() == {"ports": {"broker": 31000}} and (tmp_path / "edge" / "node.key").exists()
    folder.claim(reset=True).close()
    assert folder.known() == {} and not (tmp_path / "edge" / "node.key").exists()


def test_folder_in_use_is_refused_even_for_a_reset(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    with folder.claim(reset=False):
        write_json(folder.manifest, {"kept": True})
        for reset in (False, True):
            with pytest.raises(CannotRun, match="running"):
                folder.claim(reset)
        assert folder.known() == {"kept": True}


def test_broken_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(BadInput, match=r"manifest\.json"):
        Folder(tmp_path).known()


def test_keys_go_into_the_other_ones_trust_folder(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    with folder.claim(reset=False):
        for path in folder.keys().values():
            path.write_text(path.name)
        folder.exchange_keys("mill-edge")
        assert (tmp_path / "cloud/trust/mill-edge.pub").read_text() == "node.pub"
        assert (tmp_path / "edge/trust/cloud.pub").read_text() == "cloud.pub"


def test_fingerprint_is_that_of_the_raw_key(tmp_path: Path) -> None:
    public = Ed25519PrivateKey.generate().public_key()
    path = tmp_path / "node.pub"
    path.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert fingerprint(path) == hashlib.sha256(raw).hexdigest()


def test_json_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "pids.json"
    write_json(path, {"edge": 1})
    with path.open() as reader:
        write_json(path, {"edge": 2, "名": 3})
        assert json.load(reader) == {"edge": 1}
    assert json.loads(path.read_text()) == {"edge": 2, "名": 3} and len(list(tmp_path.iterdir())) == 1
