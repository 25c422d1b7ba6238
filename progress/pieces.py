"""Finished pieces of the pages of learning, which the process keeps by what they show
(decision 0080).
"""

from look.cards import Cards

# A release has 150 activities. Each row looks one way to visitors, and three or four
# ways to members.
ROWS = Cards("progress/_row.html", most=3_000)
STOPS = Cards("curriculum/_stop.html", slots=("people",), most=1_000)
PEOPLE = Cards("curriculum/_people.html", most=1_000)
