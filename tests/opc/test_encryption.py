"""Workbooks behind a password: opened in memory, sealed again, judged by LibreOffice and msoffcrypto."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msoffcrypto
import pytest
from python_calamine import load_workbook

from sheetkit.errors import UnreadableError
from sheetkit.opc.compound import is_encrypted
from sheetkit.opc.encryption import UNASKED, Unlocked, unlocked
from tests.intake.binary import ole
from tests.locked import XLS, XLSX, Job, resave
from tests.opc.books import by_openpyxl, named, patched
from tests.tools import ROOT, make_book

WORD = "小店 2026 ✓"
BOOK = make_book(
    "## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 2026-03-05 | 小李 | 120 |\n## 备忘\n| EncryptedPackage |"
)
CORPUS = [
    ("dtjohnson__xlsx-populate/test/e2e-parse/encrypted/input.xlsx", "open sesame"),
    ("dtjohnson__xlsx-populate/examples/encryption/out.xlsx", "new password"),
    ("tafia__calamine/tests/pass_protected.xlsx", "123"),
]


def by_msoffcrypto(data: bytes, word: str) -> bytes:
    file = msoffcrypto.OfficeFile(io.BytesIO(data))
    file.load_key(password=word, verify_password=True)
    plain = io.BytesIO()
    file.decrypt(plain, verify_integrity=True)
    return plain.getvalue()


def refusal(data: bytes, *words: str) -> str:
    with pytest.raises(UnreadableError) as caught:
        unlocked(data, words)
    return caught.value.key


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return Unlocked(b"", WORD).sealed(BOOK)


@pytest.fixture(scope="module")
def large() -> bytes:
    """Past 6.8 MB the container needs a second table of its sectors."""
    return Unlocked(b"", WORD).sealed(patched(BOOK, {"xl/noise.bin": random.Random(7).randbytes(8_000_000)}))


@pytest.fixture(scope="module")
def libreoffice(sealed: bytes, large: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The book as LibreOffice locks it, and what it sees in locked ones, given a password; empty: nothing."""
    folder = tmp_path_factory.mktemp("libreoffice")
    unasked = Unlocked(b"", UNASKED).sealed(BOOK)
    given = {"plain": BOOK, "sealed": sealed, "large": large, "unasked": unasked}
    given |= {file.replace("/", "_"): named(file) for file, _ in CORPUS}
    for name, data in given.items():
        (folder / name).write_bytes(data)
    wanted = [
        ("plain", "xlsx", XLSX, "", WORD),
        ("plain", "xls", XLS, "", WORD),
        ("plain", "open.xls", XLS, "", ""),
        ("sealed", "seen", XLSX, WORD, ""),
        ("sealed", "seen by another word", XLSX, "another", ""),
        ("large", "seen large", XLSX, WORD, ""),
        ("unasked", "seen unasked", XLSX, "", ""),
        *((file.replace("/", "_"), file, XLSX, word, "") for file, word in CORPUS),
    ]
    targets = [folder / f"out {at}" for at in range(len(wanted))]
    answers = resave(
        [Job(folder / one[0], target, *one[2:]) for one, target in zip(wanted, targets, strict=True)]
    )
    return {
        one[1]: target.read_bytes() if answer == "ok" else b""
        for one, target, answer in zip(wanted, targets, answers, strict=True)
    }


def test_what_has_no_password_passes_as_it_is() -> None:
    plain = unlocked(BOOK, iter("never drawn from"))
    assert (plain.data, plain.password) == (BOOK, None)
    assert plain.sealed(b"anything") == b"anything"


@pytest.mark.parametrize(("file", "word"), CORPUS)
def test_real_ones_open_with_their_password(file: str, word: str, libreoffice: dict[str, bytes]) -> None:
    opened = unlocked(named(file), ["Wrong", word])
    assert opened.password == word
    ours, seen = by_openpyxl(opened.data), by_openpyxl(libreoffice[file])
    assert [sheet.title for sheet in ours] == [sheet.title for sheet in seen]
    assert [list(sheet.values) for sheet in ours] == [list(sheet.values) for sheet in seen]


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_what_libreoffice_locked_opens(kind: str, libreoffice: dict[str, bytes]) -> None:
    opened = unlocked(libreoffice[kind], ["no", WORD])
    rows = load_workbook(io.BytesIO(opened.data)).get_sheet_by_name("交易记录").to_python()
    assert rows[1][1:] == ["小李", 120.0]


def test_words_in_a_cell_are_no_lock(libreoffice: dict[str, bytes]) -> None:
    book = libreoffice["open.xls"]
    assert b"EncryptedPackage" in book.replace(b"\x00", b"")
    assert unlocked(book).data == book


def test_two_other_programs_open_what_we_seal(sealed: bytes, libreoffice: dict[str, bytes]) -> None:
    assert by_msoffcrypto(sealed, WORD) == BOOK
    assert by_openpyxl(libreoffice["seen"])["交易记录"]["B2"].value == "小李"
    assert not libreoffice["seen by another word"], "a password that opens everything proves nothing"


def test_a_large_one_is_sealed_whole(large: bytes, libreoffice: dict[str, bytes]) -> None:
    assert len(unlocked(large, [WORD]).data) > 8_000_000
    assert by_openpyxl(libreoffice["seen large"])["交易记录"]["B2"].value == "小李"


