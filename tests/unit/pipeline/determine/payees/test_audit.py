"""The PKH list of the demo village against its release: every row accounted for, indications as its README says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from journeys.conftest import VILLAGE_FILES, build_village
from kesos.datasets.lake import Lake, NoSuchRelease
from kesos.foundation.sealing import Sealer, draw_key, next_generation
from kesos.pipeline.determine.payees.audit import AuditedList, AuditRequest, ReleaseUnderOtherKey, audit_list
from kesos.pipeline.determine.payees.determined import kept_or_determined
from kesos.pipeline.determine.payees.figures import ANY, Figure
from kesos.pipeline.determine.programme_folder import find_programmes
from kesos.pipeline.sources.catalogue import find_sources
from kesos.pipeline.sources.deliveries import Delivery

LIST = VILLAGE_FILES / "pkh_payees" / "pkh_2026-T3.csv"
KEY = draw_key()
SEALER = Sealer(KEY)
RELEASE = "2026-T3"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    folder = tmp_path_factory.mktemp("audit") / "lake"
    build_village(VILLAGE_FILES, folder, SEALER)
    return Lake(folder)


def request(lake: Lake, path: Path = LIST, *, sealer: Sealer = SEALER) -> AuditRequest:
    judged, _ = kept_or_determined(lake, RELEASE, "PKH", programmes=find_programmes(None))
    delivery = Delivery(path, date(2026, 9, 30))
    return AuditRequest(delivery, lake, RELEASE, judged, find_sources(), sealer, memory="1GB", threads=1)


@pytest.fixture(scope="module")
def audited(lake: Lake) -> AuditedList:
    return audit_list(request(lake))


def test_audit_of_the_village_accounts_for_every_row(audited: AuditedList) -> None:
    assert (audited.rows_in, audited.rows_audited, audited.rows_set_aside) == (9, 8, 1)
    assert audited.link_rules == (("card_and_name", 3, 1), ("nik", 3, 7))
    assert audited.set_aside.select(["regency", "row_number", "line_number", "field", "reason"]).to_pylist() == [
        {"regency": "5204", "row_number": 3, "line_number": 5, "field": "nominal", "reason": "not_an_amount"}
    ]


def test_audit_of_the_village_indicates_the_dead_head_and_the_ninth_decile(audited: AuditedList) -> None:
    shown = ("name", "line_number", "indication", "evidence", "value", "source", "observed_on", "confidence")
    found: list[dict[str, Any]] = audited.indications.select([*shown, "stake_idr", "stake_a_year_idr"]).to_pylist()

    assert found == [
        {
            "name": "MUH SALEH", "line_number": 6, "indication": "died", "evidence": "died_in_period",
            "value": "2026-08-20", "source": "death_reports", "observed_on": date(2026, 9, 2), "confidence": 3,
            "stake_idr": 500_000, "stake_a_year_idr": 2_000_000,
        },
        {
            "name": "ZULKARNAIN", "line_number": 11, "indication": "outside_decile", "evidence": "outside_decile",
            "value": "9", "source": "dtsen", "observed_on": date(2026, 9, 30), "confidence": 3,
            "stake_idr": 500_000, "stake_a_year_idr": 2_000_000,
        },
    ]  # fmt: skip


def test_audit_of_the_village_counts_what_could_not_be_checked(audited: AuditedList) -> None:
    (sumbawa,) = audited.regencies
    whole = sumbawa.whole

    assert (whole.code, whole.rows, whole.paid_idr, whole.set_aside) == ("5204", 8, 3_625_000, 1)
    assert whole.of(ANY) == Figure(2, 0, 1_000_000, 4_000_000)
    # Nobody delivered civil servants or wages: nothing is known, and nothing is indicated.
    assert (whole.of("civil_servant_in_family"), whole.of("wage_above_minimum")) == (Figure(0, 8), Figure(0, 8))
    # Nurhayati's family has no decile; she stands on two rows. Salmah's NIK was lost in a spreadsheet.
    assert whole.of("outside_decile") == Figure(1, 2, 500_000, 2_000_000)
    assert whole.of("nik_shared") == Figure(0, 1)


def test_audit_of_the_village_finds_who_is_eligible_and_not_on_the_list(audited: AuditedList) -> None:
    found = audited.unpaid.select(["name", "official_decile", "selection", "confidence"]).to_pylist()

    # Family 6 has nobody who gives a right: no child, no elder, no severe disability.
    assert {row["name"] for row in found} == {"SITI HAWA", "SYAMSUDDIN", "HERMANSYAH", "MUSTAMIN"}
    assert len(found) == 4
    assert {row["selection"] for row in found} == {"not_ranked"}
    assert all(row["official_decile"] <= 4 and row["confidence"] == 3 for row in found)


def test_audit_leaves_nothing_of_the_list_in_the_lake(lake: Lake, audited: AuditedList) -> None:
    before = sorted(path for path in lake.receipts.rglob("*") if path.is_file())

    assert audit_list(request(lake)).rows_in == 9
    assert sorted(path for path in lake.receipts.rglob("*") if path.is_file()) == before


def test_audit_again_gives_the_same(lake: Lake, audited: AuditedList) -> None:
    again = audit_list(request(lake))

    assert again.indications.equals(audited.indications)
    assert again.unpaid.equals(audited.unpaid)
    assert again.regencies == audited.regencies


def test_audit_with_a_key_of_another_generation_is_refused(lake: Lake) -> None:
    with pytest.raises(ReleaseUnderOtherKey) as refusal:
        audit_list(request(lake, sealer=Sealer(next_generation(KEY))))

    assert refusal.value.fields == {"release": RELEASE, "sealed": 1, "at_hand": 2}


def test_audit_of_a_release_that_is_not_there_is_refused(lake: Lake) -> None:
    asked = request(lake)
    missing = AuditRequest(asked.delivery, lake, "2025-T1", asked.determination, asked.sources, SEALER)

    with pytest.raises(NoSuchRelease):
        audit_list(missing)


def test_kept_determination_is_used_again_and_not_made_anew(lake: Lake, audited: AuditedList) -> None:
    judged, is_made_now = kept_or_determined(lake, RELEASE, "PKH", programmes=find_programmes(None))

    assert (judged.name, is_made_now) == (audited.determination, False)
    asked = judged.asked
    assert (asked.decile_step, asked.decile_limit, asked.by_registered) == (1, 4, True)
    assert None not in (asked.component_step, asked.servant_step, asked.wage_step)
