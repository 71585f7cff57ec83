"""The programmes of the package and those of a district's own folder, together."""

from __future__ import annotations

from pathlib import Path

import pytest

from kesos.pipeline.determine.programme_folder import (
    NoProgrammesFound,
    ProgrammeFileUnreadable,
    ProgrammeTwice,
    UnknownProgramme,
    choose_programmes,
    find_programmes,
    read_programme_file,
)
from kesos.policy.programme_refusals import MisnamedProgramme, UnknownProgrammeName
from unit.policy.rice_aid import FILE, RICE_AID, changed


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / FILE).write_text(RICE_AID, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no programme")
    return tmp_path


def test_find_programmes_adds_the_own_to_the_packaged_in_order_of_codes(own: Path) -> None:
    packaged, all_of_them = find_programmes(None), find_programmes(own)

    assert "PKH" in packaged
    assert "RICE-AID" not in packaged
    assert list(all_of_them) == sorted([*packaged, "RICE-AID"])


def test_find_programmes_refuses_a_folder_without_any(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NoProgrammesFound):
            find_programmes(folder)


def test_find_programmes_refuses_a_code_twice(own: Path) -> None:
    text = changed(("code: RICE-AID", "code: PKH"), ("  - {programme: PKH, reason", "  - {programme: PIP, reason"),
                   ("not_checked: [civil_servant, receives_pkh]", "not_checked: []"))  # fmt: skip
    (own / "pkh.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(ProgrammeTwice) as caught:
        find_programmes(own)

    assert caught.value.fields["code"] == "PKH"
    assert str(own / "pkh.yaml") in str(caught.value)


def test_find_programmes_reads_what_ends_in_yml_and_refuses_its_name(own: Path) -> None:
    (own / FILE).rename(own / "rice-aid.yml")

    with pytest.raises(MisnamedProgramme):
        find_programmes(own)


@pytest.mark.parametrize(
    ("change", "place", "name"),
    [
        (("  - {programme: PIP, why", "  - {programme: PIPS, why"), "complements.PIPS", "PIPS"),
        (("receives_pkh: false", "receives_pkhh: false"), "cases.1", "receives_pkhh"),
        (("[{age: 64}, ", "[{receives_pik: true}, "), "cases.1", "receives_pik"),
    ],
)
def test_find_programmes_refuses_a_programme_that_nobody_described(
    own: Path, change: tuple[str, str], place: str, name: str
) -> None:
    (own / FILE).write_text(changed(change), encoding="utf-8")

    with pytest.raises(UnknownProgrammeName) as caught:
        find_programmes(own)

    assert (caught.value.fields["place"], caught.value.fields["name"]) == (place, name)
    assert caught.value.fields["file"] == str(own / FILE)


def test_find_programmes_refuses_an_unknown_incompatible_programme(own: Path) -> None:
    text = changed(("  - {programme: PKH, reason", "  - {programme: PKX, reason"),
                   ("not_checked: [civil_servant, receives_pkh]", "not_checked: []"))  # fmt: skip
    (own / FILE).write_text(text, encoding="utf-8")

    with pytest.raises(UnknownProgrammeName) as caught:
        find_programmes(own)

    assert caught.value.fields["place"] == "incompatible.PKX"


def test_read_programme_file_refuses_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"code: \xff")

    with pytest.raises(ProgrammeFileUnreadable) as foreign:
        read_programme_file(tmp_path / "a.yaml")
    with pytest.raises(ProgrammeFileUnreadable) as missing:
        read_programme_file(tmp_path / "b.yaml")

    assert foreign.value.fields["problem"] == "byte 7 is not UTF-8"
    assert "b.yaml cannot be read: No such file" in str(missing.value)


def test_choose_programmes_takes_small_letters_and_refuses_what_nobody_described() -> None:
    found = find_programmes(None)

    assert list(choose_programmes(found, ["pkh", "PIP"])) == ["PKH", "PIP"]
    with pytest.raises(UnknownProgramme) as caught:
        choose_programmes(found, ["PKX"])
    assert "PBI-JK" in str(caught.value)
