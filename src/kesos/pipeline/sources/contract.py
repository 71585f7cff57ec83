"""The contract of a source: who gives it, under which law, and what each column of each of its files means."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from kesos.foundation.yaml_text import BothLanguages, NotAMapping, Strict, first_fault, read_mapping
from kesos.pipeline.sources.contract_refusals import (
    BrokenContract,
    ColumnClaimedTwice,
    ContractIsNotYaml,
    MissingContractKey,
    UnknownContractKey,
    UnknownContractName,
)


class Kind(StrEnum):
    """What a column holds, which decides how it is read, checked, sealed and shown."""

    NIK = "nik"
    KK = "kk"
    CUSTOMER_NUMBER = "customer_number"
    NAME = "name"
    TEXT = "text"
    ADDRESS = "address"
    DATE = "date"
    PERIOD = "period"
    VILLAGE = "village"
    AREA = "area"
    CODE = "code"
    COUNT = "count"
    NUMBER = "number"
    YES_NO = "yes_no"
    DECILE = "decile"
    AMOUNT_IDR = "amount_idr"


SEALED_FIELDS: Final[Mapping[Kind, str]] = {Kind.NIK: "nik", Kind.KK: "kk", Kind.CUSTOMER_NUMBER: "pln"}
"""Kinds that are sealed at receipt, with the field name that the seal and the blind index carry."""


_RANGE: Final = re.compile(r"(\d+)\.\.(\d+)")


def _numbers(key: object) -> tuple[object, ...]:
    limits = _RANGE.fullmatch(key) if isinstance(key, str) else None
    return tuple(range(int(limits[1]), int(limits[2]) + 1)) if limits else (key,)


def _spread_ranges(table: object) -> object:
    if not isinstance(table, dict):
        return table
    return {number: value for key, value in table.items() for number in _numbers(key)}


def _spread_codes(codes: object) -> object:
    return [number for code in codes for number in _numbers(code)] if isinstance(codes, list) else codes


RecodeTable = Annotated[dict[int, int], BeforeValidator(_spread_ranges)]


ColumnName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,60}$")]


class Covers(Strict):
    """Where and when a source lists everybody it concerns, so that absence from it means *no*."""

    areas: tuple[str, ...] = Field(min_length=1)
    valid_from: date = Field(alias="from")
    valid_until: date | None = Field(default=None, alias="until")


class NamedBy(Strict):
    """Columns of names by which a village is found where its code does not tell; `regency` holds a code."""

    village: str
    district: str | None = None
    regency: str | None = None


class ColumnContract(Strict):
    """One column: its kind, the headers it goes by, whether it must be there, and what is done with a broken value.

    `value: required` quarantines a row without it; `if_broken` decides for a value that cannot be read.
    `min` and `max` bound a number; `after` names the date column that a date may not precede.
    `codes` are the codes as stored; `words` are spellings of a code as delivered, which `recode` then leads to
    a stored one. For yes and no the codes are 1 and 2. `date_order` is that of dates without a year in front.
    """

    kind: Kind
    aliases: tuple[str, ...] = ()
    column: Literal["required", "optional"] = "optional"
    value: Literal["required", "optional"] = "optional"
    if_broken: Literal["quarantine", "unknown"] = "unknown"
    min: int | None = None
    max: int | None = None
    after: str | None = None
    codes: Annotated[tuple[int, ...], BeforeValidator(_spread_codes)] = ()
    words: dict[str, int] = Field(default_factory=dict)
    date_order: Literal["dmy", "mdy"] = "dmy"
    recode: str | None = None
    named_by: NamedBy | None = None
    meaning: BothLanguages
    source: str | None = None

    @property
    def is_sealed(self) -> bool:
        """Tell whether the column is sealed at receipt and has no readable text afterwards."""
        return self.kind in SEALED_FIELDS

    @property
    def sealed_field(self) -> str:
        """Name the field of seal and blind index; KeyError for a kind that is not sealed."""
        return SEALED_FIELDS[self.kind]


def normalise_header(header: str) -> str:
    """Reduce a header to the letters and digits that are compared.

    >>> normalise_header("\\ufeffNo. KK "), normalise_header("NO_KK"), normalise_header("umur_*")
    ('nokk', 'nokk', 'umur*')
    """
    text = unicodedata.normalize("NFKC", header).casefold()
    return "".join(sign for sign in text if sign.isalnum() or sign == "*")


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """What a header and a file of a contract have to do with each other.

    `found` leads from a column of the contract to the position of its header; `missing` are required columns
    without one, `absent` optional ones; `unknown` are headers of no column; `repeated` columns with two headers.
    """

    found: Mapping[str, int]
    missing: tuple[str, ...]
    absent: tuple[str, ...]
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether every required column is there and none is there twice."""
        return not self.missing and not self.repeated


class NikComparison(Strict):
    """Columns whose birth date and sex are laid against those inside the NIK; a difference only warns."""

    nik: str
    birth_date: str
    sex: str | None = None


