"""How wrong a programme is as ruled: its determinations against a synthetic world whose poverty is known.

*True poverty*: families of the true world are ranked by consumption a person, in poverty lines of their regency, and
cut into tenths of the persons of that world. *Truly entitled* is a family within the programme's last decile that has
one of its components, and no member who is a civil servant where the programme excludes them; counted from the truth's
own columns by statements of this module, never by the rule. A component is a pregnant woman, a young child, a pupil of
primary to upper secondary school of 5 to 21 years, an elder (ages as the programme's parameters say), or a person who
cannot do one of nine things at all, or can hardly care for oneself.

A family of the release is the true family of most of its members (then of the head, then the lower key), a person that
of most of their records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from kesos.datasets.lake import Lake
from kesos.datasets.manifest import Manifest, read_manifest
from kesos.datasets.release_files import dataset_files
from kesos.foundation.errors import Refused
from kesos.pipeline.determine.store import open_determination
from kesos.pipeline.engine import Engine
from kesos.pipeline.evaluate.against_truth import NoTruth, TruthOfOtherFiles, find_rows_again
from kesos.policy.programme import Programme, Unit
from kesos.reference.poverty import regency_figures

_SQL: Final = files("kesos.pipeline.determine") / "sql_truth"
_DECILES: Final = 10
_DIFFICULTIES: Final = (
    "seeing", "hearing", "walking", "using_hands", "learning", "behaviour", "speaking", "self_care", "remembering",
)  # fmt: skip
PERSON_OF_TRUTH: Final = {
    "person_key": "VARCHAR",
    "family_key": "BIGINT",
    "birth_date": "DATE",
    "died_on": "DATE",
    "pregnant_code": "SMALLINT",
    "school_participation_code": "SMALLINT",
    "education_level_code": "SMALLINT",
    "work_status_code": "SMALLINT",
    **{f"difficulty_{name}_code": "SMALLINT" for name in _DIFFICULTIES},
}
FAMILY_OF_TRUTH: Final = {"family_key": "BIGINT", "village": "BIGINT", "consumption_idr": "BIGINT"}
_WITH_COMPONENTS: Final = "PKH"
_AGES: Final = ("early_childhood_last_age", "elderly_age")


class NotInTruth(Refused):
    """The truth cannot say who is entitled to the programme."""

    what = "The truth of a synthetic world cannot say who is entitled to {programme}."
    remedy = "Ask for a programme of families with a last decile; of those with components, for PKH."


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What the truth is asked: the last decile, the ages that count as components, and who is excluded."""

    last_decile: int
    needs_component: bool
    excludes_civil_servants: bool
    young_to: int
    elder_from: int


@dataclass(frozen=True, slots=True)
class Count:
    """Families and their persons."""

    families: int
    persons: int


@dataclass(frozen=True, slots=True)
class ErrorByCut:
    """The two errors with one line between poor and not poor.

    `line` is `deciles_of_world`, or `as_many_as_listed`: the poorest, as many persons as the official deciles put
    within the limit, so that only the order is judged. `determined` counts those determined eligible by what the truth
    says of them, `entitled` the truly entitled by what was determined.
    """

    line: str
    determined: Mapping[str, Count]
    entitled: Mapping[str, Count]

    @property
    def inclusion_error(self) -> Fraction | None:
        """Give the share of families determined eligible, and known to the truth, that are truly not entitled."""
        known = {truth: count.families for truth, count in self.determined.items() if truth != "untold"}
        return _share(sum(known.values()) - known.get("truly_entitled", 0), sum(known.values()))

    @property
    def exclusion_error(self) -> Fraction | None:
        """Give the share of truly entitled families that were not determined eligible."""
        families = {outcome: count.families for outcome, count in self.entitled.items()}
        return _share(sum(families.values()) - families.get("eligible", 0), sum(families.values()))

    def to_dict(self) -> dict[str, object]:
        """Give counts and shares as plain data."""
        shares = {"inclusion_error": self.inclusion_error, "exclusion_error": self.exclusion_error}
        figures = {name: None if share is None else float(share) for name, share in shares.items()}
        return {**asdict(self), **figures}


@dataclass(frozen=True, slots=True)
class DecileOfTruth:
    """A true decile: how many families may receive but for their decile, and what was determined."""

    decile: int
    families: int
    persons: int
    may_receive: int
    eligible: int
    to_verify: int
    not_in_registry: int


