"""The faults of the PKH list itself: each has its rate, the truth tells them, and they touch nothing else."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from kesos.synthetic.files.sources import write_sources
from kesos.synthetic.rates import PkhRates, Rates, load_rates

FAULTS = ("dead_kept", "listed_again", "partner_listed", "nik_of_payee", "nik_of_neighbour", "left_village")
_LOADED = load_rates()
PLAIN = _LOADED.model_copy(
    update={
        "spelling": _LOADED.spelling.model_copy(
            update={
                "pkh_payees": _LOADED.spelling.pkh_payees.model_copy(
                    update=dict.fromkeys(type(_LOADED.spelling.pkh_payees).model_fields, 0.0)
                )
            }
        ),
        "rows": _LOADED.rows.model_copy(update={"broken": 0.0, "excel_rounded_share": 0.0}),
    }
)


def rates(**faults: float) -> Rates:
    pkh: PkhRates = PLAIN.pkh.model_copy(update={**dict.fromkeys((*FAULTS, "dead_payee", "old_kk"), 0.0), **faults})
    return PLAIN.model_copy(update={"pkh": pkh})


def written(out: Path, **faults: float) -> tuple[list[dict[str, str]], list[int]]:
    """Write the list and nothing else; give its rows, and the person whom each is about."""
    made = write_sources(
        out, persons=1_500, seed=5, areas=["5204"], rates=rates(**faults), workers=1, only=["pkh_payees"]
    )
    text = (out / "sources" / made.files[0].path).read_bytes().decode("utf-8-sig")
    lines = text.splitlines()
    lines = lines[1:] if lines[0].startswith("DAFTAR") else lines
    rows: list[dict[str, str]] = list(csv.DictReader(lines, delimiter=";" if lines[0].count(";") > 3 else ","))
    keys: list[int] = np.asarray(pq.read_table(out / "truth" / "record").column("person_key")).tolist()
    return rows, keys


def persons(out: Path) -> dict[int, dict[str, object]]:
    columns = ["person_key", "family_key", "nik", "died_on", "residence_village", "registered_village"]
    return {row["person_key"]: row for row in pq.read_table(out / "truth" / "person", columns=columns).to_pylist()}


def village(row: dict[str, str]) -> str:
    return "".join(sign for sign in row["KODE_DESA"] if sign.isdigit())


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, str]], list[int], Path]:
    out = tmp_path_factory.mktemp("clean")
    return *written(out), out


def test_without_faults_every_family_stands_once_with_its_own_numbers(
    clean: tuple[list[dict[str, str]], list[int], Path],
) -> None:
    rows, keys, out = clean
    known = persons(out)

    assert len(rows) > 80
    assert max(Counter(known[key]["family_key"] for key in keys).values()) == 1
    assert all(known[key]["died_on"] is None for key in keys)
    assert all(village(row) == str(known[key]["residence_village"]) for row, key in zip(rows, keys, strict=True))


@pytest.mark.parametrize(
    ("fault", "more"), [("dead_kept", False), ("listed_again", True), ("partner_listed", True), ("left_village", False)]
)
def test_a_fault_of_the_list_is_there_and_leaves_the_other_rows_as_they_were(
    clean: tuple[list[dict[str, str]], list[int], Path], tmp_path: Path, fault: str, more: bool
) -> None:
    before, keys_before, _ = clean
    rows, keys = written(tmp_path, **{fault: 1.0})
    known = persons(tmp_path)

    families = Counter(known[key]["family_key"] for key in set(keys))
    found = {
        "dead_kept": sum(known[key]["died_on"] is not None for key in keys),
        "listed_again": len(keys) - len(set(keys)),
        "partner_listed": sum(count > 1 for count in families.values()),
        "left_village": sum(
            village(row) != str(known[key]["residence_village"]) for row, key in zip(rows, keys, strict=True)
        ),
    }
    assert found.pop(fault) > 0
    assert set(found.values()) == {0}
    assert (len(rows) > len(before)) is more
    if fault != "dead_kept":
        assert keys[: len(keys_before)] == keys_before


@pytest.mark.parametrize("fault", ["nik_of_payee", "nik_of_neighbour"])
def test_a_number_of_somebody_else_stands_in_the_place_of_the_own(
    clean: tuple[list[dict[str, str]], list[int], Path], tmp_path: Path, fault: str
) -> None:
    before, keys_before, _ = clean
    rows, keys = written(tmp_path, **{fault: 0.2})
    known = persons(tmp_path)
    holders = {f"{one['nik']}": key for key, one in known.items()}

    changed = [place for place, (new, old) in enumerate(zip(rows, before, strict=True)) if new["NIK"] != old["NIK"]]

    assert keys == keys_before
    assert len(changed) > 5
    assert all(holders[rows[place]["NIK"].strip("'")] != keys[place] for place in changed)
    if fault == "nik_of_payee":
        assert all(rows[place]["NIK"] == before[place - 1]["NIK"] for place in changed)
