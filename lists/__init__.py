"""Lists that stay fast: compiled statements and pages by keyset.

Knows no app.
"""
