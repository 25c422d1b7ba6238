import pytest

from bench.ratios import Spread, ratios, share_below, spread


def test_a_ratio_is_taken_to_the_floor_of_its_own_round():
    figures, floors = [10.0, 40.0, 12.0], [5.0, 10.0, 3.0]

    assert ratios(figures, floors) == Spread(middle=4.0, low=3.0, high=4.0)


def test_one_figure_has_no_spread():
    assert spread([2.5]) == Spread(2.5, 2.5, 2.5)


def test_nothing_has_no_median():
    with pytest.raises(ValueError, match="nothing"):
        spread([])


def test_figures_and_floors_must_be_pairs():
    with pytest.raises(ValueError, match="beside"):
        ratios([1.0, 2.0], [1.0])


@pytest.mark.parametrize(("percent", "figure"), [(50, 50), (95, 95), (99, 99), (1, 1)])
def test_shares_are_of_the_nearest_rank(percent: int, figure: int):
    assert share_below([float(n) for n in range(100, 0, -1)], percent) == figure


def test_the_share_of_few_figures_is_one_of_them():
    assert share_below([3.0, 1.0], 99) == 3.0
    assert share_below([3.0, 1.0], 50) == 1.0
