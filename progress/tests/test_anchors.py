"""The numbers by which a percentage stays what it was in another release."""

from progress.carrying import Anchor, Measure, anchors_for


def test_back_in_a_release_the_higher_percentage_stays_and_so_do_the_activities():
    before = {"step": Measure(percent=40, done=20, counted=50, activities=5)}
    after = {"step": Measure(percent=60, done=30, counted=50, activities=4)}
    known = {"step": Anchor(30, 50, 60)}

    anchors = anchors_for(before, after, {}, known)

    assert anchors == {"step": Anchor(30, 50, 60, more=1)}


def test_back_in_a_release_an_anchor_that_says_enough_stays():
    before = {"step": Measure(percent=40, done=20, counted=50, activities=4)}
    after = {"step": Measure(percent=60, done=30, counted=50, activities=4)}
    known = {"step": Anchor(30, 50, 60)}

    assert anchors_for(before, after, {}, known) == known


def test_what_has_nothing_left_to_do_needs_no_anchor():
    before = {"step": Measure(percent=40, done=20, counted=50, activities=4)}
    after = {"step": Measure(percent=100, done=50, counted=50, activities=6)}

    assert anchors_for(before, after, {}, {}) == {}


def test_what_is_open_at_another_percentage_has_one():
    before = {"step": Measure(percent=40, done=20, counted=50, activities=4)}
    after = {"step": Measure(percent=20, done=20, counted=100, activities=4)}

    assert anchors_for(before, after, {}, {}) == {"step": Anchor(20, 100, 40)}
