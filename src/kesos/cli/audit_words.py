"""What an audit says: names of indications, sentences of evidence, how sure, how to read the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from kesos.foundation.columns import complete_texts
from kesos.foundation.identifier import show_identifier
from kesos.pipeline.determine.payees.audit import OTHER_PROGRAMME
from kesos.pipeline.validate.reasons import Fault, explain
from kesos.presentation.language import Translate, translator
from kesos.reference.areas import districts, regencies, villages

_UNKNOWN: Final = "–"


@dataclass
class AuditWords:
    """Words of an audit in one language; `list_day` is the day on which the list was delivered."""

    language: str
    release: str
    list_day: date

    @cached_property
    def translate(self) -> Translate:
        """Give the function that says an English sentence in the language."""
        return translator(self.language)

    @cached_property
    def indications(self) -> Mapping[str, str]:
        """Name the indications, in the order of the workbook."""
        return {
            "not_found": self.translate("Not found in the register"),
            "nik_of_another": self.translate("NIK of another person"),
            "died": self.translate("Recorded as dead"),
            "nik_shared": self.translate("One NIK, several persons"),
            "paid_twice": self.translate("On the list twice"),
            "outside_decile": self.translate("Outside the decile"),
            "civil_servant_in_family": self.translate("Civil servant in the family"),
            "wage_above_minimum": self.translate("Wage above the minimum"),
            "no_component_left": self.translate("No component left"),
            "moved": self.translate("Lives elsewhere"),
            "eligible_but_unpaid": self.translate("Eligible, not on the list"),
            "any": self.translate("At least one indication"),
        }

    @cached_property
    def evidence(self) -> Mapping[str, str]:
        """Give the sentence of each kind of evidence."""
        return {
            "not_found": self.translate(
                "Nobody in the register fits: by NIK, by family card and name, or by name, birth date and area."
            ),
            "not_found_without_nik": self.translate(
                "The row has no usable NIK, and nobody fits by family card and name, or by name, birth date and area."
            ),
            "nik_of_another": self.translate(
                "In the register the NIK is that of {person}, who has quite another name."
            ),
            "nik_shared": self.translate("The same NIK stands on line {line} with the name of somebody else."),
            "same_person": self.translate(
                "The same person stands on the list {value} times for this period and component; see line {line}."
            ),
            "same_person_other_nik": self.translate("The same person stands on line {line} with another NIK."),
            "same_family": self.translate("Another member of the family is on line {line} for the same period."),
            "died": self.translate("Died on {value}."),
            "died_before_period": self.translate("Died on {value}, before the period {limit} began."),
            "died_in_period": self.translate("Died on {value}, during the period {limit}."),
            "died_after_period": self.translate(
                "Died on {value}, after the period {limit}: wrong from the next one on."
            ),
            "died_day_unknown": self.translate("Recorded as dead; on which day is not known."),
            "moved_regency": self.translate("Lives in another regency: {value}."),
            "moved_district": self.translate("Lives in another district: {value}."),
            "moved_village": self.translate("Lives in another village: {value}."),
            "outside_decile": self.translate("Official decile {value}; the programme takes up to {limit}."),
            "outside_decile_rule": self.translate("Official decile {value} does not meet the rule of the programme."),
            "civil_servant": self.translate("{person} of the family is listed as a civil servant."),
            "civil_servant_stated": self.translate("A member of the family is stated to be a civil servant."),
            "wage": self.translate("{person} of the family has a reported wage of Rp{value} a month."),
            "wage_stated": self.translate("A member of the family is stated to earn more than the minimum wage."),
            "no_component_left": self.translate("No member of the family is known who gives a right to the programme."),
        }

    @cached_property
    def confidences(self) -> Mapping[int, str]:
        """Say how sure an indication is."""
        return {3: self.translate("high"), 2: self.translate("medium"), 1: self.translate("low")}

    @cached_property
    def selections(self) -> Mapping[str, str]:
        """Say how somebody eligible stands to the quota."""
        return {
            "within_quota": self.translate("within the quota"),
            "not_ranked": self.translate("no quota is set"),
        }

    @cached_property
    def rules(self) -> Mapping[str, str]:
        """Name the ways in which a row found its person."""
        return {
            "nik": self.translate("by NIK, which name, birth date or card confirm"),
            "card_and_name": self.translate("by family card and name"),
            "name_birth_and_area": self.translate("by name, birth date and area"),
            "name_and_village": self.translate("by name in the village, without birth date"),
            "several_candidates": self.translate("several persons fit alike; nobody was chosen"),
            "not_found": self.translate("nobody fits"),
        }

    @cached_property
    def _areas(self) -> Mapping[str, str]:
        """Name the areas of the Republic by code."""
        named: dict[str, str] = {}
        for level, table in (("regency", regencies()), ("district", districts()), ("village", villages())):
            named |= dict(zip(complete_texts(table[level]), complete_texts(table["name"]), strict=True))
        return named

    def area(self, code: str | None) -> str:
        """Name an area; one that is not known by its code, none at all in words."""
        return self._areas.get(code, code) if code else self.translate("Area not known")

    def number(self, value: int) -> str:
        """Write a whole number with the separator of the language."""
        return f"{value:,}".replace(",", self.translate("thousands separator"))

    def say_evidence(self, row: Mapping[str, Any]) -> str:
        """Say in a sentence what an indication rests on."""
        value, person = row["value"], row["other_person_id"]
        if row["indication"] == "moved":
            parts = (self.area(value), self.area(str(value)[:6]), self.area(str(value)[:4]))
            value = ", ".join(parts)
        elif row["evidence"] == "wage":
            value = self.number(int(value))
        return self.evidence[row["evidence"]].format(
            value=value or _UNKNOWN,
            limit=row["limit_value"] or _UNKNOWN,
            line=row["other_line"] or _UNKNOWN,
            person=show_identifier("person", person) if person else _UNKNOWN,
        )

    def say_source(self, source: str | None) -> str:
        """Name where the evidence is from."""
        if source == "list":
            return self.translate("this list")
        if source in ("release", None):
            return self.translate("release {name}").format(name=self.release)
        return str(source)

    def say_set_aside(self, row: Mapping[str, Any]) -> str:
        """Say why a row was set aside, and what to do."""
        if row["reason"] == OTHER_PROGRAMME:
            return self.translate(
                "The row is not about this programme, or its membership was stopped. Audit it with its own programme."
            )
        fault = Fault(
            row["source"], row["file"], row["row_number"], row["field"], row["value_shown"], row["limit_value"]
        )
        return explain(row["reason"], fault, self.translate)

    @cached_property
    def how_to_read(self) -> tuple[str, ...]:
        """Say how the workbook is to be read and filled in."""
        return (
            self.translate("How to read this workbook"),
            self.translate(
                "An indication is a reason to look, not a verdict. Nobody is taken off a list by it: somebody visits, "
                "listens, writes down what they found, and the authority decides."
            ),
            self.translate(
                "Fill in the three yellow columns: what the visit found, who went, and on which day. Leave the others."
            ),
            self.translate(
                "How sure: high means that number, name and birth date or card agree and the evidence is plain; medium "
                "that one of them is missing; low that it may well be somebody else. Begin with high."
            ),
            self.translate(
                "Died: where a programme pays a family, the family keeps its right. Name another member who collects."
            ),
            self.translate(
                "Outside the decile: BPS ranks. If the family lives otherwise, help it to have its data corrected."
            ),
            self.translate(
                "No component left: school, pregnancy and illness change faster than data. Ask before you conclude."
            ),
            self.translate(
                "Rupiah on the list is what the row says; rupiah a year is what it comes to if it goes on. A row with "
                "several indications counts once in 'At least one indication'. Of rows that pay the same person twice, "
                "the highest is taken to be right and the others are at stake."
            ),
            self.translate(
                "Not checked: the register does not know, or its observation is too old. What is not known is never "
                "an indication."
            ),
            self.translate(
                "The NIK is masked. Find the row on the list by its line number. This workbook holds names and "
                "addresses: keep it as carefully as the list, and destroy it after the visits."
            ),
        )
