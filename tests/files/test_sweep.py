"""What belongs to nobody is taken away a day later, and never what somebody kept meanwhile."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from complaints.files.in_use import FileSettings, use_files
from complaints.files.keep import keep_file
from complaints.files.store import LEAVING, OBJECTS, PREVIEWS, Gone, Store, open_store
from complaints.files.sweep import Swept, sweep_store
from complaints.files.usage import FOLDERS, read_usage

DAY = timedelta(days=1, minutes=1)


class Sweeper:
    """A store in a folder and what rows speak of; a day passes when it is told to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spoken: set[str] = set()
        self.at = datetime.now(UTC)

    def spoken_of(self, hashes: Collection[str]) -> set[str]:
        return self.spoken & set(hashes)

    def sweep(self, after: timedelta = timedelta(0)) -> Swept:
        """Go once round all folders."""
        self.at += after
        total = Swept()
        with open_store() as store:
            for _ in range(8):
                done = sweep_store(store, self.spoken_of, self.at)
                total.laid_aside += done.laid_aside
                total.put_back += done.put_back
                total.deleted += done.deleted
                total.bytes = done.bytes
        return total

    def names(self, where: str) -> list[str]:
        return sorted(each.name for each in (self.folder / where).rglob("*") if each.is_file())


def read(sha: str) -> bytes:
    with open_store() as store, store.open(OBJECTS, sha) as file:
        return file.read()


@pytest.fixture
def sweeper(tmp_path: Path) -> Sweeper:
    use_files(FileSettings(f"file://{tmp_path}"))
    return Sweeper(tmp_path)


def preview(store: Store, sha: str, tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(b"kecil")
    store.put(PREVIEWS, sha, part)
    part.unlink()


def test_bytes_of_a_transaction_that_never_came_are_gone_after_two_days(sweeper, tmp_path):
    lost, kept = keep_file(b"yatim", name="a.txt"), keep_file(b"milik", name="b.txt")
    sweeper.spoken = {kept.sha256}
    with open_store() as store:
        preview(store, lost.sha256, tmp_path)
    assert sweeper.sweep() == Swept(bytes=10)
    assert sweeper.sweep(DAY).laid_aside == 1
    # Still to be read, by whoever keeps the same bytes at this moment.
    assert read(lost.sha256) == b"yatim"
    assert sweeper.sweep(DAY).deleted == 1
    with pytest.raises(Gone):
        read(lost.sha256)
    assert read(kept.sha256) == b"milik"
    assert sweeper.names(PREVIEWS) == sweeper.names(LEAVING) == []


def test_who_keeps_the_same_bytes_while_they_leave_has_them_for_good(sweeper):
    lost = keep_file(b"sama", name="a.txt")
    sweeper.sweep(DAY)
    assert sweeper.names(OBJECTS) == []
    # Somebody had seen them there a moment before, and attaches them now.
    sweeper.spoken = {lost.sha256}
    assert read(lost.sha256) == b"sama"
    assert sweeper.sweep(DAY).put_back == 1
    assert sweeper.sweep(10 * DAY) == Swept(bytes=4)
    assert read(lost.sha256) == b"sama"


def test_bytes_kept_anew_while_they_leave_are_not_doubled(sweeper):
    lost = keep_file(b"sama", name="a.txt")
    sweeper.sweep(DAY)
    keep_file(b"sama", name="b.txt")
    sweeper.spoken = {lost.sha256}
    sweeper.sweep()
    assert (sweeper.names(OBJECTS), sweeper.names(LEAVING)) == ([lost.sha256], [])


def test_half_a_file_of_a_process_that_died_is_swept(sweeper):
    kept = keep_file(b"milik", name="b.txt")
    sweeper.spoken = {kept.sha256}
    half = sweeper.folder / OBJECTS / "00" / f"{'0' * 64}.abc.part"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"se")
    sweeper.sweep()
    assert half.exists()
    sweeper.sweep(DAY)
    assert not half.exists()


def test_the_sweep_counts_what_is_stored_round_by_round(sweeper):
    sweeper.spoken = {keep_file(bytes([number]) * 10, name="a").sha256 for number in range(20)}
    with open_store() as store:
        sweep_store(store, sweeper.spoken_of, sweeper.at)
        assert read_usage(store).next == FOLDERS // 8
        sweeper.sweep()
        assert read_usage(store).bytes == 200


def test_a_note_of_usage_that_cannot_be_read_counts_as_none(sweeper):
    for said in (b"", b"[]", b'{"next": 1}', b'{"next": "x", "sizes": []}', b"\xff"):
        (sweeper.folder / "usage.json").write_bytes(said)
        with open_store() as store:
            assert read_usage(store).bytes == 0


def test_a_store_in_memory_is_swept_the_same_way():
    lost = keep_file(b"yatim", name="a.txt")
    with open_store() as store:
        at = datetime.now(UTC)
        for days in (0, 1, 2):
            for _ in range(8):
                sweep_store(store, lambda _: set(), at + days * DAY)
        with pytest.raises(Gone), store.open(OBJECTS, lost.sha256):
            pass


def test_what_is_in_a_store_by_hand_is_left_alone(sweeper):
    strange = sweeper.folder / "catatan.txt"
    strange.write_text("jangan dihapus")
    os.utime(strange, (0, 0))
    sweeper.sweep(3 * DAY)
    assert strange.exists()
