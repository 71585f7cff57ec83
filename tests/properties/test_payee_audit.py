"""Whatever a list holds, each of its rows is audited or set aside, and each audited one has one link and one state."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos.foundation.errors import Refused
from kesos.foundation.sealing import Sealer, draw_key
from kesos.pipeline.determine.payees.checks import INDICATIONS, check_payees
from kesos.pipeline.determine.payees.linking import link_payees
from kesos.pipeline.determine.payees.listed import load_list
from kesos.pipeline.engine import Engine
from kesos.pipeline.sources.catalogue import find_sources
from kesos.pipeline.sources.deliveries import Delivery
from unit.pipeline.determine.payees.small_registry import AS_OF, OLAT_RAWA, PKH, SmallRegistry

SEALER = Sealer(draw_key())
SOURCES = {"pkh_payees": find_sources()["pkh_payees"]}
HEADER = "NIK,NO_KK,NAMA_PENERIMA,TGL_LAHIR,ALAMAT,KODE_DESA,TAHAP,KOMPONEN,NOMINAL,STATUS_SALUR"
NIKS = ("520409" + "440380" + "9001", "520409" + "010178" + "9002", "5,20409E+15", "")
NAMES = ("SITI AMINAH", "SITI AMINA", "BUDI SANTOSO", "WAYAN", "", "???")
KKS = ("520409" + "120110" + "9001", "")
ROW = st.tuples(
    st.sampled_from(NIKS), st.sampled_from(KKS), st.sampled_from(NAMES),
    st.sampled_from(("1980-03-04", "1978-01-01", "31-02-1980", "")), st.just("DUSUN A"),
    st.sampled_from((OLAT_RAWA, "5271021002", "99", "")), st.sampled_from(("2026-T3", "2026-07", "besok")),
    st.sampled_from(("SD", "SMP", "")), st.sampled_from(("225000", "0", "belum ada", "-5")), st.just("BERHASIL"),
)  # fmt: skip


@pytest.fixture(scope="module")
def registry() -> Iterator[SmallRegistry]:
    with Engine(memory="500MB", threads=1) as engine:
        yield SmallRegistry(engine)


def lay(registry: SmallRegistry) -> None:
    person: dict[str, Any] = {"life_status": "alive", "residence_village": OLAT_RAWA, "registered_village": OLAT_RAWA}
    siti = {"person_id": 1, "family_id": 10, "name_normal": "SITI AMINAH", "birth_date": date(1980, 3, 4)}
    budi = {"person_id": 2, "family_id": 10, "name_normal": "BUDI SANTOSO", "birth_date": date(1978, 1, 1)}
    registry.lay([person | siti, person | budi], [{"family_id": 10, "registered_village": OLAT_RAWA}])
    registry.determine({"unit_id": 10, "family_id": 10, "eligibility": "eligible", "outcomes": 5})


@given(st.lists(ROW, min_size=1, max_size=12))
@settings(max_examples=15)
def test_rows_in_are_rows_audited_and_rows_set_aside(registry: SmallRegistry, rows: list[tuple[str, ...]]) -> None:
    engine = registry.engine
    engine.drop("payee_row", "payee_link", "payee_state", "set_aside_row", "other_programme_row")
    lay(registry)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pkh_2026-T3.csv"
        lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
        path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
        delivery = Delivery(path, date(2026, 9, 30))
        given_names = {"PKH": ("Program Keluarga Harapan",)}
        try:
            listed = load_list(
                engine, delivery, programme_names=given_names, sources=SOURCES, sealer=SEALER, folder=Path(folder)
            )
        except Refused:
            return  # mostly broken rows: refused whole, as any source
        link_payees(engine)
        check_payees(engine, PKH, as_of=AS_OF, areas=())

    aside = engine.fetch("SELECT DISTINCT row_number FROM set_aside_row").column("row_number").to_pylist()
    states = engine.fetch("SELECT * FROM payee_state ORDER BY row_number").to_pylist()
    assert listed.rows_in == len(rows) == listed.rows_audited + listed.rows_set_aside
    assert sorted([*aside, *(row["row_number"] for row in states)]) == list(range(1, len(rows) + 1))
    assert engine.count("payee_link") == engine.count("payee_row") == len(states)
    indicated = {(row["row_number"], name) for row in states for name in INDICATIONS if row[name] == 1}
    found = engine.fetch("SELECT row_number, indication FROM indication").to_pylist()
    assert sorted(indicated) == sorted((row["row_number"], row["indication"]) for row in found)
