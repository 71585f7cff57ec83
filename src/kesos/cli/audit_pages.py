"""The HTML pages of an audit: all regencies, and one page each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kesos.cli.audit_words import AuditWords
from kesos.pipeline.determine.payees.audit import AuditedList
from kesos.pipeline.determine.payees.checks import UNPAID
from kesos.pipeline.determine.payees.figures import ANY, AreaFigures, RegencyFigures, sum_of
from kesos.presentation.page import Back, Cell, ColumnTitle, Page, PageTable, Section

INDEX: Final = "index.html"
_HARDLY_ANY: Final = 0.9


def index_page(
    audited: AuditedList, words: AuditWords, *, language: str, names: dict[str, str], shown: Sequence[str]
) -> Page:
    """Arrange the page of all regencies; `names` gives for each code the name of its files, without ending."""
    whole = sum_of(one.whole for one in audited.regencies)
    title = words.translate("Payee audit: {programme}").format(programme=getattr(audited.programme_name, language))
    return Page(
        language=language,
        title=title,
        skip=words.translate("Go to the content"),
        lead=[_not_a_verdict(words)],
        facts=_facts(audited, whole, words),
        sections=[
            _by_indication(whole, shown, words),
            _by_regency(audited.regencies, names, words),
            _how_found(audited, words),
        ],
        foot=_foot(audited, words),
    )


def regency_page(
    audited: AuditedList, regency: RegencyFigures, words: AuditWords, *, language: str, name: str, shown: Sequence[str]
) -> Page:
    """Arrange the page of one regency."""
    title = words.translate("Payee audit: {programme}").format(programme=getattr(audited.programme_name, language))
    return Page(
        language=language,
        title=f"{title}, {words.area(regency.whole.code)}",
        skip=words.translate("Go to the content"),
        lead=[_not_a_verdict(words)],
        facts=_facts(audited, regency.whole, words),
        sections=[
            Section(
                words.translate("Workbook"),
                [words.translate("Every indication with its evidence, and empty columns for the visit.")],
                links=[Cell(f"{name}.xlsx", href=f"{name}.xlsx")],
            ),
            _by_indication(regency.whole, shown, words),
            _by_district(regency, shown, words),
        ],
        foot=_foot(audited, words),
        back=Back(INDEX, words.translate("All regencies"), words.translate("Back to the page of all regencies")),
    )


def _not_a_verdict(words: AuditWords) -> str:
    return words.translate(
        "These are indications, not verdicts: each is to be checked by a visit before anybody decides."
    )


def _facts(audited: AuditedList, area: AreaFigures, words: AuditWords) -> list[tuple[str, str]]:
    number = words.number
    return [
        (words.translate("Release"), f"{audited.release}, {audited.as_of}"),
        (words.translate("Determination"), audited.determination),
        (words.translate("Payee list"), f"{audited.list_name}, {audited.delivered_on}"),
        (words.translate("Rows audited"), number(area.rows)),
        (words.translate("Rows set aside"), number(area.set_aside)),
        (words.translate("Paid by the list"), f"Rp{number(area.paid_idr)}"),
        (words.translate("Rows with an indication"), number(area.of(ANY).indicated)),
        (words.translate("At stake on the list"), f"Rp{number(area.of(ANY).stake_idr)}"),
    ]


def _foot(audited: AuditedList, words: AuditWords) -> list[str]:
    template = words.translate(
        "Figures of release {release} as of {as_of}, list of {delivered}. Rows count once for each indication that "
        "they have; 'not checked' are rows of which the register does not know, or not freshly enough."
    )
    dash = words.translate("A dash is no zero: the register knows too little to check this here.")
    return [template.format(release=audited.release, as_of=audited.as_of, delivered=audited.delivered_on), dash]


def _by_indication(area: AreaFigures, shown: Sequence[str], words: AuditWords) -> Section:
    columns = [
        ColumnTitle(words.translate("Indication")),
        ColumnTitle(words.translate("Indicated"), is_number=True),
        ColumnTitle(words.translate("Not checked"), is_number=True),
        ColumnTitle(words.translate("Rupiah on the list"), is_number=True),
        ColumnTitle(words.translate("Rupiah a year"), is_number=True),
    ]
    rows = []
    for name in shown:
        figure = area.of(name)
        first, last = [figure.indicated], [figure.stake_idr, figure.stake_a_year_idr]
        is_blind = _is_blind(area, name)
        cells = (*_numbers(first, words, is_blind), *_numbers([figure.not_checked], words))
        rows.append([Cell(words.indications[name]), *cells, *_numbers(last, words, is_blind)])
    return Section(
        words.translate("By indication"),
        table=PageTable(words.translate("Indications and what is at stake"), columns, rows),
    )


def _by_regency(regencies: Sequence[RegencyFigures], names: dict[str, str], words: AuditWords) -> Section:
    columns = [
        ColumnTitle(words.translate("Regency")),
        ColumnTitle(words.translate("Rows of the list"), is_number=True),
        ColumnTitle(words.translate("Rows with an indication"), is_number=True),
        ColumnTitle(words.translate("Rupiah on the list"), is_number=True),
        ColumnTitle(words.translate("Rupiah a year"), is_number=True),
        ColumnTitle(words.translate("Eligible, not on the list"), is_number=True),
        ColumnTitle(words.translate("Set aside"), is_number=True),
        ColumnTitle(words.translate("Workbook")),
    ]
    rows = []
    for regency in regencies:
        area = regency.whole
        name = names[area.code]
        of_any = area.of(ANY)
        numbers = (area.rows, of_any.indicated, of_any.stake_idr, of_any.stake_a_year_idr)
        others = (area.of("eligible_but_unpaid").indicated, area.set_aside)
        first = Cell(words.area(area.code), href=f"{name}.html")
        rows.append([first, *_numbers((*numbers, *others), words), Cell(f"{name}.xlsx", href=f"{name}.xlsx")])
    return Section(
        words.translate("By regency"),
        table=PageTable(words.translate("Regencies, with their pages and workbooks"), columns, rows),
    )


def _by_district(regency: RegencyFigures, shown: Sequence[str], words: AuditWords) -> Section:
    columns = [
        ColumnTitle(words.translate("District")),
        ColumnTitle(words.translate("Rows of the list"), is_number=True),
        *(ColumnTitle(words.indications[name], is_number=True) for name in shown),
    ]
    rows = [
        [
            Cell(words.area(area.code)),
            *_numbers([area.rows], words),
            *(cell for name in shown for cell in _numbers([area.of(name).indicated], words, _is_blind(area, name))),
        ]
        for area in regency.districts
    ]
    return Section(
        words.translate("By district"), table=PageTable(words.translate("Rows with each indication"), columns, rows)
    )


def _how_found(audited: AuditedList, words: AuditWords) -> Section:
    columns = [
        ColumnTitle(words.translate("How the person was found")),
        ColumnTitle(words.translate("How sure")),
        ColumnTitle(words.translate("Rows"), is_number=True),
    ]
    rows = [
        [Cell(words.rules[rule]), Cell(words.confidences[sure] if sure else "–"), *_numbers([count], words)]
        for rule, sure, count in audited.link_rules
    ]
    return Section(
        words.translate("How rows were matched"),
        table=PageTable(words.translate("Rows by how they were matched"), columns, rows),
    )


def _numbers(values: Sequence[int], words: AuditWords, is_blind: bool = False) -> list[Cell]:
    return [Cell("–" if is_blind else words.number(value), is_number=True) for value in values]


def _is_blind(area: AreaFigures, name: str) -> bool:
    """Tell whether nothing is indicated because hardly a row could be checked: a zero would say that all is well."""
    figure = area.of(name)
    return figure.indicated == 0 and name != UNPAID and figure.not_checked > _HARDLY_ANY * area.rows
