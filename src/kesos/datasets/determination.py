"""What was determined over a release: each unit of each programme, what it would get, and where places ended.

<lake>/determinations/<release>/<name>/manifest.json, programmes/<CODE>.yaml, <dataset>/….parquet
<lake>/determinations/<release>/current                 the name of the one that was written last

A determination is no decision: that has the signature of the authority. Facts are not repeated here; `explain` asks the
release for them again.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from kesos.datasets.manifest import FILE_NAME, StoredDataset, UnreadableManifest
from kesos.datasets.schema import Column, Dataset

FORMAT: Final = 1
_PROGRAMME: Final = Column("programme", "VARCHAR", "Programme code.", required=True)
_UNIT_ID: Final = Column(
    "unit_id",
    "BIGINT",
    "Person, family or dwelling of the register, as the programme's unit is; a group by its place in order of code.",
    required=True,
)

DETERMINATION: Final = Dataset(
    name="determination",
    grain="One unit (person, family, dwelling or group) under one programme. One file a programme.",
    key=("programme", "unit_id"),
    columns=(
        _PROGRAMME,
        _UNIT_ID,
        Column("family_id", "BIGINT", "Family of the unit; null for a dwelling, a group, or a person in none."),
        Column("eligibility", "VARCHAR", "eligible, not_eligible or to_verify.", required=True),
        Column(
            "selection",
            "VARCHAR",
            "within_quota, waiting, or not_ranked (no quota holds); null unless eligible.",
        ),
        Column(
            "outcomes",
            "BIGINT",
            "Two bits a clause, the first clause of the manifest lowest. Eligibility: 0 not met, 1 met, 2 unknown; "
            "what speaks against: 0 clear, 1 indicated, 2 not checked.",
            required=True,
        ),
        Column("quota_area", "VARCHAR", "Area whose quota counts; empty for the nation, null if there is none."),
        Column("rank", "INTEGER", "Place among the eligible of the area, from 1; null where nothing is ranked."),
        Column(
            "amount_idr", "BIGINT", "Whole benefit of a year, or of the one time; null if not eligible.", unit="IDR"
        ),
        Column("amount_open", "BOOLEAN", "More may come once facts that are unknown are known.", required=True),
        Column(
            "movement",
            "VARCHAR",
            "enter, stay, leave (proposed only) or none; null where it is not known who is a member.",
        ),
        Column("leave_reason", "VARCHAR", "Clause or exit that proposes to leave, or `duration` or `quota`."),
        Column("is_protected", "BOOLEAN", "Leaving would be proposed, but the programme protects them.", required=True),
    ),
)

DETERMINATION_COMPONENT: Final = Dataset(
    name="determination_component",
    grain="One component that an eligible unit would get, for one of its persons or for itself.",
    key=("programme", "unit_id", "person_id", "component"),
    columns=(
        _PROGRAMME,
        _UNIT_ID,
        Column("person_id", "BIGINT", "Person it is given for; 0 if for the unit itself.", required=True),
        Column("component", "VARCHAR", "Component of the programme.", required=True),
        Column("amount_idr", "BIGINT", "Its part of the amount; 0 if it is no money.", unit="IDR", required=True),
    ),
)

DETERMINATION_CUTOFF: Final = Dataset(
    name="determination_cutoff",
    grain="One quota area of one programme: its places, who stood for them, and where they ended.",
    key=("programme", "quota_area"),
    columns=(
        _PROGRAMME,
        Column("quota_area", "VARCHAR", "Kemendagri code of the area; empty for the nation.", required=True),
        Column("quota", "BIGINT", "Places.", unit="units", required=True),
        Column("eligible", "BIGINT", "Eligible units of the area.", unit="units", required=True),
        Column("within_quota", "BIGINT", "Units with a place.", unit="units", required=True),
        Column("waiting", "BIGINT", "Units on the waiting list.", unit="units", required=True),
        Column(
            "settled_by_lottery",
            "BIGINT",
            "Units alike in every key but the lottery among which the last place fell; 0 if no draw decided.",
            unit="units",
            required=True,
        ),
        Column("last_rank", "INTEGER", "Rank of the last unit with a place; null if there is none."),
        Column("last_keys", "VARCHAR", "Ranking keys of that unit as a JSON list, null for an unknown one."),
    ),
)

DETERMINATION_PROGRAMME: Final = Dataset(
    name="determination_programme",
    grain="One programme, summed up.",
    key=("programme",),
    columns=(
        _PROGRAMME,
        Column("unit", "VARCHAR", "person, family, dwelling or group.", required=True),
        Column(
            "rule_hash", "VARCHAR", "SHA-256 of the rules in force and the definitions of their facts.", required=True
        ),
        Column("is_candidate_list", "BOOLEAN", "Another institution decides.", required=True),
        *(
            Column(name, "BIGINT", meaning, unit="units", required=True)
            for name, meaning in {
                "units": "Units looked at.",
                "eligible": "Units that may receive.",
                "not_eligible": "Units that a known fact speaks against.",
                "to_verify": "Units for which a fact is missing.",
                "within_quota": "Eligible units with a place.",
                "waiting": "Eligible units on the waiting list.",
                "not_ranked": "Eligible units where no quota holds.",
                "enter": "Units that would come in.",
                "stay": "Members that would stay.",
                "leave": "Members for whom leaving is proposed.",
                "protected": "Members for whom leaving would be proposed but for a protection.",
                "not_checked": "Units for which an exclusion could not be checked.",
            }.items()
        ),
        Column(
            "amount_idr", "BIGINT", "Benefits of all eligible units, the waiting among them.", unit="IDR", required=True
        ),
        Column("settled_by_lottery", "BIGINT", "Sum over the areas.", unit="units", required=True),
        Column(
            "eligible_of_full_areas",
            "BIGINT",
            "Eligible units of areas with fewer places than eligible units: what the lottery's share is of.",
            unit="units",
            required=True,
        ),
        Column("main_missing_fact", "VARCHAR", "Fact that is missing for most of the units to verify."),
        Column("main_missing_units", "BIGINT", "Units to verify for which it is missing.", unit="units", required=True),
        Column("main_missing_only", "BIGINT", "Those for which nothing else is missing.", unit="units", required=True),
        Column("seed", "VARCHAR", "Published seed of the lottery."),
    ),
)

DETERMINATION_DATASETS: Final = (
    DETERMINATION,
    DETERMINATION_COMPONENT,
    DETERMINATION_CUTOFF,
    DETERMINATION_PROGRAMME,
)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeterminedProgramme(_Part):
    """A programme as it was applied: `clauses` in the order of the bits of `outcomes`, and the role of each."""

    rule_hash: str
    clauses: tuple[str, ...]
    roles: tuple[str, ...]


class HandedIn(_Part):
    """A file that an office handed in beside the release; `kind` is members, quotas, facts or groups."""

    kind: str
    name: str
    sha256: str


class DeterminationManifest(_Part):
    """Everything that decides the bytes of a determination. It holds no time of day."""

    format: int = FORMAT
    name: str
    release: str
    release_manifest_sha256: str
    as_of: date
    programmes: dict[str, DeterminedProgramme]
    inputs: tuple[HandedIn, ...]
    inputs_sha256: str
    code_sha256: str
    datasets: dict[str, StoredDataset]

    def to_json(self) -> str:
        """Render the manifest with sorted keys, so that equal manifests are equal bytes."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, indent=1, ensure_ascii=False) + "\n"

    def write(self, folder: Path) -> None:
        """Write the manifest into the folder of its determination."""
        (folder / FILE_NAME).write_text(self.to_json(), encoding="utf-8")


def read_determination_manifest(folder: Path) -> DeterminationManifest:
    """Read the manifest in a folder. *Raises* UnreadableManifest."""
    try:
        return DeterminationManifest.model_validate_json((folder / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableManifest(release=folder.name, why=error) from error
