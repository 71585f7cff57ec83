"""Spreading work: the order of the parts is kept, and progress is told."""

from operator import neg

import pytest

from kesos.synthetic.workers import work_through


@pytest.mark.parametrize("workers", [1, 2])
def test_work_through_keeps_the_order_and_tells_of_each_part(workers: int) -> None:
    told: list[tuple[int, int]] = []

    made = work_through(neg, [3, 1, 2], workers, lambda done, total: told.append((done, total)))

    assert made == [-3, -1, -2]
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_work_through_without_parts_makes_nothing() -> None:
    assert work_through(neg, [], workers=2) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_work_through_passes_on_what_a_part_raises(workers: int) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        work_through(int, ["1", "one"], workers)
