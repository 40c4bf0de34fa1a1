"""What is unpacked from an archive, and what is refused of those that were made by hand."""

from __future__ import annotations

import gzip
import io
import os
import random
import stat
import tarfile
import threading
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from judge.errors import Cancelled, SubmissionError
from judge.spec import archive
from judge.spec.archive import MAX_DEPTH, MAX_ENTRIES, MAX_EXTENSION_BYTES, unpack
from judge.spec.files import MAX_FILE_BYTES
from judge.units import format_bytes

LIMIT = 1 << 20


def entry(name: str, content: bytes = b"", **fields: Any) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, content


def tar(*entries: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as file:
        for info, content in entries:
            file.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def header(name: str, **fields: Any) -> bytes:
    """A header alone, whatever it promises."""
    info, _ = entry(name)
    for field, value in fields.items():
        setattr(info, field, value)
    return info.tobuf(tarfile.GNU_FORMAT)


def unpacked(data: bytes, target: Path, limit: int = LIMIT) -> dict[str, str]:
    target.mkdir(parents=True)
    return unpack(io.BytesIO(data), target, limit_bytes=limit)


def refusal(data: bytes, target: Path, limit: int = LIMIT) -> str:
    with pytest.raises(SubmissionError) as caught:
        unpacked(data, target, limit)
    assert caught.value.field == "chunk"
    return caught.value.message


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_files_and_directories(form: int, compress: Callable[[bytes], bytes], tmp_path: Path) -> None:
    long = f"{'d' * 90}/{'e' * 90}"
    data = tar(
        entry("./", type=tarfile.DIRTYPE, mode=0o777),
        entry("./problem.yaml", b"name: x\n", mode=0o755),
        entry("data/", type=tarfile.DIRTYPE, mode=0o2755),
        entry("data/one.in", b"x" * 1000),
        entry(long, b"long"),
        entry("empty"),
        form=form,
    )
    digests = unpacked(compress(data), tmp_path / "out")
    assert sorted(digests) == ["data/one.in", long, "empty", "problem.yaml"]
    assert (tmp_path / "out" / "data/one.in").read_bytes() == b"x" * 1000
    assert (tmp_path / "out" / long).read_bytes() == b"long"
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").rglob("*")}
    assert modes == {0o700, 0o600}


def test_names_that_only_pax_headers_can_hold(tmp_path: Path) -> None:
    long = "/".join(["d" * 200] * 4)
    assert list(unpacked(tar(entry(long, b"x"), entry("b")), tmp_path / "out")) == [long, "b"]


def test_what_git_archives_is_admitted(tmp_path: Path) -> None:
    info = tarfile.TarInfo.create_pax_global_header({"comment": "1" * 40})
    assert list(unpacked(info + tar(entry("a")), tmp_path / "out")) == ["a"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (entry("/etc/passwd"), "'/etc/passwd': expected a relative path, found an absolute one"),
        (entry("a/../../b"), "without '..', found '..'"),
        (entry(".."), "without '..', found '..'"),
        (entry("a//b"), "found ''"),
        (entry("-x"), "found '-x'"),
        (entry("a b"), "found 'a b'"),
        (entry("a\\b"), "found 'a\\\\b'"),
        (entry("a\nb"), "found 'a\\nb'"),
        (entry("é"), "found 'é'"),
        (entry("x" * 256), "found 'xxxx"),
        (entry("/".join("d" * (MAX_DEPTH + 1))), f"expected at most {MAX_DEPTH} directories, found {MAX_DEPTH + 1}"),
        (entry("/".join(["d" * 200] * 6)), "expected paths of at most 1024 bytes"),
        (
            entry("a", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
            "'a': expected a regular file or a directory, found",
        ),
        (entry("a", type=tarfile.LNKTYPE, linkname="b"), "found a hard link"),
        (entry("a", type=tarfile.CHRTYPE), "found a character device"),
        (entry("a", type=tarfile.BLKTYPE), "found a block device"),
        (entry("a", type=tarfile.FIFOTYPE), "found a named pipe"),
        (entry("a", type=tarfile.CONTTYPE), "found an entry of type b'7'"),
        (entry("a", mode=0o4755), "'a': expected no set-user-id and set-group-id bits, found mode 4755"),
        (entry("a", mode=0o2644), "found mode 2644"),
        (entry("./"), "'./': expected a file's name, found none"),
        (entry("a", pax_headers={"GNU.sparse.size": "9"}), "found: the key 'GNU.sparse.size'"),
        (entry("a", pax_headers={"size": "9"}), "found: the key 'size'"),
        (entry("a", pax_headers={"path": "../x"}), "without '..', found '..'"),
        (entry("a", pax_headers={"note": "x" * MAX_EXTENSION_BYTES}), "expected a name of at most 65536 bytes, found"),
    ],
)
def test_entries_that_are_refused(given: tuple[tarfile.TarInfo, bytes], message: str, tmp_path: Path) -> None:
    found = refusal(tar(given), tmp_path / "out")
    assert message in found
    assert sorted(os.listdir(tmp_path)) == ["out"]
    assert not any((tmp_path / "out").rglob("*"))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("a", "a"), "'a': expected every path once, found it again"),
        (("a", "./a"), "'./a': expected every path once, found it again"),
        (("a", "A"), "'A': expected paths that differ in more than case, found 'a'"),
        (("data/x", "Data/y"), "'Data': expected paths that differ in more than case, found 'data'"),
        (("a", "a/b"), "'a': expected a file or a directory, found both"),
        (("a/b", "a"), "'a': expected every path once, found it again"),
    ],
)
def test_paths_that_meet(names: tuple[str, str], message: str, tmp_path: Path) -> None:
    assert refusal(tar(*map(entry, names)), tmp_path / "out") == message