class FileContract(Strict):
    """One file of a source: what a row is about, which columns identify it, and its columns in order."""

    about: Literal["person", "family"]
    title: BothLanguages
    row_key: tuple[str, ...] = Field(min_length=1)
    compare_nik: NikComparison | None = None
    columns: dict[ColumnName, ColumnContract] = Field(min_length=1)

    @cached_property
    def _by_header(self) -> Mapping[str, str]:
        return {
            normalise_header(header): name
            for name, column in self.columns.items()
            for header in (name, *column.aliases)
        }

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple(
            (re.compile(re.escape(header).replace(r"\*", r"\d+")), name)
            for header, name in self._by_header.items()
            if "*" in header
        )

    def column_of(self, header: str) -> str | None:
        """Find the column that a header names, by its own name or an alias; `*` in an alias stands for digits."""
        key = normalise_header(header)
        if key in self._by_header:
            return self._by_header[key]
        return next((name for pattern, name in self._patterns if pattern.fullmatch(key)), None)

    def match(self, header: Sequence[str]) -> HeaderMatch:
        """Lay a header against the columns; an empty header cell is nobody's and is not reported."""
        found: dict[str, int] = {}
        unknown: list[str] = []
        repeated: list[str] = []
        for position, cell in enumerate(header):
            name = self.column_of(cell)
            if name is None:
                unknown += [cell] if cell.strip() else []
            elif name in found:
                repeated += [name] if name not in repeated else []
            else:
                found[name] = position
        away = [(name, column) for name, column in self.columns.items() if name not in found]
        return HeaderMatch(
            found=found,
            missing=tuple(name for name, column in away if column.column == "required"),
            absent=tuple(name for name, column in away if column.column == "optional"),
            unknown=tuple(unknown),
            repeated=tuple(repeated),
        )


class Contract(Strict):
    """All that Kesos knows of a source; `digest` names this content in receipts and manifests."""

    source: str = Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")
    version: int = Field(ge=1)
    title: BothLanguages
    owner: str
    legal_basis: str
    purpose: str
    retention: str
    covers: Covers | None = None
    encodings: tuple[str, ...] = ("utf-8", "cp1252")
    area_system: Literal["KEMENDAGRI", "BPS"] = "KEMENDAGRI"
    code_lists: dict[str, str] = Field(default_factory=dict)
    recodes: dict[str, dict[str, RecodeTable]] = Field(default_factory=dict)
    files: dict[str, FileContract] = Field(min_length=1)

    @cached_property
    def digest(self) -> str:
        """Give 8 hex digits of SHA-256 over the canonical content: comments and order of keys do not count."""
        content = json.dumps(self.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:8]

    def file(self, name: str) -> FileContract:
        """Give the contract of one file; KeyError if the source has none of that name."""
        return self.files[name]

    def recode_table(self, column: ColumnContract) -> Mapping[int, int]:
        """Give the table that leads from codes as delivered to codes as stored; codes it does not name stay."""
        return self.recodes[column.recode][self.code_lists[column.recode]] if column.recode else {}

    def with_code_lists(self, chosen: Mapping[str, str], *, said_in: str) -> Contract:
        """Choose other code lists than the contract does; `said_in` is the file that a refusal names."""
        data = self.model_dump(by_alias=True)
        contract = Contract.model_validate({**data, "code_lists": {**self.code_lists, **chosen}})
        _check_code_lists(contract, said_in)
        return contract


def load_contract(path: Path) -> Contract:
    """Read and check a contract file; raise a BrokenContract that names the file and the place in it."""
    return parse_contract(path.read_text(encoding="utf-8"), file=str(path))


def parse_contract(text: str, *, file: str) -> Contract:
    """Read a contract from its text; `file` is the name that a refusal shows."""
    try:
        content = read_mapping(text)
    except NotAMapping as error:
        raise ContractIsNotYaml(file=file, place=error.place, problem=error.problem) from error
    try:
        contract = Contract.model_validate(content)
    except ValidationError as error:
        raise _fault(error, file) from error
    _check_code_lists(contract, file)
    for name, file_contract in contract.files.items():
        _check_file(file_contract, f"files.{name}", file)
    return contract


def _fault(error: ValidationError, file: str) -> BrokenContract:
    kind, place, problem = first_fault(error)
    if kind == "unknown":
        return UnknownContractKey(file=file, place=place)
    if kind == "missing":
        return MissingContractKey(file=file, place=place)
    return BrokenContract(file=file, place=place, problem=problem)


def _check_code_lists(contract: Contract, file: str) -> None:
    for name, choice in contract.code_lists.items():
        options = contract.recodes.get(name)
        if options is None:
            known = ", ".join(contract.recodes) or "none"
            raise UnknownContractName(file=file, place="code_lists", name=name, known=known)
        if choice not in options:
            raise UnknownContractName(file=file, place=f"code_lists.{name}", name=choice, known=", ".join(options))
    for file_name, file_contract in contract.files.items():
        for column_name, column in file_contract.columns.items():
            if column.recode and column.recode not in contract.code_lists:
                place = f"files.{file_name}.columns.{column_name}.recode"
                known = ", ".join(contract.code_lists) or "none"
                raise UnknownContractName(file=file, place=place, name=column.recode, known=known)


def _check_file(file_contract: FileContract, place: str, file: str) -> None:
    columns = file_contract.columns
    named: list[tuple[str | None, str]] = [(name, "row_key") for name in file_contract.row_key]
    named += [(name, "compare_nik") for _, name in file_contract.compare_nik or ()]
    for of, column in columns.items():
        named += [(column.after, f"columns.{of}.after")]
        named += [(name, f"columns.{of}.named_by") for _, name in column.named_by or ()]
    for name, at in named:
        if name is not None and name not in columns:
            raise UnknownContractName(file=file, place=f"{place}.{at}", name=name, known=", ".join(columns))
    claimed: dict[str, str] = {}
    for name, column in columns.items():
        for header in (name, *column.aliases):
            first = claimed.setdefault(normalise_header(header), name)
            if first != name:
                raise ColumnClaimedTwice(file=file, place=f"{place}.columns", header=header, first=first, second=name)
        if column.kind is Kind.CODE and not column.codes:
            raise MissingContractKey(file=file, place=f"{place}.columns.{name}.codes")
