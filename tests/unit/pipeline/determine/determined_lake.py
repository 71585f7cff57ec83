"""The neighbourhood of the release tests, with three small programmes determined over it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kesos.datasets.lake import Lake
from kesos.foundation.identifier import show_identifier
from kesos.pipeline.determine.programme_folder import find_programmes
from kesos.pipeline.determine.request import Determined, DetermineRequest
from kesos.pipeline.determine.run import determine
from kesos.pipeline.release.build import Built
from unit.pipeline.release.neighbourhood import deliver_all
from unit.pipeline.release.small_lake import SEALER, build, only

RELEASE: Final = "2026-T3"
_HEAD: Final = """\
aim: {id: kata, en: word}
valid_from: 2025-01-01
legal_basis: [{act: "Perda 1/2025", about: aid}]
authority: {determines: Dinas Sosial, signs: Bupati, pays: Bank, data_owner: BPS}
budget_line: "x"
"""
AID: Final = (
    """\
code: AID
name: {id: Bantuan, en: Aid}
"""
    + _HEAD
    + """\
unit: family
parameters:
  limit:
    meaning: {id: "Desil tertinggi", en: "Highest decile"}
    unit: decile
    values: [{from: 2025-01-01, value: 4, law: "Perda 1/2025", uncertain: "to be read"}]
eligibility:
  - id: decile
    rule: official_decile <= limit
    reason: {id: "Desil di atas batas.", en: "The decile is above the limit."}
  - id: need
    rule: children_under_18 >= 1 OR elderly_60 >= 1 OR working_members >= 1
    reason: {id: "Tidak ada yang perlu.", en: "Nobody is in need."}
exclusions:
  - id: gambling
    rule: gambling_indicated_in_family
    reason: {id: "Ada petunjuk judi.", en: "There is an indication of gambling."}
    source: PPATK
    expires_after_months: 6
    contest: {id: "Datang ke dinas.", en: "Come to the office."}
complements:
  - {programme: CARD, why: {id: "Untuk sehat", en: "For health"}}
benefit:
  kind: cash
  per: year
  stages: 4
  change_takes_effect: at_once
  components:
    - {code: child, name: {id: Anak, en: Child}, rule: "age < 18", amount: "1000001"}
    - {code: elder, name: {id: Lansia, en: Elder}, rule: "age >= 60", amount: "2400000"}
quota: {level: regency, area: residence}
ranking:
  - {key: official_decile, order: ascending, meaning: {id: Desil, en: Decile}}
  - {key: "elderly_60 >= 1", order: descending, meaning: {id: Lansia, en: Elder}}
lottery: {seed: "seed-2026", published: here}
cases:
  - name: {id: Ya, en: "Yes"}
    family: {official_decile: 2}
    members: [{age: 70, working: false}]
    expect: {eligibility: eligible}
  - name: {id: Tidak, en: "No"}
    family: {official_decile: 5}
    members: [{age: 70, working: false}]
    expect: {eligibility: not_eligible, because: [decile]}
"""
)
AID_FOR_FAMILIES: Final = (
    AID[: AID.index("  components:")]
    + '  components: [{code: aid, name: {id: Bantuan, en: Aid}, of: unit, amount: "1000000"}]\n'
    + AID[AID.index("quota:") :]
)
_SMALL: Final = """\
eligibility:
  - id: decile
    rule: {rule}
    reason: {{id: "Desil di atas batas.", en: "The decile is above the limit."}}
benefit:
  kind: service
  per: month
  periods: 12
  change_takes_effect: at_once
  components: [{{code: service, name: {{id: Layanan, en: Service}}, of: unit}}]
cases:
  - name: {{id: Ya, en: "Yes"}}
    {level}: {{{fact}: 2}}
    expect: {{eligibility: eligible}}
  - name: {{id: Tidak, en: "No"}}
    {level}: {{{fact}: 9}}
    expect: {{eligibility: not_eligible, because: [decile]}}
"""
CARD: Final = (
    "code: CARD\nname: {id: Kartu, en: Card}\nproposed_by: Dinas Kesehatan\n"
    + _HEAD
    + "unit: person\n"
    + _SMALL.format(rule="official_decile <= 5", level="family", fact="official_decile")
)
HOME: Final = (
    "code: HOME\nname: {id: Rumah, en: Home}\n"
    + _HEAD
    + "unit: dwelling\n"
    + _SMALL.format(rule="poorest_decile <= 4", level="dwelling", fact="poorest_decile")
)


@dataclass(frozen=True)
class DeterminedLake:
    """A lake with one release and one determination; `family` leads from a member's name to the identifier."""

    lake: Lake
    built: Built
    determined: Determined

    def person(self, name: str) -> str:
        """Give the identifier of a person."""
        return show_identifier("person", int(only(self.built, "person", name_normal=name)["person_id"]))

    def family_id(self, name: str) -> int:
        """Give the number of a person's family."""
        return int(only(self.built, "person", name_normal=name)["family_id"])

    def family(self, name: str) -> str:
        """Give the identifier of a person's family."""
        return show_identifier("family", self.family_id(name))

    def dwelling(self, name: str) -> str:
        """Give the identifier of the dwelling of a person's family."""
        row = only(self.built, "family", family_id=self.family_id(name))
        return show_identifier("dwelling", int(row["dwelling_id"]))


def determined_lake(folder: Path, *, aid: str = AID) -> DeterminedLake:
    """Build the neighbourhood and determine AID (one place in the regency), CARD and HOME over it.

    Agus's family (decile 7) is a member of AID; of Agus, PPATK indicated gambling in May; of Kartini (decile 1) it did
    so in 2024, which is too old.
    """
    built = build(deliver_all(folder / "sources"), folder / "lake", RELEASE, sealer=SEALER)
    found = DeterminedLake(Lake(folder / "lake"), built, None)  # type: ignore[arg-type]  # filled in below
    own = folder / "programmes"
    own.mkdir()
    for code, text in {"aid": aid, "card": CARD, "home": HOME}.items():
        (own / f"{code}.yaml").write_text(text, encoding="utf-8")
    files = {
        "members": f"programme,unit,since,status\nAID,{found.family('AGUS WIJAYA')},2026-01-15,member\n",
        "quotas": "programme,area,quota\nAID,3201,1\n",
        "stated": "id,fact,value,observed_on,stated_by\n"
        f"{found.person('AGUS WIJAYA')},gambling_indicated,yes,2026-05-31,PPATK\n"
        f"{found.person('KARTINI')},gambling_indicated,yes,2024-05-31,PPATK\n",
    }
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    request = DetermineRequest(
        lake=found.lake,
        release=RELEASE,
        programmes=find_programmes(own),
        chosen=("AID", "CARD", "HOME"),
        own=own,
        members=folder / "members.csv",
        quotas=folder / "quotas.csv",
        stated=folder / "stated.csv",
        memory="1GB",
        threads=1,
    )
    return DeterminedLake(found.lake, built, determine(request))