def test_the_content_of_all_together_is_bounded(tmp_path: Path) -> None:
    bomb = gzip.compress(tar(entry("zeros", bytes(8 * LIMIT))))
    assert len(bomb) < LIMIT // 10
    tracemalloc.start()
    message = refusal(bomb, tmp_path / "out")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert message == "expected at most 1 MiB when unpacked, found more"
    assert peak < LIMIT  # nothing is made before it is counted
    assert (tmp_path / "out" / "zeros").stat().st_size <= LIMIT


def test_padding_is_counted_too(tmp_path: Path) -> None:
    assert "when unpacked" in refusal(gzip.compress(tar(entry("a")) + bytes(8 * LIMIT)), tmp_path / "out")


def test_a_file_that_promises_too_much_is_refused_at_its_header(tmp_path: Path) -> None:
    found = refusal(header("a", size=MAX_FILE_BYTES + 1), tmp_path / "out")
    assert found.startswith(f"'a': expected at most {format_bytes(MAX_FILE_BYTES)}, found ")


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_name_that_promises_too_much_is_refused_at_its_header(kind: bytes, tmp_path: Path) -> None:
    found = refusal(header("a", type=kind, size=1 << 40), tmp_path / "out")
    assert found == f"expected a name of at most {MAX_EXTENSION_BYTES} bytes, found {1 << 40}"


def test_the_number_of_entries_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_ENTRIES", 5)
    assert len(unpacked(tar(*(entry(f"f{n}") for n in range(5))), tmp_path / "five")) == 5
    found = refusal(tar(*(entry(f"f{n}") for n in range(6))), tmp_path / "six")
    assert found == "expected at most 5 files and directories, found more"
    names = header("a", type=tarfile.XGLTYPE) * 16
    assert "files and directories" in refusal(names + tar(), tmp_path / "names")
    assert MAX_ENTRIES == 10_000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "expected the rest of the archive, found the end of the archive"),
        (b"hello" * 200, "expected a tar file's header at byte 0"),
        (tar(entry("a", b"x" * 600))[:900], "expected the rest of 'a', found the end of the archive"),
        (tar(entry("a", b"x" * 600))[: 512 + 1024], "expected the rest of the archive"),
        (gzip.compress(tar(entry("a", os.urandom(600))))[:-10], "expected a gzip file that is whole, found: "),
        (gzip.compress(tar(entry("a")))[:-4] + b"abcd", "expected a gzip file that is whole, found: "),
        (gzip.compress(tar(entry("a"))) + b"more", "expected a gzip file that is whole, found: "),
        (tar(entry("a")) + b"more", "expected nothing after the archive's end, found more data"),
        (gzip.compress(tar(entry("a"))) + gzip.compress(tar(entry("b"))), "expected nothing after the archive's end"),
        (header("a", type=tarfile.DIRTYPE, size=512), "expected a directory, found one with content"),
    ],
    ids=[  # data compressed at another time is other data
        "nothing",
        "text",
        "half-a-file",
        "no-end",
        "half-compressed",
        "wrong-sum",
        "compressed-and-more",
        "tar-and-more",
        "compressed-twice",
        "directory-with-content",
    ],
)
def test_archives_that_are_not_whole(data: bytes, message: str, tmp_path: Path) -> None:
    assert message in refusal(data, tmp_path / "out")


def test_zip_files_are_refused_by_name(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("problem.yaml", "")
    expected = "expected a tar file, plain or compressed by gzip, found a zip file"
    assert refusal(buffer.getvalue(), tmp_path / "out") == expected


def test_a_negative_size_is_refused(tmp_path: Path) -> None:
    block = bytearray(header("a"))
    block[124:136] = b"\xff" * 12  # base 256, -1
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    assert refusal(bytes(block), tmp_path / "out") == "'a': expected a size, found -1"


def test_it_stops_when_it_is_told_to(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        unpack(io.BytesIO(tar(entry("a"))), tmp_path, limit_bytes=LIMIT, stopped=stop.is_set)
    assert not any(tmp_path.iterdir())


def test_whatever_bytes_come_nothing_but_a_refusal_follows(tmp_path: Path) -> None:
    """Archives with bytes of their headers changed, the checksums made right again: unpacked inside, or refused."""
    draw = random.Random(int(os.environ.get("ARCHIVE_SEED", "1")))
    whole = tar(
        entry("a/b", b"x" * 700),
        entry("/".join(["d" * 90] * 3), b"y"),
        entry("c", b"z", pax_headers={"note": "1"}),
        entry("d/", type=tarfile.DIRTYPE),
    )
    refused = 0
    for number in range(int(os.environ.get("ARCHIVES", "300"))):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 4)):
            data[draw.randrange(len(data))] = draw.choice((0, 0x2E, 0x2F, 0x30, 0x37, 0x53, 0xFF, draw.randrange(256)))
        for begin in range(0, len(data), 512):
            block = data[begin : begin + 512]
            if block[257:262] == b"ustar":
                block[148:156] = b" " * 8
                data[begin + 148 : begin + 156] = b"%06o\0 " % sum(block)
        try:
            unpacked(bytes(data), tmp_path / "depot" / str(number))
        except SubmissionError:
            refused += 1
        assert os.listdir(tmp_path) == ["depot"]
        assert not any(path.is_symlink() for path in (tmp_path / "depot" / str(number)).rglob("*"))
    assert refused > 0
