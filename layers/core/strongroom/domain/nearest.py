"""The known word that somebody probably meant."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is spelled most like `word`; None where none is like it."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, list(known), n=1)), None)
