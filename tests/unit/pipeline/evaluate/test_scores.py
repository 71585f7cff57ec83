"""Figures of counts, worked by hand."""

from __future__ import annotations

from fractions import Fraction

from kesos.pipeline.evaluate.scores import Counted, Score


def test_score_of_counts_worked_by_hand() -> None:
    score = Counted(claimed=4, true=8, both=3).score

    assert (score.precision, score.recall, score.f1) == (Fraction(3, 4), Fraction(3, 8), Fraction(1, 2))


def test_score_of_nothing_claimed_has_no_precision_and_no_f1() -> None:
    score = Counted(claimed=0, true=2, both=0).score

    assert (score.precision, score.recall, score.f1) == (None, Fraction(0), None)


def test_f1_of_all_wrong_is_zero_not_an_error() -> None:
    assert Score(Fraction(0), Fraction(0)).f1 == 0


def test_to_dict_gives_counts_beside_figures() -> None:
    assert Counted(claimed=2, true=0, both=0).to_dict() == {
        "claimed": 2, "true": 0, "both": 0, "precision": 0.0, "recall": None, "f1": None,
    }  # fmt: skip
