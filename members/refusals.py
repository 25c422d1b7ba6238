"""Why an action refuses what a member asked for."""


class Refused(Exception):
    """An action cannot do what was asked. Its text says why and can be shown."""
