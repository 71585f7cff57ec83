"""Write the pages of docs/reference that are made from the code: `make docs`. A house test fails when one is stale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import typer

from kesos.cli.main import app
from kesos.datasets.catalogue import RELEASE_DATASETS
from kesos.datasets.determination import DETERMINATION_DATASETS
from kesos.datasets.facts import DWELLING_FACTS, FAMILY_FACTS, PERSON_FACTS
from kesos.datasets.schema import Column, Dataset
from kesos.pipeline.sources.contract import SEALED_FIELDS, Contract, Kind, load_contract
from page_parts import MADE, table
from policy_pages import vocabulary_page
from programme_pages import programme_file_page

FOLDER: Final = Path(__file__).parent / "reference"
SOURCES: Final = Path(__file__).parents[1] / "src" / "kesos" / "pipeline" / "sources"


def commands_page() -> str:
    """Describe every command with its arguments and options, in the order of the command line."""
    text = [
        "# Commands\n",
        MADE,
        "Every command takes `--help`. Exit codes: 0 done; 1 done, and something was found;",
        "2 refused, or the command line is wrong, with what to do next; 70 broken, which we must mend.\n",
    ]
    for name, command in _commands(typer.main.get_command(app), "kesos"):
        text += [
            f"## `{name}`\n",
            _paragraph(command.help),
            table(("argument", "default", "meaning"), _parameters(command)),
        ]
    return "\n".join(text)


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    within: dict[str, Any] = getattr(command, "commands", {})
    for word, child in within.items():
        if not child.hidden:
            yield from _commands(child, f"{name} {word}")
    if not within:
        yield name, command


def _parameters(command: Any) -> Iterator[tuple[str, str, str]]:
    for parameter in command.params:
        if parameter.hidden:
            continue
        spelling = ", ".join([*parameter.opts, *parameter.secondary_opts])
        metavar = parameter.metavar or ("" if getattr(parameter, "is_flag", False) else parameter.name.upper())
        shown = metavar if parameter.param_type_name == "argument" else f"{spelling} {metavar}".strip()
        yield f"`{shown}`", _default(parameter), _one_line(parameter.help or "")


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    if parameter.default is None or callable(parameter.default) or parameter.default is False:
        return ""
    return f"`{parameter.default}`"


def datasets_page() -> str:
    """Describe every dataset of a release and of a determination: grain, key, columns with type, unit and meaning."""
    text = [
        "# Datasets of a release\n",
        MADE,
        "A release holds these tables as Parquet. Each file is sorted by its key, which is unique.",
        "An unknown value is null, never 0.",
        "The column *null* says whether a value may be unknown.\n",
    ]
    text += _described(RELEASE_DATASETS)
    text += [
        "\n# Datasets of a determination\n",
        "A determination lies in `determinations/<release>/<name>/` of the lake, with the texts that decided.\n",
    ]
    text += _described(DETERMINATION_DATASETS)
    return "\n".join(text)


def _described(datasets: Sequence[Dataset]) -> Iterator[str]:
    yield from (f"- [`{dataset.name}`](#{dataset.name}): {_one_line(dataset.grain)}" for dataset in datasets)
    for dataset in datasets:
        key = ", ".join(f"`{column}`" for column in dataset.key)
        yield f"\n## {dataset.name}\n"
        yield f"{_one_line(dataset.grain)} Key: {key}. Schema version {dataset.version}.\n"
        yield table(("column", "type", "null", "unit", "meaning"), _columns(dataset))


def _columns(dataset: Dataset) -> Iterator[tuple[str, ...]]:
    for column in dataset.columns:
        yield (
            f"`{column.name}`",
            column.type,
            "no" if column.required else "yes",
            column.unit or "",
            _one_line(column.meaning),
        )


def code_lists_page() -> str:
    """Describe the facts with the Regsosek question behind each, and the codes that are stored."""
    text = [
        "# Facts and code lists\n",
        MADE,
        "Codes are stored as the questionnaire of Regsosek 2022 (REGSOSEK22-K) has them, because later rules and",
        "reports quote the question. Public transcriptions disagree about two lists. Kesos stores the codes named",
        "below; a source whose codes differ says so in its contract (`code_lists`), where a district can choose:\n",
        "- roof (305): one transcription has 5 wood shingle, 6 bamboo (stored here), another 5 bamboo, 6 wood shingle;",
        '- cooking fuel (308): "does not cook at home" is 0 (stored here) or 12.\n',
    ]
    for title, facts in (("Person", PERSON_FACTS), ("Family", FAMILY_FACTS), ("Dwelling", DWELLING_FACTS)):
        text += [f"## {title}\n", table(("column", "item", "type", "values", "meaning"), map(_fact, facts))]
    return "\n".join(text)


def _fact(column: Column) -> tuple[str, ...]:
    values = _ranges(column.codes) if column.codes else {"BOOLEAN": "yes, no"}.get(column.type, column.unit or "")
    return f"`{column.name}`", column.item or "", column.type, values, _one_line(column.meaning)


def _ranges(codes: Sequence[int]) -> str:
    """Write codes shortly.

    >>> _ranges((1, 2, 3, 8)), _ranges((1, 2)), _ranges((0, 1, 2, 3))
    ('1–3, 8', '1, 2', '0–3')
    """
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and code == runs[-1][-1] + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def sources_page() -> str:
    """Describe every source that Kesos reads: its legal side, its files, and the headers it answers to."""
    text = [
        "# Sources\n",
        MADE,
        "One folder a source in `src/kesos/pipeline/sources/`. Headers are compared without case, spaces and signs.\n",
    ]
    for path in sorted(SOURCES.glob("*/contract.yaml")):
        text += _source(load_contract(path))
    return "\n".join(text)


def _source(contract: Contract) -> Iterator[str]:
    yield f"## {contract.source}\n"
    yield f"{contract.title.en} (*{contract.title.id}*), contract version {contract.version}.\n"
    said = {
        "owner": contract.owner,
        "legal basis": contract.legal_basis,
        "purpose": contract.purpose,
        "retention": contract.retention,
    }
    yield "".join(f"- {word}: {_one_line(value)}\n" for word, value in said.items())
    for name, file in contract.files.items():
        yield f"### {contract.source}/{name}\n"
        yield f"One row a {file.about}. A row is known again by: {', '.join(file.row_key)}.\n"
        rows = (
            (
                f"`{column_name}`",
                " ".join(column.aliases),
                column.kind.value,
                column.column,
                _one_line(column.meaning.en),
            )
            for column_name, column in file.columns.items()
        )
        yield table(("column", "also called", "kind", "column is", "meaning"), rows)


_MEANING: Final = {
    "source": "name of the source and of its folder",
    "version": "raised by whoever changes the contract",
    "title": "as shown to people, in Indonesian and English; of a file: what it is",
    "owner": "the institution that gives the list",
    "legal_basis": "why it may be given and processed",
    "purpose": "what it is processed for",
    "retention": "when its receipts are to be erased",
    "covers": "where and when it lists everybody, so that absence means no",
    "encodings": "encodings that are tried, in this order",
    "area_system": "whose codes its area columns hold",
    "code_lists": "for each recode table the variant in use",
    "recodes": "tables from codes as delivered to codes as stored, by name and variant",
    "files": "its files, by name",
    "about": "what one row speaks of",
    "row_key": "columns by which the source knows its row again",
    "compare_nik": "what is laid against the birth date and sex inside the NIK",
    "columns": "the columns, by name",
    "kind": "what it holds: see below",
    "ColumnContract.source": "where that meaning was read",
    "aliases": "other headers; case, spaces and signs do not count, `*` stands for digits",
    "column": "whether a file without it is refused",
    "value": "whether a row without a value goes to quarantine",
    "if_broken": "what happens to a value that cannot be read",
    "min": "smallest number",
    "max": "largest number",
    "after": "date column that this date may not precede",
    "codes": "codes as stored; a range is written 1..9",
    "words": "spellings of a code, as delivered",
    "date_order": "order in dates without a year in front",
    "recode": "recode table that leads to the stored codes",
    "named_by": "columns of names that find a village when the code does not",
    "meaning": "what the column says, in Indonesian and English",
    "areas": "area codes inside which it is complete",
    "from": "first day",
    "until": "day after the last; open if left out",
    "village": "column with the name of the village",
    "district": "column with the name of the district",
    "regency": "column with the code of the regency",
    "nik": "column with the NIK",
    "birth_date": "column with the date of birth",
    "sex": "column with the sex",
    "id": "in Indonesian",
    "en": "in English",
}


def source_contract_page() -> str:
    """Describe every key that a contract may have, as the code that checks contracts knows them.

    A key without a line in the table of meanings is a KeyError: give it one.
    """
    text = [
        "# Keys of a source contract\n",
        MADE,
        "`contract.yaml` in a source's folder. An unknown or missing key is refused with its place.",
        "Begin with the tutorial [Add a source](../tutorials/add-a-source.md).\n",
    ]
    schema = Contract.model_json_schema()
    parts: dict[str, Any] = {"Contract": schema, **schema["$defs"]}
    first = ["Contract", "FileContract", "ColumnContract"]
    for name in [*first, *sorted(set(parts) - set(first))]:
        if "properties" in parts[name]:
            rows = _keys(name, parts[name])
            text += [f"## {name}\n", _paragraph(parts[name]["description"])]
            text += [table(("key", "needed", "if left out", "holds", "meaning"), rows)]
    kinds = ", ".join(f"`{kind}`" for kind in Kind)
    sealed = ", ".join(f"`{kind}`" for kind in SEALED_FIELDS)
    text += [f"## Kinds\n\n{kinds}.\n\nSealed at receipt, and never readable in the lake without the key: {sealed}.\n"]
    return "\n".join(text)


def _keys(name: str, part: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    needed = part.get("required", [])
    for key, schema in part["properties"].items():
        default = schema.get("default")
        shown = "" if default is None else f"`{default}`"
        meaning = _MEANING.get(f"{name}.{key}") or _MEANING[key]
        yield f"`{key}`", "yes" if key in needed else "no", shown, _holds(schema), meaning


def _holds(schema: dict[str, Any]) -> str:
    """Say what a key holds, in words of the page.

    >>> _holds({"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "null"}]})
    'list of integer'
    """
    if "anyOf" in schema:
        return " or ".join(_holds(choice) for choice in schema["anyOf"] if choice.get("type") != "null")
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_holds(schema.get('items', {}))}"
    if schema.get("type") == "object":
        within: dict[str, Any] = schema.get("additionalProperties") or next(
            iter(schema.get("patternProperties", {}).values()), {}
        )
        return f"by name: {_holds(within)}"
    return str(schema.get("format") or {"string": "text"}.get(schema.get("type", ""), schema.get("type", "text")))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _paragraph(text: str | None) -> str:
    return "\n".join(line.strip() for line in (text or "").strip().splitlines()) + "\n"


PAGES: Final[dict[str, Callable[[], str]]] = {
    "commands.md": commands_page,
    "datasets.md": datasets_page,
    "code-lists.md": code_lists_page,
    "sources.md": sources_page,
    "source-contract.md": source_contract_page,
    "vocabulary.md": vocabulary_page,
    "programme-file.md": programme_file_page,
}


def main() -> None:
    """Write every page anew."""
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
