"""What somebody typed or asked, as words to look for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

MOST_WORDS = 12
SHORTEST_GUESS = 4
"""Letters a word needs before a mistake in it is looked for."""

# Words of questions, folded: they stand in every text and tell nothing of what it is about.
_FILLERS = frozenset(
    """
    а без бы быть в вам вас ваш во вот вы где да для до его ее если есть еще же за и из или им их к как
    какая какие какой когда кто ли мне можно мой моя мои мы на надо нам нас наш не нет ни но о об он она
    они от очень по под почему при про с сколько со так такое там то тоже только у уже что чтобы это
    этот я здравствуйте добрый день привет подскажите пожалуйста скажите a about am an and any are as at
    be been but by can could do does did for from get got had has have hello hi how i if in into is it
    its me my no not of on or our please so than that the their them there they this to us was we what
    when where which who why will with would you your
    """.split()  # noqa: SIM905 - a hundred quotes would hide the words
)
_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_RUSSIAN = str.maketrans(_LATIN_KEYS, _RUSSIAN_KEYS)
_TO_LATIN = str.maketrans(_RUSSIAN_KEYS, _LATIN_KEYS)


def telling(words: Iterable[str]) -> list[str]:
    """Without the words of any question, unless there are no others."""
    found = list(words)
    return ([word for word in found if word not in _FILLERS] or found)[:MOST_WORDS]


def other_layout(text: str) -> str:
    """The same keys with the keyboard switched the other way: "dsgkfns" is "выплаты"."""
    folded = text.casefold()
    is_russian = any("а" <= sign <= "я" for sign in folded)
    return folded.translate(_TO_LATIN if is_russian else _TO_RUSSIAN).replace("ё", "е")


def allowed_mistakes(word: str) -> int:
    """Letters left out, added, changed or swapped that still mean this word."""
    if len(word) < SHORTEST_GUESS or any(sign.isdigit() for sign in word):
        return 0
    return 1 if len(word) <= 6 else 2


def told(words: Sequence[str], replaced: Collection[tuple[str, str]]) -> str:
    """The query as it was understood."""
    new = dict(replaced)
    return " ".join(new.get(word, word) for word in words)
