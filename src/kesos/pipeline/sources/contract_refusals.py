"""How a contract can be broken: each kind names the file and the place in it."""

from __future__ import annotations

from kesos.foundation.errors import Refused


class BrokenContract(Refused):
    """A contract that cannot be read; every kind names the file and the place in it."""

    what = "Contract {file}, at {place}: {problem}."
    remedy = "Correct the contract; docs/reference/source-contract.md lists every key and its values."


class ContractIsNotYaml(BrokenContract):
    """A file that YAML cannot parse, or whose top is not a mapping."""

    what = "Contract {file}, at {place}: this is not a YAML mapping ({problem})."
    remedy = "Mind the indentation and quote values that hold a colon or a hash sign."


class UnknownContractKey(BrokenContract):
    """A key that no contract has, most often a typing error."""

    what = "Contract {file}, at {place}: the key is not known."
    remedy = "Remove it or correct its spelling; docs/reference/source-contract.md lists every key."


class MissingContractKey(BrokenContract):
    """A key that every contract must have."""

    what = "Contract {file}, at {place}: the key is missing."
    remedy = "Add it; docs/reference/source-contract.md says what it means."


class UnknownContractName(BrokenContract):
    """A name that should stand elsewhere in the contract and does not."""

    what = "Contract {file}, at {place}: '{name}' is named here but not defined; known are: {known}."
    remedy = "Use one of the names that are defined, or define this one."


class ColumnClaimedTwice(BrokenContract):
    """Two columns of one file that claim the same header."""

    what = "Contract {file}, at {place}: the header '{header}' is claimed by both '{first}' and '{second}'."
    remedy = "Take the alias away from one of them."
