"""Read the rates of the synthetic world: one readable file, checked, with no default hidden in code."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field

from kesos.foundation.errors import Refused

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]


class _Group(BaseModel):
    """Rates that belong together; `errors` names those that are errors of people and offices."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    errors: ClassVar[frozenset[str]] = frozenset()

    def scaled(self, factor: float) -> Self:
        """Multiply every error of the group, and of the groups in it, by a factor; none becomes more than one."""
        changed: dict[str, Any] = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, _Group):
                changed[name] = value.scaled(factor)
            elif name in self.errors:
                changed[name] = min(value * factor, 1.0)
        return self.model_copy(update=changed)


class FamilyRates(_Group):
    """How families are made up."""

    female_head: Share
    spouse_of_male_head: Share
    spouse_of_female_head: Share
    never_married_lone_head: Share
    childless_couple: Share
    births_young: Positive
    births_old: Positive
    married_child_at_home: Share
    parent_of_head: Share
    other_relative: Share
    shares_a_dwelling: Share
    twins: Share
    deaths_window_years: Positive


class DocumentRates(_Group):
    """Who has which document, and how far it agrees with the person."""

    errors = frozenset({"nik_disagrees", "january_first_young", "january_first_old"})

    without_nik_under_5: Share
    without_nik_child: Share
    without_nik_adult: Share
    without_nik_elder: Share
    family_without_kk: Share
    nik_disagrees: Share
    nik_issued_elsewhere: Share
    january_first_young: Share
    january_first_old: Share
    registered_elsewhere: Share
    registered_in_other_regency: Share


class WelfareRates(_Group):
    """How consumption is spread, and how far housing and assets show it."""

    sigma_log_consumption: Positive
    village_sd: Annotated[float, Field(ge=0.0, le=0.9)]
    size_slope: float
    elder_alone: float
    urban: float
    wealth_correlation: Share
    yearly_drift: Annotated[float, Field(ge=0.0)]


class LifeRates(_Group):
    """What happened to families in the years before the moment of the world."""

    years: Positive
    mother_in_reach: Share
    mother_in_village: Share
    split_of_shared: Share
    split_for_aid: Share
    moved_registered: Share
    moved_far: Share
    unregistered_years: Positive
    far_within_world: Share
    kk_changes_at_birth: Share
    kk_changes_at_death: Share
    kk_changes_when_leaving: Share


class DtsenRates(_Group):
    """Faults of the DTSEN extract as a list."""

    errors = frozenset({"wrong_family", "member_missing", "old_kk", "moved_family"})

    family_missing: Share
    stale: Share
    moved_family: Share
    wrong_family: Share
    member_missing: Share
    decile_missing: Share
    old_kk: Share
    score_given: Share
    recalled_floor_area_sd: Share


class DukcapilRates(_Group):
    """Faults of the civil registry extract as a list."""

    errors = frozenset({"person_missing", "moved_out", "old_kk"})

    person_missing: Share
    death_known: Share
    moved_out: Share
    old_kk: Share
    duplicates: Share
    duplicate_differs: Share
    second_nik_used: Share


class PkhRates(_Group):
    """Who is paid by PKH, and the faults of the list itself."""

    errors = frozenset({
        "dead_payee", "old_kk", "dead_kept", "listed_again", "partner_listed", "nik_of_payee", "nik_of_neighbour",
        "left_village",
    })  # fmt: skip

    reach: Share
    inclusion_error: Annotated[float, Field(ge=0.0, lt=1.0)]
    dead_payee: Share
    old_kk: Share
    dead_kept: Share
    listed_again: Share
    partner_listed: Share
    nik_of_payee: Share
    nik_of_neighbour: Share
    left_village: Share


class DeathReportRates(_Group):
    """Which deaths are reported."""

    reported: Share
    living_reported: Share


class DtksRates(_Group):
    """Whom DTKS listed in 2021."""

    errors = frozenset({"member_missing", "old_kk"})

    listed: Share
    misjudged_sd: Positive
    member_missing: Share
    old_kk: Share
    old_village_code: Share


class RegsosekRates(_Group):
    """Whom the enumeration of 2022 met."""

    errors = frozenset({"member_missing", "old_kk"})

    family_missing: Annotated[float, Field(ge=0.0, le=0.7)]
    member_missing: Share
    old_kk: Share
    kk_missing: Share


