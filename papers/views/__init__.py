"""Pages about papers: the headlines of a day, a paper, the reading list, and how the
harvest goes.
"""
