"""Read the rates of the synthetic world: one readable file, checked, with no default hidden in code."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from kesos.foundation.errors import Refused

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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
    deaths_window_years: Positive


class DocumentRates(_Group):
    """Who has which document, and how far it agrees with the person."""

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


class DtsenRates(_Group):
    """Faults of the DTSEN extract as a list."""

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

    person_missing: Share
    death_known: Share
    moved_out: Share
    old_kk: Share


class PkhRates(_Group):
    """Who is paid by PKH."""

    reach: Share
    inclusion_error: Annotated[float, Field(ge=0.0, lt=1.0)]
    dead_payee: Share
    old_kk: Share


class DeathReportRates(_Group):
    """Which deaths are reported."""

    reported: Share
    living_reported: Share


class Spelling(_Group):
    """Faults of writing of one source, per value."""

    nik_missing: Share
    nik_mistyped: Share
    nik_swapped: Share
    nik_placeholder: Share
    nik_scientific: Share
    name_typo: Share
    name_variant: Share
    name_title: Share
    word_dropped: Share
    date_swapped: Share
    date_missing: Share


class SpellingRates(_Group):
    """Faults of writing, source by source."""

    dtsen: Spelling
    dukcapil: Spelling
    pkh_payees: Spelling
    death_reports: Spelling


class RowRates(_Group):
    """Faults of lines and codes in the files."""

    broken: Share
    code_missing: Share
    code_wrong: Share
    excel_rounded_share: Share


class Rates(_Group):
    """Every rate of the synthetic world; `rates.yaml` says where each is from."""

    families: FamilyRates
    documents: DocumentRates
    welfare: WelfareRates
    dtsen: DtsenRates
    dukcapil: DukcapilRates
    pkh: PkhRates
    death_reports: DeathReportRates
    spelling: SpellingRates
    rows: RowRates


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