class P3keRates(_Group):
    """Whom the list made of BKKBN's family data holds."""

    errors = frozenset({"member_missing"})

    listed: Share
    misjudged_sd: Positive
    member_missing: Share


class SembakoRates(_Group):
    """Who is paid by Sembako."""

    errors = frozenset({"dead_payee", "old_kk"})

    reach: Share
    inclusion_error: Annotated[float, Field(ge=0.0, lt=1.0)]
    dead_payee: Share
    old_kk: Share


class PbiRates(_Group):
    """Who is on the list of health premiums."""

    errors = frozenset({"old_kk"})

    member_missing: Share
    dead_still_active: Share
    inactive: Share
    old_kk: Share


class PlnRates(_Group):
    """In whose name a meter stands."""

    previous_owner: Share
    owner_lives_elsewhere: Share
    without_nik: Share


class WorkRates(_Group):
    """Who is in the lists of employers."""

    civil_servants_listed: Share
    wages_reported: Share


class Spelling(_Group):
    """Faults of writing of one source, per value."""

    nik_missing: Share
    nik_mistyped: Share
    nik_transposed: Share
    nik_swapped: Share
    nik_placeholder: Share
    nik_scientific: Share
    nik_region: Share
    name_typo: Share
    name_variant: Share
    name_title: Share
    name_initial: Share
    name_single: Share
    name_order: Share
    word_dropped: Share
    date_swapped: Share
    date_missing: Share
    date_year_first: Share
    date_year_wrong: Share

    errors = frozenset(
        {
            *("nik_missing", "nik_mistyped", "nik_transposed", "nik_swapped", "nik_placeholder", "nik_scientific"),
            *("nik_region", "name_typo", "name_variant", "name_title", "name_initial", "name_single", "name_order"),
            *("word_dropped", "date_swapped", "date_missing", "date_year_first", "date_year_wrong"),
        }
    )


class SpellingRates(_Group):
    """Faults of writing, source by source."""

    dtsen: Spelling
    dukcapil: Spelling
    pkh_payees: Spelling
    death_reports: Spelling
    dtks: Spelling
    regsosek: Spelling
    p3ke: Spelling
    sembako_payees: Spelling
    pbi_members: Spelling
    pln_customers: Spelling
    civil_servants: Spelling
    wages: Spelling


class RowRates(_Group):
    """Faults of lines and codes in the files."""

    errors = frozenset({"broken", "code_missing", "code_wrong", "excel_rounded_share"})

    broken: Share
    code_missing: Share
    code_wrong: Share
    excel_rounded_share: Share


class Rates(_Group):
    """Every rate of the synthetic world; `rates.yaml` says where each is from."""

    families: FamilyRates
    documents: DocumentRates
    welfare: WelfareRates
    life: LifeRates
    dtsen: DtsenRates
    dukcapil: DukcapilRates
    pkh: PkhRates
    death_reports: DeathReportRates
    dtks: DtksRates
    regsosek: RegsosekRates
    p3ke: P3keRates
    sembako: SembakoRates
    pbi: PbiRates
    pln: PlnRates
    work: WorkRates
    spelling: SpellingRates
    rows: RowRates

    def with_duplicates(self, share: float) -> Self:
        """Give the same rates with another share of persons who have two records in the civil registry."""
        return self.model_copy(update={"dukcapil": self.dukcapil.model_copy(update={"duplicates": share})})


class BadRates(Refused):
    """Refuse a file of rates that has an unknown, missing or impossible entry."""

    what = "The rates file {file} cannot be used: {fault}."
    remedy = "Copy src/kesos/synthetic/rates.yaml and change its figures only."


def load_rates(path: Path | None = None) -> Rates:
    """Read the rates of the package, or those of a file in the same form; raise BadRates."""
    text = (resources.files("kesos.synthetic") / "rates.yaml" if path is None else path).read_text(encoding="utf-8")
    try:
        return Rates.model_validate(yaml.safe_load(text))
    except (ValueError, yaml.YAMLError) as fault:
        first_line = str(fault).replace("\n", " ")
        raise BadRates(file=path or "rates.yaml", fault=first_line) from fault
