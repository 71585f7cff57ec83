"""The registry itself: persons, families, dwellings, who belongs where, and what each value rests on."""

from __future__ import annotations

from typing import Final

from kesos.datasets.facts import DWELLING_FACTS, FAMILY_FACTS, PERSON_FACTS
from kesos.datasets.record import ADDRESS, LIFE, PERSON_IDENTITY
from kesos.datasets.schema import Column, Dataset, lineage_columns

_PERSON_ID: Final = Column("person_id", "BIGINT", "Person, from the identifier register.", required=True)
_FAMILY_ID: Final = Column("family_id", "BIGINT", "Family, from the identifier register.", required=True)
_DWELLING_ID: Final = Column("dwelling_id", "BIGINT", "Dwelling, from the identifier register.", required=True)

_AREA_DATES: Final = (
    Column("registered_as_of", "DATE", "Day for which the registered village holds."),
    Column("residence_as_of", "DATE", "Day for which the village of residence holds."),
)

PERSON_GOLDEN: Final = (*(c for c in PERSON_IDENTITY if c.name != "relation_code"), *ADDRESS, *LIFE, *PERSON_FACTS)
RANKING: Final = (
    Column("official_decile", "SMALLINT", "Decile as received from BPS; null if none came.", codes=tuple(range(1, 11))),
    Column("official_score", "DECIMAL(18,6)", "Score as received; null if none came."),
    Column("official_period", "VARCHAR", "Ranking period of decile and score, such as 2026-T3."),
)
FAMILY_GOLDEN: Final = (
    *ADDRESS,
    Column("member_count", "INTEGER", "Members as the winning source counts them.", unit="persons"),
    *RANKING,
    *FAMILY_FACTS,
)

PERSON: Final = Dataset(
    name="person",
    grain="One person of the population.",
    key=("person_id",),
    columns=(
        _PERSON_ID,
        Column("family_id", "BIGINT", "Family they belong to now; null if in none."),
        Column("relation_code", "SMALLINT", "Relation to the head of that family, item 409.", codes=tuple(range(1, 9))),
        *PERSON_GOLDEN,
        *_AREA_DATES,
        Column("nik_status", "VARCHAR", "none, single (one source), agreed (several), or conflicting.", required=True),
        Column("record_count", "INTEGER", "Records of the person.", required=True),
        Column("source_count", "INTEGER", "Sources that speak of the person.", required=True),
        Column("facts_as_of", "DATE", "Newest observation among the person's records."),
    ),
)

PERSON_LINEAGE: Final = Dataset(
    name="person_lineage",
    grain="One person: for each golden column the record that gave it.",
    key=("person_id",),
    columns=(_PERSON_ID, *lineage_columns(PERSON_GOLDEN)),
)

FAMILY: Final = Dataset(
    name="family",
    grain="One family (keluarga).",
    key=("family_id",),
    columns=(
        _FAMILY_ID,
        Column("dwelling_id", "BIGINT", "Dwelling they live in; null if no record tells."),
        Column("head_person_id", "BIGINT", "Person who is head (relation 1); null if none is known."),
        *FAMILY_GOLDEN,
        *_AREA_DATES,
        Column("active_members", "INTEGER", "Members in this release.", unit="persons", required=True),
        Column("record_count", "INTEGER", "Family records behind it.", required=True),
        Column("facts_as_of", "DATE", "Newest observation among its family records."),
    ),
)

FAMILY_LINEAGE: Final = Dataset(
    name="family_lineage",
    grain="One family: for each golden column the family record that gave it.",
    key=("family_id",),
    columns=(_FAMILY_ID, *lineage_columns(FAMILY_GOLDEN)),
)

DWELLING: Final = Dataset(
    name="dwelling",
    grain="One dwelling: a building that holds one or more families.",
    key=("dwelling_id",),
    columns=(
        _DWELLING_ID,
        Column("village", "VARCHAR", "Village it stands in; Kemendagri code of 10 digits."),
        Column("family_count", "INTEGER", "Families that live in it.", required=True),
        *DWELLING_FACTS,
    ),
)

DWELLING_LINEAGE: Final = Dataset(
    name="dwelling_lineage",
    grain="One dwelling: for each golden column the family record that gave it.",
    key=("dwelling_id",),
    columns=(_DWELLING_ID, *lineage_columns(DWELLING_FACTS)),
)

MEMBERSHIP: Final = Dataset(
    name="membership",
    grain="One person in one family, as some source said; at most one of a person's is active.",
    key=("person_id", "family_id"),
    columns=(
        _PERSON_ID,
        _FAMILY_ID,
        Column("relation_code", "SMALLINT", "Relation to the head, item 409.", codes=tuple(range(1, 9))),
        Column("is_active", "BOOLEAN", "The membership that counts in this release.", required=True),
        Column("first_seen_on", "DATE", "First observation.", required=True),
        Column("last_seen_on", "DATE", "Last observation.", required=True),
        Column("record_id", "BIGINT", "Person record that it rests on.", required=True),
    ),
)

KK_HISTORY: Final = Dataset(
    name="kk_history",
    grain="One family card (KK) of a family; the number stands sealed in `identity`.",
    key=("family_id", "ordinal"),
    columns=(
        _FAMILY_ID,
        Column("ordinal", "INTEGER", "0 is the current card.", required=True),
        Column("first_seen_on", "DATE", "First observation.", required=True),
        Column("last_seen_on", "DATE", "Last observation.", required=True),
    ),
)

IDENTITY: Final = Dataset(
    name="identity",
    grain="One sealed number of a person (nik) or family (kk, pln): ordinal 0 is the accepted one.",
    key=("field", "subject_id", "ordinal"),
    columns=(
        Column("field", "VARCHAR", "nik, kk or pln.", required=True),
        Column("subject_id", "BIGINT", "Person id for nik, family id for kk and pln.", required=True),
        Column("ordinal", "INTEGER", "0 accepted; 1 and more are other numbers seen.", required=True),
        Column("ciphertext", "BLOB", "AES-SIV with associated data field|subject_id.", required=True),
        Column("blind_index", "BLOB", "HMAC-SHA-256 of field|value.", required=True),
    ),
)

IDENTIFIER: Final = Dataset(
    name="identifier",
    grain="One identifier ever given to a person, family or dwelling: the register that the next release reads.",
    key=("kind", "id"),
    columns=(
        Column("kind", "VARCHAR", "person, family or dwelling.", required=True),
        Column("id", "BIGINT", "The identifier.", required=True),
        Column("status", "VARCHAR", "active, alias (merged into another) or retired (no record now).", required=True),
        Column("alias_of", "BIGINT", "The identifier that it was merged into."),
        Column("founded_in", "VARCHAR", "Release that gave it.", required=True),
        Column("founding_source", "VARCHAR", "Source of the founding record.", required=True),
        Column("founding_row_key", "VARCHAR", "Row key of the founding record.", required=True),
    ),
)

BENEFIT: Final = Dataset(
    name="benefit",
    grain="One payment or listing of a person under a programme, as a source reports it.",
    key=("record_id",),
    columns=(
        Column("record_id", "BIGINT", "Person record that reports it.", required=True),
        _PERSON_ID,
        Column("programme", "VARCHAR", "Programme code.", required=True),
        Column("benefit_period", "VARCHAR", "Period paid, where given."),
        Column("benefit_amount_idr", "BIGINT", "Amount paid, where given.", unit="IDR"),
    ),
)