def test_read_only_recommended_opens_unasked(libreoffice: dict[str, bytes]) -> None:
    opened = unlocked(Unlocked(b"", UNASKED).sealed(BOOK))
    assert opened.data == BOOK
    assert unlocked(opened.sealed(BOOK)).password == UNASKED
    assert libreoffice["seen unasked"], "another program asks for no password either"


def test_what_no_password_opens_says_so(sealed: bytes, libreoffice: dict[str, bytes]) -> None:
    assert refusal(sealed) == refusal(sealed, "") == "opc.encrypted"
    assert refusal(sealed, WORD + " ") == "opc.wrong_password"
    assert refusal(libreoffice["xlsx"], "x") == "opc.wrong_password"
    assert refusal(libreoffice["xls"], "x") == "opc.wrong_password"


def test_a_password_is_drawn_only_while_needed(sealed: bytes) -> None:
    words = iter(["no", WORD, "too many"])
    assert unlocked(sealed, words).password == WORD
    assert list(words) == ["too many"]


def test_a_password_never_shows(sealed: bytes) -> None:
    assert WORD not in repr(unlocked(sealed, [WORD]))


# Damage, and locks of other kinds


def renamed(data: bytes, name: str, other: str) -> bytes:
    assert data.count(name.encode("utf-16-le")) == 1
    return data.replace(name.encode("utf-16-le"), other.encode("utf-16-le"))


def test_another_kind_of_encryption_is_named(sealed: bytes) -> None:
    agile, extensible = b"\x04\x00\x04\x00\x40\x00\x00\x00", b"\x03\x00\x03\x00\x40\x00\x00\x00"
    assert sealed.count(agile) == 1
    assert refusal(sealed.replace(agile, extensible), WORD) == "opc.encrypted_otherwise"
    assert refusal(renamed(sealed, "EncryptionInfo", "EncryptionInfx"), WORD) == "opc.encrypted_otherwise"


def test_a_lock_of_1995_is_seen() -> None:
    begin, lock = b"\x09\x08\x08\x00\x00\x05\x05\x00" + bytes(4), b"\x2f\x00\x04\x00" + bytes(4)
    assert is_encrypted(ole("Book") + begin + lock)
    assert not is_encrypted(ole("Book") + begin)


def damaged(data: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    if chance.random() < 0.2:
        return data[: chance.randrange(600, len(data))]
    changed = bytearray(data)
    for _ in range(chance.choice([4, 64, 512])):
        changed[chance.randrange(8, len(data))] = chance.randrange(256)
    return bytes(changed)


def answer(data: bytes) -> str:
    try:
        unlocked(data, [WORD])
    except UnreadableError as problem:
        return problem.key
    return "opened"  # damage that does not show here does in the package's own checksums


ANSWERS = {"opened", "opc.encrypted_damaged", "opc.wrong_password", "opc.encrypted_otherwise"}


def test_damage_is_told(sealed: bytes, libreoffice: dict[str, bytes]) -> None:
    assert answer(sealed[: len(sealed) // 2]) == "opc.encrypted_damaged"
    assert answer(sealed[:-4096]) == "opc.encrypted_damaged"
    for data in (sealed, libreoffice["xls"]):
        assert {answer(damaged(data, seed)) for seed in range(4)} <= ANSWERS


@pytest.mark.proof
def test_damage_is_told_at_length(sealed: bytes, libreoffice: dict[str, bytes]) -> None:
    for data in (sealed, libreoffice["xlsx"], libreoffice["xls"]):
        answers = Counter(answer(damaged(data, seed)) for seed in range(300))
        assert set(answers) <= ANSWERS
        assert answers["opc.encrypted_damaged"] > 10, answers


# Nothing decrypted is ever written

NO_FILE = """
import resource, sys
from sheetkit.opc.encryption import unlocked
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.check import check_file

data = sys.stdin.buffer.read()
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # from here on no file takes a single byte, whoever writes
opened = unlocked(data, [sys.argv[1]])
if sys.argv[2] == "check":
    done = repr(dict(check_file(opened.data, "x.xls").tables["trades"].columns)).encode()
else:
    done = opened.sealed(analyze_file(opened.data, "x.xlsx").workbook)
try:
    open("probe", "wb", buffering=0).write(b"x")
except OSError:
    sys.stdout.buffer.write(done)
"""


def without_a_file(what: str, data: bytes, folder: Path) -> bytes:
    """What a process says that opens the data and can write to pipes only."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", NO_FILE, WORD, what],
        input=data,
        capture_output=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
    )
    return done.stdout


def test_nothing_decrypted_is_written_to_any_file(sealed: bytes, tmp_path: Path) -> None:
    book = by_openpyxl(by_msoffcrypto(without_a_file("analyze", sealed, tmp_path), WORD))
    assert "分析总览" in book.sheetnames
    assert "小李" in {cell for row in book["交易记录"].values for cell in row}


def test_nor_is_an_old_workbook(libreoffice: dict[str, bytes], tmp_path: Path) -> None:
    assert "小李".encode() in without_a_file("check", libreoffice["xls"], tmp_path)
