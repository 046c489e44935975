"""Distinguished names (RFC 4514): two ways of writing one name become the same."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["normal_name"]

HEX = frozenset("0123456789abcdefABCDEF")
TYPE_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.")


def normal_name(text: str) -> tuple[tuple[tuple[str, str], ...], ...] | None:
    r"""Normalise a distinguished name: case, spaces around separators, escaped characters, order in a multi-valued part.

    Parameters
    ----------
    text : str
        For instance `cn=Ann Lee, ou=Service`.

    Returns
    -------
    tuple or None
        One tuple of (type, value) pairs a part, equal for equal names; None for what is no distinguished name.

    References
    ----------
    .. [1] K. Zeilenga, "LDAP: String Representation of Distinguished Names", RFC 4514, 2006.

    Examples
    --------
    >>> normal_name("CN = Lee\\, Ann ,OU=service") == normal_name("cn=lee\\2c  ann,ou=Service")
    True
    >>> normal_name("ann") is None
    True
    """
    parts: list[tuple[tuple[str, str], ...]] = []
    pairs: list[tuple[str, str]] = []
    for piece, separator in _pieces(text):
        pair = _pair(piece)
        if pair is None:
            return None
        pairs.append(pair)
        if separator != "+":
            parts.append(tuple(sorted(pairs)))
            pairs = []
    return tuple(parts)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Cut at separators that are neither escaped nor quoted; give each piece with the separator after it."""
    start = place = 0
    quoted = False
    while place < len(text):
        sign = text[place]
        if sign == "\\":
            place += 1
        elif sign == '"':
            quoted = not quoted
        elif sign in ",;+" and not quoted:
            yield text[start:place], sign
            start = place + 1
        place += 1
    yield text[start:], ","


def _pair(piece: str) -> tuple[str, str] | None:
    kind, sign, value = piece.partition("=")
    kind = kind.strip(" ")
    if not sign or not kind or not TYPE_CHARACTERS.issuperset(kind):
        return None
    return kind.lower(), " ".join(_plain(value).casefold().split())


def _plain(value: str) -> str:
    """Resolve escapes and quotes; what is escaped as bytes is UTF-8."""
    found = bytearray()
    place = 0
    while place < len(value):
        sign = value[place]
        if sign == "\\" and HEX.issuperset(value[place + 1 : place + 3]) and len(value) > place + 2:
            found.append(int(value[place + 1 : place + 3], 16))
            place += 3
            continue
        if sign == "\\":
            place += 1
            sign = value[place : place + 1]
        elif sign == '"':
            sign = ""
        found += sign.encode("utf-8", "surrogatepass")
        place += 1
    return found.decode("utf-8", "replace")
