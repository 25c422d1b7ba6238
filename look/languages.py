from django.utils.translation import get_language_info


def language_in_words(code: str) -> str:
    """`en` as English, `pt-br` as Brazilian Portuguese; what Django does not know stays
    as it is.

    Django has a filter language_name, which raises there and would hide one of ours by
    that name.
    """
    try:
        return str(get_language_info(code.lower())["name"])
    except KeyError:
        return code
