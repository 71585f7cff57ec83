"""Names: tokens with weights, mixtures that add up, variants that lead to one end."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow.compute as pc

import kesos.reference
from kesos.foundation.columns import complete_texts
from kesos.reference.areas import provinces
from kesos.reference.names import name_groups, name_tokens, name_variants, streets

DATA = Path(kesos.reference.__file__).parent / "data"


def test_name_tokens_are_unique_words_with_weights() -> None:
    rows = name_tokens().to_pylist()
    keys = Counter((row["group"], row["position"], row["sex"], row["token"]) for row in rows)

    assert len(rows) == 2_845
    assert max(keys.values()) == 1
    assert {row["position"] for row in rows} == {"first", "middle", "last", "clan", "title", "birth_order"}
    assert {row["sex"] for row in rows} == {"male", "female", "any"}
    assert min(row["frequency"] for row in rows) == 1
    assert {row["source"] for row in rows} == {"counts", "faker", "indonesian-names", "clan-lists", "own"}


def test_name_tokens_of_single_traditions() -> None:
    tokens = name_tokens()

    def of(group: str, position: str) -> set[str]:
        chosen = tokens.filter((pc.field("group") == group) & (pc.field("position") == position))
        return set(complete_texts(chosen["token"]))

    assert {"I Wayan", "Ni Luh", "I Ketut"} <= of("bali", "birth_order")
    assert {"Simanjuntak", "Nasution"} <= of("batak", "clan")
    assert of("sasak", "title") == {"Baiq", "Lalu"}
    assert {"Muhammad", "Siti", "Budi"} <= of("general", "first")


def test_name_groups_add_up_to_a_thousand_in_every_province() -> None:
    sums: Counter[str] = Counter()
    for row in name_groups().to_pylist():
        assert row["per_mille"] > 0
        sums[row["province"]] += row["per_mille"]

    assert dict(sums) == dict.fromkeys(provinces()["province"].to_pylist(), 1000)


def test_name_groups_all_have_tokens() -> None:
    assert set(name_groups()["group"].to_pylist()) <= set(name_tokens()["group"].to_pylist())


def test_name_variants_lead_to_one_canonical_name_in_one_step() -> None:
    rows = name_variants().to_pylist()
    canonical = {row["canonical"] for row in rows}
    endings: Counter[str] = Counter(row["variant"] for row in rows)

    assert canonical & set(endings) == set()
    assert {row["variant"] for row in rows if row["ambiguous"]} == {name for name, n in endings.items() if n > 1}
    assert {row["variant"] for row in rows if row["ambiguous"]} == {"A", "ABD"}
    assert {row["kind"] for row in rows} == {"spelling", "abbreviation"}
    assert all(text == text.upper() and "." not in text for row in rows for text in (row["canonical"], row["variant"]))


def test_name_variants_of_known_names() -> None:
    pairs = {(row["variant"], row["canonical"]) for row in name_variants().to_pylist()}

    assert {
        ("MOCH", "MUHAMMAD"),
        ("MD", "MUHAMMAD"),
        ("ST", "SITI"),
        ("OMAR", "UMAR"),
        ("SOEDIRMAN", "SUDIRMAN"),
    } <= pairs


def test_streets_are_unique_and_sorted() -> None:
    assert len(streets()) == len(set(streets())) == 132
    assert list(streets()) == sorted(streets())


def test_every_data_file_has_its_source_and_all_are_small() -> None:
    sources = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    files = [path for path in DATA.iterdir() if path.suffix == ".csv"]

    assert [path.name for path in files if f"`{path.name}`" not in sources] == []
    assert sum(path.stat().st_size for path in files) < 1_000_000
