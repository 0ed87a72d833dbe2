"""The command: exit statuses, one JSON object, two languages, keys to trust; nothing of ours and no network."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.verify import certified, sealing
from tests.verify.sealing import fingerprint, key_of
from tests.verify.test_mutations import whole
from verify.keys.trust import NoKey, trusted
from verify.main import run

CLOUD = fingerprint(key_of("cloud"))
ROOMS = "contract cython_ext journal drivers accounts edge cloud plant demo firmware_configs settings tests"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "pack.zip"
    path.write_bytes(sealing.bundled(whole(), "summary"))
    return path


def pem(path: Path, name: str) -> Path:
    key = key_of(name).public_key()
    path.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return path


def test_a_trusted_pack_is_verified(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = pem(tmp_path / "cloud.pub", "cloud")
    for given in (CLOUD, CLOUD.upper(), ":".join(CLOUD[i : i + 2] for i in range(0, 64, 2)), str(key)):
        assert run([str(pack), "--trust", given, "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert (said["verdict"], said["anchored"]) == ("verified", True)
        assert {"name", "ok", "where"} <= set(said["checks"][0]) and all(
            check["ok"] for check in said["checks"]
        )
        assert {"id", "kind", "published", "recomputed", "ok"} <= set(said["figures"][0])
        assert said["fingerprints"][0] == CLOUD
        assert [key["who"] for key in said["keys"] if key["anchored"]] == ["signer"]
        assert {"value", "unit", "citation"} <= set(said["factors"][-1])


def test_without_a_trusted_key_it_is_consistent_only(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([str(pack)]) == 1
    text = capsys.readouterr().out
    assert text.rstrip().endswith("consistent, keys not anchored") and CLOUD in text and "--trust" in text
    assert run([str(pack), "--trust", "00" * 32, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["verdict"] == "consistent, keys not anchored"
    desk = fingerprint(key_of("desk-plain-mill"))
    assert run([str(pack), "--trust", desk]) == 1
    assert "signer's key is not among" in capsys.readouterr().out
    assert run([str(pack), "--trust", desk, "--trust", CLOUD]) == 0


def test_a_difference_is_named_in_both_languages(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = whole()
    changed = files["summary.json"].replace(b'"value":"', b'"value":"9', 1)
    pack.write_bytes(sealing.bundled({**files, "summary.json": changed}, "summary"))
    assert run([str(pack), "--trust", CLOUD]) == 1
    text = capsys.readouterr().out
    assert "[FAULT] summary" in text and "[DIFFERS]" in text and text.rstrip().endswith("different")
    assert run([str(pack), "--trust", CLOUD, "--lang", "zh"]) == 1
    text = capsys.readouterr().out
    assert "[错误] 汇总" in text and "[不一致]" in text and text.rstrip().endswith("有差异")


def test_what_is_no_pack_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.zip"
    for data in (b"", b"PK", b"hello" * 99, sealing.zipped({"a.txt": b"1"})):
        path.write_bytes(data)
        assert run([str(path), "--json"]) == 2
        said = json.loads(capsys.readouterr().out)
        assert said["verdict"] == "not a pack" and said["why"]
        assert run([str(path)]) == 2
        assert capsys.readouterr().out.startswith("not a pack: ")
    for missing in (tmp_path / "none.zip", tmp_path, Path("a\0b")):
        assert run([str(missing)]) == 2
        assert "not a pack: cannot be read" in capsys.readouterr().out


def test_keys_that_are_none_are_refused(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "ec.pub"
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    other.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "text").write_text("no key")
    for given in (str(other), str(tmp_path / "text"), str(tmp_path / "absent"), "abc", "", str(tmp_path)):
        with pytest.raises(NoKey):
            trusted(given)
        assert run([str(pack), "--trust", given]) == 2
        captured = capsys.readouterr()
        wrong, signed, mend = captured.err.splitlines()
        assert captured.out == "" and wrong.startswith("steelyard-verify: --trust ")
        assert f"signed with the key {CLOUD}" in signed and "Trusted keys: none" in signed
        assert "Nothing was checked" in mend and "--trust FINGERPRINT" in mend
    (tmp_path / "print").write_text(CLOUD + "\n")
    assert trusted(str(tmp_path / "print")) == CLOUD


def test_an_empty_key_file_says_so_beside_the_keys_that_are_trusted(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The empty file is refused even where another key would do: the reader meant it to hold one."""
    empty, other = tmp_path / "empty.pub", "11" * 32
    empty.write_bytes(b" \n")
    assert run([str(pack), "--trust", str(empty), "--trust", other]) == 2
    wrong, signed, _ = capsys.readouterr().err.splitlines()
    assert str(empty) in wrong and "the file is empty" in wrong
    assert CLOUD in signed and signed.endswith(f"Trusted keys: {other}.")
    assert run([str(pack), "--trust", str(empty), "--lang", "zh"]) == 2
    wrong, signed, mend = capsys.readouterr().err.splitlines()
    assert "文件为空" in wrong and CLOUD in signed and "未作任何核对" in mend
    assert run([str(pack), "--trust", str(empty), "--trust", other, "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert (said["verdict"], said["signed_by"], said["anchored"]) == ("not checked", CLOUD, False)
    assert said["trusted"] == [{"fingerprint": other, "given": other}] and "the file is empty" in said["why"]
    assert run([str(pack), "--factors", str(empty), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["verdict"] == "not checked"
    pack.write_bytes(b"no pack")
    assert run([str(pack), "--trust", str(tmp_path / "absent")]) == 2
    assert "cannot be said" in capsys.readouterr().err


def test_a_key_that_does_not_match_names_both_keys_and_what_to_do(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    thief, desk = pem(tmp_path / "thief.pub", "thief"), fingerprint(key_of("desk-plain-mill"))
    assert run([str(pack), "--trust", str(thief), "--trust", desk]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "consistent, keys not anchored"
    assert f"signed with: {CLOUD}" in lines
    mark = fingerprint(key_of("thief"))
    assert f"you trust: {mark} (from {thief}), a key that the pack does not name" in lines
    assert f"you trust: {desk}, the key of desk-plain-mill, not of the signer" in lines
    assert "do not accept the pack" in lines[-2] and "run again with --trust" in lines[-2]
    assert run([str(pack), "--trust", str(thief), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["signed_by"] == CLOUD
    assert said["trusted"] == [{"fingerprint": mark, "given": str(thief)}]
    assert run([str(pack), "--trust", str(thief), "--lang", "zh"]) == 1
    text = capsys.readouterr().out
    assert f"签名密钥：{CLOUD}" in text and f"您信任：{mark}" in text and "不要据此接受" in text


def test_intervals_stand_beside_the_values_in_text_and_json(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An end that does not exist is said in words, and null in JSON."""
    pack.write_bytes(certified.planted(price="-12").pack())
    assert run([str(pack), "--trust", CLOUD]) == 0
    text = capsys.readouterr().out
    assert "payback_years: published 174.258 [30.0640 … none], recomputed 174.258 [30.0640 … none] a" in text
    assert run([str(pack), "--trust", CLOUD, "--lang", "zh"]) == 0
    assert "公布值 174.258 [30.0640 … 不存在]" in capsys.readouterr().out
    assert run([str(pack), "--trust", CLOUD, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    (paid,) = [one for one in said["certificates"][0]["figures"] if one["kind"] == "payback_years"]
    assert paid["interval"] == {"published": ["30.0640", None], "recomputed": ["30.0640", None]}
    assert not any("interval" in one for one in said["figures"] if one["kind"] == "energy_tce")


def test_text_of_a_pack_cannot_steer_a_terminal(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = whole()
    evil = files["summary.json"].replace(b'"site":"plain-mill"', '"site":"\\u001b[2Jx\u202e"'.encode())
    pack.write_bytes(sealing.bundled({**files, "summary.json": evil}, "summary"))
    assert run([str(pack)]) == 1
    assert not set(capsys.readouterr().out) & {"\x1b", "\u202e"}


def test_it_runs_alone_and_without_a_network(pack: Path) -> None:
    """A process of its own that may not open a socket; none of our rooms is loaded."""
    script = f"""
import socket, sys
def no(*a, **k): raise AssertionError("a socket")
socket.socket = socket.create_connection = socket.getaddrinfo = no
from verify.main import run
code = run([{str(pack)!r}, "--trust", {CLOUD!r}, "--json"])
rooms = set({ROOMS.split()!r}) & {{name.split(".")[0] for name in sys.modules}}
heavy = {{"scipy", "pandas", "typer", "yaml", "pydantic"}} & set(sys.modules)
sys.exit(f"{{rooms}} {{heavy}}" if rooms or heavy else code)
"""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["verdict"] == "verified"


def test_a_full_pipe_or_a_closed_one_is_no_traceback(pack: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    command = f"{sys.executable} -m verify.main {pack} | head -c 1"
    done = subprocess.run(["bash", "-c", command], cwd=root, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr
