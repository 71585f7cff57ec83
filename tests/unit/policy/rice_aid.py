"""A programme of a district that does not exist: small, with one of everything, for tests to change."""

from __future__ import annotations

from kesos.policy.programme import Programme
from kesos.policy.programme_file import read_programme

RICE_AID = """
code: RICE-AID
name: {id: Bantuan beras, en: Rice aid}
aim: {id: Cukup makan, en: Enough to eat}
valid_from: 2024-01-01
valid_until: 2028-01-01
legal_basis: [{act: Decree 1, about: Rice}]
authority: {determines: The office, signs: The regent, pays: The bank, data_owner: BPS}
unit: family
parameters:
  decile_limit:
    meaning: {id: Desil tertinggi, en: Highest decile}
    unit: decile
    values:
      - {from: 2024-01-01, value: 4, law: Decree 1}
      - {from: 2026-07-01, value: 3, uncertain: Announced and not read}
  elderly_age:
    meaning: {id: Umur lansia, en: Age of an elder}
    unit: years
    values: [{from: 2024-01-01, value: 60, law: Decree 1}]
  amount_elder:
    meaning: {id: Bantuan lansia, en: Aid for an elder}
    unit: IDR/month
    values:
      - {from: 2024-01-01, value: 100000, law: Decree 1}
      - {from: 2026-05-15, value: 150001, law: Decree 2}
  amount_family:
    meaning: {id: Bantuan keluarga, en: Aid for a family}
    unit: IDR/month
    values: [{from: 2024-01-01, value: 50000, law: Decree 1}]
  most_elders:
    meaning: {id: Lansia terbanyak, en: Most elders}
    unit: persons
    values: [{from: 2024-01-01, value: 2, law: Decree 1}]
  longest:
    meaning: {id: Paling lama, en: Longest}
    unit: months
    values: [{from: 2024-01-01, value: 60, law: Decree 1}]
eligibility:
  - {id: decile, rule: official_decile <= decile_limit, reason: {id: Desil di atas batas, en: Decile too high}}
  - {id: remote, until: 2026-07-01, rule: remote_area, reason: {id: Tidak terpencil, en: Not remote}}
exclusions:
  - id: civil_servant
    rule: civil_servant_in_family
    reason: {id: Ada pegawai negeri, en: A civil servant in the family}
    source: BKN
    expires_after_months: 12
    contest: {id: Bawa surat, en: Bring a letter}
incompatible:
  - {programme: PKH, reason: {id: Sudah menerima PKH, en: Receives PKH already}}
complements:
  - {programme: PIP, why: {id: Untuk sekolah, en: For school}}
benefit:
  kind: cash
  per: month
  periods: 12
  stages: 4
  change_takes_effect: next_stage
  most_persons: most_elders
  components:
    - {code: elder, name: {id: Lansia, en: Elder}, rule: age >= elderly_age, amount: amount_elder, at_most: most_elders}
    - {code: family, name: {id: Keluarga, en: Family}, of: unit, amount: amount_family}
quota: {level: village, area: registered}
ranking:
  - {key: official_decile, order: ascending, meaning: {id: Desil, en: Decile}}
  - {key: lives_alone, order: descending, meaning: {id: Sendiri, en: Alone}}
lottery: {seed: rice-2026, published: On the board of the village}
conditions:
  - {id: meeting, components: [elder], text: {id: Hadir, en: Come}, measured_by: The village}
duration: {at_most_months: longest, exempt: elderly_70 >= 1, reason: {id: Sudah lama, en: Long enough}}
exits:
  - {id: capital, rule: receives_pena, reason: {id: Menerima modal, en: Receives capital}}
protection: {rule: lone_elder, reason: {id: Sendiri, en: Alone}, way_back: {id: Ke desa, en: Ask the village}}
budget_line: Not known
uncertain: [Everything]
cases:
  - name: {id: "Ya", en: A yes}
    as_of: 2026-08-01
    family: {official_decile: 3, civil_servant_in_family: false, receives_pkh: false}
    members: [{age: 64}, {age: 30}]
    expect: {eligibility: eligible, amount_idr: 2400012, components: [elder, family]}
  - name: {id: Tidak, en: A no}
    as_of: 2026-08-01
    family: {official_decile: 4}
    expect: {eligibility: not_eligible, because: [decile], not_checked: [civil_servant, receives_pkh]}
"""

CODES = ("PENA", "PIP", "PKH", "RICE-AID")
FILE = "rice-aid.yaml"
PROTECTION = next(line for line in RICE_AID.splitlines(keepends=True) if line.startswith("protection:"))


def changed(*changes: tuple[str, str]) -> str:
    """Give the text with each piece replaced; a piece that does not stand there once is a mistake of the test."""
    text = RICE_AID
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def rice_aid(*changes: tuple[str, str]) -> Programme:
    """Read the programme, with changes."""
    return read_programme(changed(*changes), file=FILE)
