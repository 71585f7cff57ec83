"""A file of quotas: codes and other names, areas of the level by which a programme shares out, each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kesos.foundation.errors import Refused
from kesos.pipeline.determine.facts.sheet import BrokenCell
from kesos.pipeline.determine.quotas import (
    QuotaNotForeseen,
    QuotaOfNoProgramme,
    QuotaOfOtherArea,
    QuotaTwice,
    read_quotas,
)
from kesos.policy.programme import Programme
from unit.pipeline.determine.small_programme import content

PROGRAMMES = {
    "AID": Programme.model_validate(content(also_called=["Bantuan Keluarga"])),
    "ALL": Programme.model_validate(content(code="ALL", quota={"level": "national", "area": "registered"})),
    "FREE": Programme.model_validate(content(code="FREE", quota=None)),
}


def written(folder: Path, *lines: str) -> Path:
    """Write a file of quotas."""
    path = folder / "quotas.csv"
    path.write_text("\n".join(["programme,area,quota", *lines]) + "\n", encoding="utf-8")
    return path


def test_read_quotas_leads_names_to_codes_and_areas_to_digits(tmp_path: Path) -> None:
    path = written(tmp_path, "aid,5204,120", "bantuan keluarga,73.71,0", "ALL,,1000")

    assert read_quotas(path, PROGRAMMES) == {"AID": {"5204": 120, "7371": 0}, "ALL": {"": 1000}}


@pytest.mark.parametrize(
    ("line", "refusal", "fields"),
    [
        ("AIDS,5204,1", QuotaOfNoProgramme, {"value": "AIDS", "near": "AID", "line": 2}),
        ("FREE,5204,1", QuotaNotForeseen, {"code": "FREE", "line": 2}),
        ("AID,520408,1", QuotaOfOtherArea, {"value": "520408", "level": "regency", "line": 2}),
        ("AID,,1", QuotaOfOtherArea, {"value": "", "line": 2}),
        ("AID,Sumbawa,1", QuotaOfOtherArea, {"value": "Sumbawa", "line": 2}),
        ("ALL,52,1", QuotaOfOtherArea, {"value": "52", "level": "national", "line": 2}),
        ("AID,5204,1\nAID,52.04,2", QuotaTwice, {"first": 2, "line": 3, "code": "AID"}),
        ("AID,5204,many", BrokenCell, {"value": "many", "line": 2, "field": "quota"}),
    ],
)
def test_read_quotas_refuses_a_line_and_says_which(
    tmp_path: Path, line: str, refusal: type[Refused], fields: dict[str, object]
) -> None:
    with pytest.raises(refusal) as refused:
        read_quotas(written(tmp_path, line), PROGRAMMES)

    assert {name: refused.value.fields[name] for name in fields} == fields
