"""`kesos audit payees` as a district officer meets it: folder, pages, workbooks, refusals."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

import pytest
import typer
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner, Result

from journeys.conftest import VILLAGE_FILES, build_village
from kesos.cli import audit
from kesos.cli.audit_files import LISTING, FolderNotOurs
from kesos.foundation.sealing import Sealer, create_key
from kesos.pipeline.sources.recognise import UnknownLayout
from unit.presentation.test_page import Outline

LIST = VILLAGE_FILES / "pkh_payees" / "pkh_2026-T3.csv"
app = typer.Typer(pretty_exceptions_enable=False)
app.add_typer(audit.app, name="audit")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli-audit")
    build_village(VILLAGE_FILES, folder / "lake", Sealer(create_key(folder / "identity.key")))
    return folder


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("KESOS_LANG", "en")
    monkeypatch.setenv("KESOS_IDENTITY_KEY_FILE", str(folder / "identity.key"))


def run(folder: Path, *more: object, path: Path = LIST, out: str = "out", programme: str = "pkh") -> Result:
    arguments = ["audit", "payees", "--list", path, "--programme", programme, "--lake", folder / "lake"]
    return CliRunner().invoke(app, [*map(str, arguments), "--out", str(folder / out), "--quiet", *map(str, more)])


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_audit_payees_writes_pages_and_a_workbook_that_say_the_same(folder: Path) -> None:
    said = run(folder, "--json")

    assert said.exit_code == 0, said.output
    figures = json.loads(said.stdout)
    assert (figures["rows_in"], figures["rows_audited"], figures["rows_set_aside"]) == (9, 8, 1)
    assert figures["indications"]["died"] == {
        "indicated": 1, "not_checked": 0, "stake_idr": 500_000, "stake_a_year_idr": 2_000_000,
    }  # fmt: skip
    names = sorted(path.name for path in (folder / "out").iterdir())
    assert names == ["5204-kabupaten-sumbawa.html", "5204-kabupaten-sumbawa.xlsx", LISTING, "index.html"]
    assert figures["files"] == [name for name in names if name != LISTING]
    book = sheets(folder / "out" / "5204-kabupaten-sumbawa.xlsx")
    assert list(book) == ["Summary", "Indications", "Eligible, not on the list", "Set aside", "How to read"]
    summary = {row[1]: row[3:] for row in book["Summary"][3:] if row[0] == "Whole regency"}
    assert summary["Recorded as dead"] == [1.0, 0.0, 500_000.0, 2_000_000.0]
    assert len(summary) == len(figures["indications"]) == 12
    assert len(book["Indications"]) - 3 == 2
    assert len(book["Eligible, not on the list"]) - 3 == figures["indications"]["eligible_but_unpaid"]["indicated"] == 4


def test_workbook_rows_hold_evidence_source_day_and_empty_columns_for_the_visit(folder: Path) -> None:
    run(folder)
    title, _, header, saleh, zulkarnain = sheets(folder / "out" / "5204-kabupaten-sumbawa.xlsx")["Indications"]

    assert title[0] == "Payee audit: Family Hope Programme (PKH), Kabupaten Sumbawa"
    row = dict(zip(header, saleh, strict=True))
    assert row["Name"] == "MUH SALEH"
    assert row["NIK (masked)"] == "5204••••••••••••"
    assert row["Line of the list"] == 6.0
    assert row["Evidence"] == "Died on 2026-08-20, during the period 2026-T3."
    assert (row["Source of the evidence"], str(row["Day of the evidence"])) == ("death_reports", "2026-09-02")
    assert (row["How sure"], row["Rupiah on the list"], row["Rupiah a year"]) == ("high", 500_000.0, 2_000_000.0)
    assert [row[name] for name in ("What the visit found", "Officer", "Day of the visit")] == ["", "", ""]
    assert dict(zip(header, zulkarnain, strict=True))["Evidence"] == "Official decile 9; the programme takes up to 4."


def test_set_aside_rows_stand_on_their_own_sheet_with_what_to_do(folder: Path) -> None:
    run(folder)
    *_, row = sheets(folder / "out" / "5204-kabupaten-sumbawa.xlsx")["Set aside"]

    assert row[:3] == [5.0, "nominal", "belum ada"]
    assert row[3].startswith("Source 'pkh_payees', file person, row 3: nominal")


def test_pages_are_whole_and_lead_to_one_another(folder: Path) -> None:
    run(folder)
    index = Outline((folder / "out" / "index.html").read_text(encoding="utf-8"))
    regency = Outline((folder / "out" / "5204-kabupaten-sumbawa.html").read_text(encoding="utf-8"))

    assert index.open == regency.open == []
    assert index.links == ["#content", "5204-kabupaten-sumbawa.html", "5204-kabupaten-sumbawa.xlsx"]
    assert regency.links == ["#content", "index.html", "5204-kabupaten-sumbawa.xlsx"]
    assert "Moyo Hilir" in regency.cells


def test_what_could_not_be_checked_is_a_dash_and_what_is_clear_is_a_zero(folder: Path) -> None:
    run(folder)
    page = (folder / "out" / "5204-kabupaten-sumbawa.html").read_text(encoding="utf-8")
    rows = [re.findall(r">([^<>]+)</t[hd]>", row) for row in re.findall(r"<tr>.*?</tr>", page, re.S)]
    figures = {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows}

    assert figures["Civil servant in the family"] == ["–", "8", "–", "–"]
    assert figures["Not found in the register"] == ["0", "0", "0", "0"]
    assert figures["Recorded as dead"] == ["1", "0", "500,000", "2,000,000"]


def test_nothing_that_is_written_holds_a_number_of_sixteen_digits(folder: Path) -> None:
    run(folder)
    found = []
    for path in (folder / "out").iterdir():
        contents = [path.read_bytes()]
        if is_zipfile(path):
            with ZipFile(path) as parts:
                contents = [parts.read(name) for name in parts.namelist()]
        found += [path.name for content in contents if re.search(rb"(?<![0-9])[0-9]{16}(?![0-9])", content)]
        assert path.stat().st_mode & 0o077 == 0

    assert found == []


def test_indonesian_comes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KESOS_LANG")

    assert run(folder, out="id").exit_code == 0
    assert '<html lang="id">' in (folder / "id" / "index.html").read_text(encoding="utf-8")


def test_a_second_audit_takes_the_place_of_the_first_with_the_same_bytes(folder: Path) -> None:
    run(folder)
    first = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
    run(folder)

    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir()} == first


@pytest.mark.parametrize("listing", [None, "{}", "no json", '{"files": ["index.html"]}'])
def test_a_folder_with_files_of_others_is_refused_and_left_alone(
    folder: Path, tmp_path: Path, listing: str | None
) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "gaji.xlsx").write_text("mine", encoding="utf-8")
    if listing is not None:
        (out / LISTING).write_text(listing, encoding="utf-8")

    said = run(folder, out=str(out))

    assert isinstance(said.exception, FolderNotOurs)
    assert (out / "gaji.xlsx").read_text(encoding="utf-8") == "mine"


def test_a_malformed_list_is_refused_and_no_folder_is_made(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "daftar_2026-09-30.csv"
    path.write_text("A,B\n1,2\n", encoding="utf-8")

    said = run(folder, path=path, out="refused")

    assert isinstance(said.exception, UnknownLayout)
    assert not (folder / "refused").exists()
    assert [one.name for one in folder.iterdir() if one.name.startswith(".audit")] == []
