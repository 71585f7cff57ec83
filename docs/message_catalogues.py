"""Write the catalogues of messages anew from the code, and compile them: `make messages`.

What a person may read is collected here and nowhere else: templates of refusals and of reasons, what commands
put on the screen, and the code words that stand in cells of tables. Translations that exist are kept, those of
sentences that are gone are dropped, and a new sentence stands with an empty translation until someone writes it.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import kesos
from kesos.datasets.registry import PERSON_GOLDEN
from kesos.foundation.civil_number import CivilNumberNote
from kesos.foundation.errors import Refused
from kesos.pipeline.validate.reasons import REASONS
from kesos.presentation.language import DOMAIN, LANGUAGES

SOURCE: Final = Path(__file__).parents[1] / "src"
LOCALE: Final = SOURCE / "kesos" / "presentation" / "locale"
ORIGINAL: Final = "en"
"""Sentences are written in this language; only the labels of code words are translations in it."""

COUNTS: Final = (
    *("rows_in", "rows_quarantined", "person_records", "family_records", "linked_records", "nik_contradictions"),
    *("persons", "families", "families_with_members", "dwellings", "issues"),
)
LINK_RULES: Final = ("founder", "same_nik", "same_row", "evidence", "answered")
LINKING: Final = (
    *("age_band", "apart_far", "apart_near", "bali_nusa_tenggara", "by_answer", "by_fair_evidence"),
    *("by_number", "by_strong_evidence", "by_weak_evidence", "compatible", "different", "elsewhere"),
    *("equal", "f1", "held_out", "island", "jawa", "kalimantan", "likely", "maluku", "mother", "name_words"),
    *("nik", "nik_note", "observed_on", "one_family", "one_part_differs", "paid", "paid_by_one_programme"),
    *("papua", "patterns", "precision", "prior", "programme", "rarity_and_caps", "recall", "refused"),
    *("register", "relation_code", "resembling", "same_district", "same_regency", "same_village", "same_year"),
    *("several_words", "single_name", "source", "sulawesi", "sumatera", "through_others", "unlikely"),
    *("village", "with_nik", "without_nik"),
)
DETERMINATION: Final = (
    *("facts", "groups", "members"),
    *("amount", "as_many_as_listed", "ascending", "at_once", "benefit", "cash", "clear", "component", "day"),
    *("deciles_of_world", "descending", "district", "duration", "dwelling", "eligibility", "eligible"),
    *("enter", "exclusion", "exit", "family", "group", "how_much", "in_kind", "incompatible", "indicated"),
    *("leave", "longest_time", "lottery", "met", "month", "national", "next_stage", "next_year"),
    *("not_checked", "not_determined", "not_eligible", "not_eligible_by_decile", "not_eligible_otherwise"),
    *("not_in_registry", "not_met", "not_ranked", "not_told", "number", "once", "partly_known", "person"),
    *("places", "premium", "protection", "province", "quota", "ranking", "reason", "regency", "registered"),
    *("residence", "service", "stay", "to_verify", "too_old", "truly_entitled", "truly_excluded"),
    *("truly_not_poor_enough", "truly_without_component", "unit", "unknown", "untold", "waiting"),
    *("who_comes_first", "who_is_held_back", "who_may_receive", "who_should_leave", "within_quota", "year"),
)
NIK_STATUSES: Final = ("none", "single", "agreed", "conflicting")
SEVERITIES: Final = ("must", "should")
FILE_FAULTS: Final = ("missing", "changed", "not listed")
VALUES: Final = ("male", "female", "alive", "dead", "moved")
SIGNS: Final = ("thousands separator",)

_SHOWING: Final = frozenset({"line", "heading", "translate", "working"})
_SHOWING_A_TABLE: Final = "table"
_NO_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)  # a day of making would change the file and tell what git knows
_WIDTH: Final = 110


def refusals_below(refusal: type[Refused]) -> Iterator[type[Refused]]:
    """List the refusals of the product that are imported, however deep."""
    for child in refusal.__subclasses__():
        if child.__module__.startswith("kesos."):
            yield child
        yield from refusals_below(child)


def all_refusals() -> list[type[Refused]]:
    """List every refusal of the product, having imported every module."""
    for module in pkgutil.walk_packages(kesos.__path__, "kesos."):
        importlib.import_module(module.name)
    return sorted(set(refusals_below(Refused)), key=lambda refusal: f"{refusal.__module__}.{refusal.__qualname__}")


def on_screen(source: str) -> set[str]:
    """Collect the literal sentences that a command's code hands to the screen, at once or through a name.

    >>> sorted(on_screen("screen.line('{n} rows.', n=1)\\nscreen.table(['column', 'rows'], rows)\\nlog.info('x')"))
    ['column', 'rows', '{n} rows.']
    """
    tree = ast.parse(source)
    given: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            listed = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            texts = (text for element in listed for text in _literals(element, {}))
            given.setdefault(node.targets[0].id, set()).update(texts)
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            if node.func.attr in _SHOWING:
                found |= _literals(first, given)
            elif node.func.attr == _SHOWING_A_TABLE:
                titles = first.elts if isinstance(first, ast.List | ast.Tuple) else [first]
                found |= {text for title in titles for text in _literals(title, given)}
    return found


def _literals(node: ast.expr, given: Mapping[str, set[str]]) -> set[str]:
    if isinstance(node, ast.IfExp):
        return _literals(node.body, given) | _literals(node.orelse, given)
    if isinstance(node, ast.Starred) and isinstance(node.value, ast.List | ast.Tuple):
        return {text for element in node.value.elts for text in _literals(element, given)}
    if isinstance(node, ast.Name):
        return given.get(node.id, set())
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def sentences() -> dict[str, str]:
    """Collect every sentence and title that a person may read, with the module that says it."""
    said: dict[str, str] = {}
    for path in sorted((SOURCE / "kesos" / "cli").glob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        said |= {text: said.get(text, place) for text in sorted(on_screen(path.read_text(encoding="utf-8")))}
    for reason in REASONS.values():
        said |= _templates(reason, "kesos/pipeline/validate/reasons.py", said)
    for refusal in all_refusals():
        place = f"{refusal.__module__.replace('.', '/')}.py"
        said |= _templates(refusal, place, said)
        said |= {word: said.get(word, place) for words in refusal.words.values() for word in words}
    return said


def _templates(of: object, place: str, said: Mapping[str, str]) -> dict[str, str]:
    texts = (getattr(of, "what", ""), getattr(of, "remedy", ""))
    return {text: said.get(text, place) for text in texts if text}


def code_words() -> dict[str, str]:
    """Collect the code words that commands show in cells of tables, with what kind of word each is.

    >>> code_words()["same_nik"]
    'link rule'
    """
    expectations = (files("kesos.pipeline.validate") / "sql_expectation").iterdir()
    kinds: dict[str, Iterable[str]] = {
        "count of a manifest": COUNTS,
        "expectation": sorted(file.name.removesuffix(".sql").split("_", 1)[1] for file in expectations),
        "severity of an expectation": SEVERITIES,
        "fault of a stored file": FILE_FAULTS,
        "status of a NIK": NIK_STATUSES,
        "link rule": LINK_RULES,
        "note on a NIK or KK": [note.value for note in CivilNumberNote],
        "column of a person": [column.name for column in PERSON_GOLDEN],
        "value of a column": VALUES,
        "sign in a number": SIGNS,
        "word of linking and its evaluation": LINKING,
        "word of a programme or a determination": DETERMINATION,
    }
    said: dict[str, str] = {}
    for kind, words in kinds.items():
        said |= {word: said.get(word, kind) for word in words}
    return said


def read_catalogue(po: Path) -> Catalog:
    """Read one written catalogue; an empty one if the file is not there."""
    language = po.parents[1].name
    if not po.exists():
        return Catalog(locale=language, domain=DOMAIN)
    with po.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def refreshed(old: Catalog, said: Mapping[str, str], words: Mapping[str, str]) -> Catalog:
    """Make the catalogue of one language for what is said now, with the translations that `old` has."""
    language = str(old.locale)
    catalog = Catalog(
        locale=language,
        domain=DOMAIN,
        project="Kesos",
        version=kesos.__version__,
        copyright_holder="the Kesos authors",
        creation_date=_NO_DAY,
        revision_date=_NO_DAY,
        msgid_bugs_address="issues of the repository",
        last_translator="the Kesos authors",
        language_team=language,
        fuzzy=False,
        header_comment="# What Kesos says to people. Written by `make messages`; only msgstr is for translators.",
    )
    for text, place in {**said, **words}.items():
        is_original = language == ORIGINAL and text not in words
        known = old.get(text)
        string = text if is_original else str(known.string) if known else ""
        flags = ["fuzzy"] if known and known.fuzzy and not is_original else []
        comment = [f"Code word: {place}."] if text in words else []
        catalog.add(text, string, locations=[] if comment else [(place, 0)], auto_comments=comment, flags=flags)
    return catalog


def write_catalogue(catalog: Catalog, po: Path) -> None:
    """Write one catalogue as text and, beside it, compiled."""
    po.parent.mkdir(parents=True, exist_ok=True)
    with po.open("wb") as file:
        write_po(file, catalog, width=_WIDTH, include_lineno=False)
    with po.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def main() -> None:
    """Write the catalogue of every language anew and say what has no translation yet."""
    said, words = sentences(), code_words()
    for language in LANGUAGES:
        po = LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        catalog = refreshed(read_catalogue(po), said, words)
        write_catalogue(catalog, po)
        waiting = [str(message.id) for message in catalog if message.id and not message.string]
        print(f"{po.relative_to(SOURCE)}: messages {len(catalog)}, without translation {len(waiting)}")
        for text in waiting:
            print(f"  {text}")


if __name__ == "__main__":
    main()
