"""Source records, as standardised: what each source said about a person or a family, and where it was put."""

from __future__ import annotations

from typing import Final

from kesos.datasets.facts import DWELLING_FACTS, FAMILY_FACTS, PERSON_FACTS
from kesos.datasets.schema import Column, Dataset

PROVENANCE: Final = (
    Column("record_id", "BIGINT", "Place of the record in the order of (source, row key).", required=True),
    Column("source", "VARCHAR", "Name of the source.", required=True),
    Column("delivery", "VARCHAR", "Receipt that the row came in.", required=True),
    Column("row_number", "BIGINT", "Row of the delivered file; 1 is the first below the header.", required=True),
    Column("row_key", "VARCHAR", "Keyed hash of the columns that identify the row in its source.", required=True),
    Column("delivered_on", "DATE", "Day on which the file was delivered.", required=True),
    Column("observed_on", "DATE", "Day on which the facts were true; the delivery day if the source gives none."),
)

_FAMILY_CARD: Final = (
    Column("kk_index", "BLOB", "Blind index of the family card number (KK)."),
    Column("kk_note", "VARCHAR", "What is to be said of the KK number as written."),
)

ADDRESS: Final = (
    Column("registered_village", "VARCHAR", "Village of registration (KK); Kemendagri code of 10 digits."),
    Column("residence_village", "VARCHAR", "Village where they live; Kemendagri code of 10 digits."),
    Column("street", "VARCHAR", "Street and number, normalised."),
    Column("hamlet", "VARCHAR", "Hamlet below the village: dusun, lingkungan, jorong, banjar."),
    Column("rt", "VARCHAR", "Neighbourhood (RT), three digits."),
    Column("rw", "VARCHAR", "Community unit (RW), three digits."),
)

PERSON_IDENTITY: Final = (
    Column("name", "VARCHAR", "Name as the source writes it, in capitals, without stray signs."),
    Column("name_normal", "VARCHAR", "Name without titles, with variants brought to their standard."),
    Column("name_key", "VARCHAR", "Phonetic key of the name."),
    Column("sex", "VARCHAR", "male or female."),
    Column("birth_date", "DATE", "Date of birth."),
    Column("birth_place", "VARCHAR", "Place of birth as a normalised name."),
    Column("mother_name_normal", "VARCHAR", "Mother's maiden name, normalised."),
    Column("relation_code", "SMALLINT", "Relation to the head of the family, item 409.", codes=tuple(range(1, 9))),
    Column("marital_status_code", "SMALLINT", "Marital status, item 408.", codes=(1, 2, 3, 4)),
)

LIFE: Final = (
    Column("life_status", "VARCHAR", "alive, dead or moved; null where no source says."),
    Column("died_on", "DATE", "Day of death."),
)

PERSON_RECORD: Final = Dataset(
    name="person_record",
    grain="One row of a source about a person; the rows of one person stand together.",
    key=("person_id", "record_id"),
    columns=(
        *PROVENANCE,
        Column("nik_index", "BLOB", "Blind index of the NIK; null where the number is no evidence."),
        Column("nik_note", "VARCHAR", "What is to be said of the NIK as written: valid, missing, placeholder, …"),
        Column("nik_date_agrees", "BOOLEAN", "The date inside the NIK is the birth date; it only warns."),
        Column("nik_sex_agrees", "BOOLEAN", "The sex inside the NIK is the sex given; it only warns."),
        *_FAMILY_CARD,
        *PERSON_IDENTITY,
        *ADDRESS,
        *LIFE,
        *PERSON_FACTS,
        Column("programme", "VARCHAR", "Programme that a payee list or programme list is about."),
        Column("benefit_period", "VARCHAR", "Period that was paid."),
        Column("benefit_amount_idr", "BIGINT", "Amount that was paid.", unit="IDR"),
        Column("person_id", "BIGINT", "Person that the record was linked to.", required=True),
        Column(
            "link_rule",
            "VARCHAR",
            "founder: the person's first record; else what joined it: answered, same_nik, same_row or evidence.",
            required=True,
        ),
    ),
)

FAMILY_RECORD: Final = Dataset(
    name="family_record",
    grain="One row of a source about a family.",
    key=("record_id",),
    columns=(
        *PROVENANCE,
        *_FAMILY_CARD,
        *ADDRESS,
        Column("pln_index", "BLOB", "Blind index of the electricity customer number."),
        Column("head_name_normal", "VARCHAR", "Name of the head or member that the family row carries, normalised."),
        Column("member_count", "INTEGER", "Members as the source counts them.", unit="persons"),
        Column(
            "official_decile", "SMALLINT", "Decile as received from the ranking authority.", codes=tuple(range(1, 11))
        ),
        Column("official_score", "DECIMAL(18,6)", "Score as received, where the extract has one."),
        Column("official_period", "VARCHAR", "Ranking period that the decile belongs to, such as 2026-T3."),
        *FAMILY_FACTS,
        *DWELLING_FACTS,
        Column("family_id", "BIGINT", "Family that the record was put to; null where the row has no usable KK."),
    ),
)
