"""Pendulum's format tokens (https://pendulum.eustace.io/docs/#tokens), in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

# Longer tokens come first; a bracket or a backslash protects text.
_TOKEN = re.compile(
    r"\[(?P<text>[^\[\]]*)\]|\\(?P<char>.)|(?P<token>Mo|MM?M?M?|Do|DDDo|DD?D?D?|ddd?d?|do?"
    r"|E|Qo?|W[oW]?|YYYY|YY|Y|A|a|hh?|HH?|mm?|S{1,6}|ss?|X|x|zz?|ZZ?|LTS|LT|LL?L?L?)"
)
_LOCALIZED = {
    "LTS": "h:mm:ss A",
    "LT": "h:mm A",
    "L": "MM/DD/YYYY",
    "LL": "MMMM D, YYYY",
    "LLL": "MMMM D, YYYY h:mm A",
    "LLLL": "dddd, MMMM D, YYYY h:mm A",
}
# Not from `calendar`, whose names follow the process's locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def format_date(moment: datetime, fmt: str) -> str:
    """Format an aware date; what is no token stays as it is."""

    def replace(match: re.Match[str]) -> str:
        token = match["token"]
        if token is None:
            return match["text"] if match["char"] is None else match["char"]
        if token in _LOCALIZED:
            return format_date(moment, _LOCALIZED[token])
        return _FORMATS[token](moment)

    return _TOKEN.sub(replace, fmt)


def _ordinal(number: int) -> str:
    suffixes = {1: "st", 2: "nd", 3: "rd"}
    suffix = "th" if number % 100 in (11, 12, 13) else suffixes.get(number % 10, "th")
    return f"{number}{suffix}"


def _quarter(moment: datetime) -> int:
    return (moment.month - 1) // 3 + 1


def _day_of_year(moment: datetime) -> int:
    return moment.timetuple().tm_yday


def _offset(moment: datetime, separator: str) -> str:
    offset = moment.utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}{separator}{rest:02d}"


def _fraction(digits: int) -> Callable[[datetime], str]:
    return lambda moment: f"{moment.microsecond:06d}"[:digits]


_FORMATS: dict[str, Callable[[datetime], str]] = {
    "YYYY": lambda d: str(d.year),
    "YY": lambda d: str(d.year)[2:],
    "Y": lambda d: str(d.year),
    "Q": lambda d: str(_quarter(d)),
    "Qo": lambda d: _ordinal(_quarter(d)),
    "MMMM": lambda d: _MONTHS[d.month - 1],
    "MMM": lambda d: _MONTHS[d.month - 1][:3],
    "MM": lambda d: f"{d.month:02d}",
    "M": lambda d: str(d.month),
    "Mo": lambda d: _ordinal(d.month),
    "DDDD": lambda d: f"{_day_of_year(d):03d}",
    "DDD": lambda d: str(_day_of_year(d)),
    "DDDo": lambda d: _ordinal(_day_of_year(d)),
    "DD": lambda d: f"{d.day:02d}",
    "D": lambda d: str(d.day),
    "Do": lambda d: _ordinal(d.day),
    "dddd": lambda d: _DAYS[d.weekday()],
    "ddd": lambda d: _DAYS[d.weekday()][:3],
    "dd": lambda d: _DAYS[d.weekday()][:2],
    "d": lambda d: str(d.isoweekday() % 7),
    "do": lambda d: _ordinal(d.isoweekday() % 7),
    "E": lambda d: str(d.isoweekday()),
    "WW": lambda d: f"{d.isocalendar()[1]:02d}",
    "W": lambda d: str(d.isocalendar()[1]),
    "Wo": lambda d: _ordinal(d.isocalendar()[1]),
    "HH": lambda d: f"{d.hour:02d}",
    "H": lambda d: str(d.hour),
    "hh": lambda d: f"{d.hour % 12 or 12:02d}",
    "h": lambda d: str(d.hour % 12 or 12),
    "mm": lambda d: f"{d.minute:02d}",
    "m": lambda d: str(d.minute),
    "ss": lambda d: f"{d.second:02d}",
    "s": lambda d: str(d.second),
    "A": lambda d: "AM" if d.hour < 12 else "PM",
    "a": lambda d: "am" if d.hour < 12 else "pm",
    "X": lambda d: str(int(d.timestamp())),
    "x": lambda d: str(int(d.timestamp()) * 1000 + d.microsecond // 1000),
    "Z": lambda d: _offset(d, ":"),
    "ZZ": lambda d: _offset(d, ""),
    "z": lambda d: str(getattr(d.tzinfo, "key", None) or d.tzinfo),
    "zz": lambda d: d.tzname() or "",
    **{"S" * digits: _fraction(digits) for digits in range(1, 7)},
}