@dataclass(frozen=True, slots=True)
class RuleError:
    """A programme of a stored determination, judged by the truth."""

    release: str
    determination: str
    programme: str
    asked: Entitlement
    cuts: tuple[ErrorByCut, ...]
    deciles: tuple[DecileOfTruth, ...]

    def to_dict(self) -> dict[str, object]:
        """Give everything as plain data, for programs."""
        return {**asdict(self), "cuts": [cut.to_dict() for cut in self.cuts]}


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def rule_error(lake: Lake, release: str, truth: Path, programme: str, *, name: str | None = None) -> RuleError:
    """Judge one programme of a stored determination by the truth of the world that its files came from.

    *Raises* NoSuchRelease, what `open_determination` refuses, NotInTruth, NoTruth, TruthOfOtherFiles.
    """
    folder = lake.existing_release(release)
    manifest = read_manifest(folder)
    stored = open_determination(lake, release, name)
    as_of = stored.manifest.as_of
    rules = stored.programme(programme)
    asked = entitlement(rules, as_of)
    with Engine(memory="2GB") as engine:
        for dataset in ("person", "family", "person_record"):
            engine.view_parquet(dataset, dataset_files(folder, manifest, dataset))
        engine.view_parquet("determination", stored.files("determination"))
        engine.load("decile_clause", _decile_clauses(rules, stored.manifest.programmes[programme].clauses))
        load_world(engine, manifest, truth)
        if engine.count("judged_record") == 0:
            raise TruthOfOtherFiles(folder=truth, release=release)
        cuts, deciles = judge(engine, programme, asked, as_of)
    return RuleError(release, stored.manifest.name, programme, asked, cuts, deciles)


def entitlement(programme: Programme, as_of: date) -> Entitlement:
    """Read from a programme's parameters of a day what the truth is to be asked. *Raises* NotInTruth."""
    values = {key: parameter.on(as_of) for key, parameter in programme.parameters.items()}
    limits = [v.value for key, v in values.items() if v is not None and programme.parameters[key].unit == "decile"]
    of_persons = any(component.of == "person" for component in programme.benefit.components)
    ages = [value.value for name in _AGES if (value := values.get(name)) is not None]
    is_known = not of_persons or (programme.code == _WITH_COMPONENTS and len(ages) == len(_AGES))
    if programme.unit is not Unit.FAMILY or len(limits) != 1 or not is_known:
        raise NotInTruth(programme=programme.code)
    young_to, elder_from = ages if of_persons else (0, 0)
    return Entitlement(
        last_decile=int(limits[0]),
        needs_component=of_persons,
        excludes_civil_servants=any("civil_servant" in exclusion.rule for exclusion in programme.exclusions),
        young_to=int(young_to),
        elder_from=int(elder_from),
    )


def _decile_clauses(programme: Programme, clauses: Sequence[str]) -> pa.Table:
    """Give the weight, in the sum of outcomes, of each clause of eligibility that asks for the official decile."""
    asking = {clause.id for clause in programme.eligibility if "official_decile" in clause.rule}
    weights = [4**place for place, name in enumerate(clauses) if name in asking]
    return pa.table({"weight": pa.array(weights, pa.int64())})


def load_world(engine: Engine, manifest: Manifest, truth: Path) -> None:
    """Load persons and families of the truth, poverty lines, and which records are about whom. *Raises* NoTruth."""
    for kind, columns in (("person", PERSON_OF_TRUTH), ("family", FAMILY_OF_TRUTH)):
        paths = sorted((truth / kind).glob("*.parquet"))
        if not paths:
            raise NoTruth(folder=truth)
        engine.view_parquet(f"{kind}_of_truth", paths)
        engine.union([f"{kind}_of_truth"], columns, into=f"true_{kind}_row")
    find_rows_again(engine, manifest, truth)
    figures = regency_figures()
    names = {"regency": "regency", "poverty_line_idr": "poverty_line_2025_idr"}
    engine.load("poverty_line", pa.table({name: figures.column(column) for name, column in names.items()}))


def judge(
    engine: Engine, programme: str, asked: Entitlement, as_of: date
) -> tuple[tuple[ErrorByCut, ...], tuple[DecileOfTruth, ...]]:
    """Count both errors for both lines, and the true deciles, over the tables of an engine."""
    given: dict[str, Any] = {**asdict(asked), "as_of": as_of, "programme": programme}
    steps = ("010_true_person", "020_true_family", "030_family_truth", "040_determined_family", "050_found_family")
    for step in steps:
        engine.run(_SQL / f"{step}.sql", **given)
    engine.run(_SQL / "080_true_decile.sql")
    listed = engine.fetch(_LISTED_PERSONS, last_decile=asked.last_decile).column("persons")[0].as_py()
    in_all = engine.fetch("SELECT coalesce(sum(persons), 0) AS persons FROM found_family").column("persons")[0].as_py()
    lines = {"deciles_of_world": asked.last_decile * int(in_all), "as_many_as_listed": _DECILES * int(listed)}
    cuts = []
    for line, tenths in lines.items():
        engine.run(_SQL / "060_determined_truth.sql", poor_tenths=tenths)
        engine.run(_SQL / "070_entitled_outcome.sql", poor_tenths=tenths)
        cuts.append(
            ErrorByCut(
                line, _counts(engine, "determined_truth", "truth"), _counts(engine, "entitled_outcome", "outcome")
            )
        )
    rows = engine.fetch("SELECT * FROM true_decile ORDER BY decile").to_pylist()
    return tuple(cuts), tuple(DecileOfTruth(**row) for row in rows)


_LISTED_PERSONS: Final = """
    SELECT coalesce(sum(persons), 0) AS persons
    FROM determined_family
    WHERE official_decile <= $last_decile
"""


def _counts(engine: Engine, table: str, key: str) -> dict[str, Count]:
    rows = engine.fetch(f"SELECT * FROM {table} ORDER BY {key}").to_pylist()
    return {row[key]: Count(row["families"], row["persons"]) for row in rows}
