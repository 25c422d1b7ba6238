"""A believable study group for looking around in: the same seed on the
same day makes the same rows.

`source` reads the files beside it, `people` makes the members, `study`
plans months of study as a log of study events, `diary` lets such a plan
happen through the actions or writes it down at once, `headlines` announces
papers, `talk` holds the conversations, and `filling` puts them in order.
The group's time ends at midnight UTC before `today`.
"""
