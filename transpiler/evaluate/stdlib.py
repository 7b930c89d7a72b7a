"""Names outside the project that the evaluator knows the meaning of; all others stay `Ref`."""

from __future__ import annotations

import math
import posixpath
import string
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from pathlib import PurePath
from typing import Any

from transpiler.evaluate import (
    copies,
    defaults,
    files,
    folders,
    moments,
    operations,
    operator_functions,
    paths,
    patterns,
    records,
    small_functions,
)
from transpiler.evaluate.airflow_paths import canonical
from transpiler.evaluate.caching import cached
from transpiler.evaluate.comprehensions import iterate
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Builtin, DefaultDict, Partial, UserFunction
from transpiler.evaluate.truth import OneShot, is_plain
from transpiler.evaluate.versions import parse_version
from transpiler.model.values import Ref

_MAX_REPEAT = 20


def pure(name: str, function: Callable[..., Any]) -> Builtin:
    """A function without effects that wants plain data; with anything else its call is not known."""

    def call(site: CallSite, *args: Any, **kwargs: Any) -> Any:
        if not all(is_plain(item) for item in (*args, *kwargs.values())):
            return site.call_mark(name, args, kwargs)
        return operations.attempt(lambda: function(*args, **kwargs), site.node)

    return Builtin(name, call, wants_site=True)


def _site(name: str, function: Callable[..., Any]) -> Builtin:
    return Builtin(name, function, wants_site=True)


def _path(site: CallSite, *parts: Any) -> Any:
    if not all(isinstance(part, (str, PurePath)) for part in parts):
        return site.symbolic("a part of the path is not known")
    return PurePath(*parts)


def _getenv(site: CallSite, key: Any, default: Any = None) -> Any:
    return defaults.environment(site, default)


def _expanded(site: CallSite, text: Any) -> Any:
    """`os.path.expandvars` of a text that names no variable."""
    known = isinstance(text, str) and "$" not in text
    return text if known else site.symbolic("it reads the environment")


def _expanded_home(site: CallSite, path: Any) -> Any:
    """`os.path.expanduser` of a path that names no home."""
    known = isinstance(path, (str, PurePath)) and not str(path).startswith("~")
    return str(path) if known else site.symbolic("it reads the environment")


def _yaml(site: CallSite, stream: Any, *args: Any, **kwargs: Any) -> Any:
    return files.load_yaml(site, stream)


def _wraps(wrapped: Any, *args: Any, **kwargs: Any) -> Builtin:
    return Builtin("wraps", lambda wrapper: _as_wrapper(wrapper, wrapped))


def _as_wrapper(wrapper: Any, wrapped: Any) -> Any:
    """`functools.update_wrapper`: the wrapper shows the name and the parameters of what it wraps."""
    both = isinstance(wrapper, UserFunction) and isinstance(wrapped, UserFunction)
    if both and wrapped.shown is not wrapper:
        wrapper.name, wrapper.wraps = wrapped.name, wrapped
    return wrapper


def _join(*parts: Any) -> str:
    return posixpath.join(*map(str, parts))


def _listdir(site: CallSite, folder: Any = ".") -> Any:
    found = files.glob(site, folder, "*") if isinstance(folder, (str, PurePath)) else None
    return (
        [p.name for p in found]
        if isinstance(found, list)
        else site.symbolic("the folder is not known")
    )


def _glob(site: CallSite, pattern: Any, **_: Any) -> Any:
    if not isinstance(pattern, str):
        return site.symbolic("the pattern is not known")
    head, _sep, tail = pattern.rpartition("/")
    found = files.glob(site, head or ".", tail) if "*" not in head else None
    return (
        [str(p) for p in found]
        if isinstance(found, list)
        else site.symbolic("the pattern is not evaluated")
    )


def _chain_lists(site: CallSite, *iterables: Any) -> Any:
    lists = [iterate(site.ip, iterable, site.node, site.frame) for iterable in iterables]
    if any(items is None for items in lists):
        return site.symbolic("the items are not known")
    site.ip.budget.size(sum(len(items or ()) for items in lists))
    return OneShot(item for items in lists for item in items or ())


def _chain_items(site: CallSite, iterables: Any) -> Any:
    items = iterate(site.ip, iterables, site.node, site.frame)
    return _chain_lists(site, *items) if items is not None else site.symbolic("it is not known")


def _product(site: CallSite, *iterables: Any, repeat: Any = 1) -> Any:
    import itertools

    lists = [iterate(site.ip, iterable, site.node, site.frame) for iterable in iterables]
    known = [items for items in lists if items is not None]
    if len(known) < len(lists) or not isinstance(repeat, int) or repeat > _MAX_REPEAT:
        return site.symbolic("the items are not known")
    site.ip.budget.size(math.prod(map(len, known)) ** max(repeat, 0), "a product")
    return OneShot(itertools.product(*known, repeat=repeat))


def _from_keys(site: CallSite, keys: Any, value: Any = None) -> Any:
    items = iterate(site.ip, keys, site.node, site.frame)
    if items is None:
        return site.symbolic("the keys are not known")
    return operations.attempt(lambda: dict.fromkeys(items, value), site.node)


def _now(site: CallSite, *args: Any, **kwargs: Any) -> Any:
    return site.symbolic("it reads the clock")


def _defaultdict(site: CallSite, factory: Any = None, *args: Any, **kwargs: Any) -> Any:
    made = operations.attempt(lambda: DefaultDict(*args, **kwargs), site.node)
    made.factory = factory
    return made


KNOWN: dict[str, Any] = {
    **folders.KNOWN,
    **paths.KNOWN,
    **operator_functions.KNOWN,
    **patterns.KNOWN,
    **records.KNOWN,
    **small_functions.KNOWN,
    "datetime.datetime": pure("datetime.datetime", datetime),
    "datetime.date": pure("datetime.date", date),
    "datetime.time": pure("datetime.time", time),
    "datetime.timedelta": pure("datetime.timedelta", timedelta),
    "datetime.timezone.utc": timezone.utc,
    "datetime.timezone": pure("datetime.timezone", timezone),
    "datetime.datetime.strptime": pure("datetime.datetime.strptime", datetime.strptime),
    "datetime.datetime.fromisoformat": pure("datetime.fromisoformat", datetime.fromisoformat),
    "datetime.datetime.combine": pure("datetime.datetime.combine", datetime.combine),
    "datetime.datetime.now": _site("datetime.datetime.now", _now),
    "datetime.datetime.utcnow": _site("datetime.datetime.utcnow", _now),
    "datetime.datetime.today": _site("datetime.datetime.today", _now),
    "datetime.date.today": _site("datetime.date.today", _now),
    "datetime.datetime.min": datetime.min,
    "dict.fromkeys": _site("dict.fromkeys", _from_keys),
    "pendulum.datetime": _site("pendulum.datetime", moments.pendulum_datetime),
    "pendulum.DateTime": _site("pendulum.DateTime", moments.pendulum_datetime),
    "pendulum.duration": _site("pendulum.duration", moments.pendulum_duration),
    "pendulum.timezone": _site("pendulum.timezone", moments.zone),
    "pendulum.tz.timezone": _site("pendulum.tz.timezone", moments.zone),
    "pendulum.Timezone": _site("pendulum.Timezone", moments.zone),
    "pendulum.UTC": timezone.utc,
    "pendulum.parse": _site("pendulum.parse", moments.pendulum_parse),
    "pendulum.now": _site("pendulum.now", _now),
    "pendulum.today": _site("pendulum.today", _now),
    "pendulum.instance": _site(
        "pendulum.instance",
        lambda site, value, tz="UTC": (
            value
            if getattr(value, "tzinfo", None)
            else (
                value.replace(tzinfo=moments.zone(site, tz))
                if isinstance(value, datetime)
                else site.symbolic("the date is not known")
            )
        ),
    ),
    "zoneinfo.ZoneInfo": _site("zoneinfo.ZoneInfo", moments.zone),
    "pytz.timezone": _site("pytz.timezone", moments.zone),
    "pytz.utc": timezone.utc,
    "pytz.UTC": timezone.utc,
    "dateutil.tz.gettz": _site("dateutil.tz.gettz", moments.zone),
    "dateutil.relativedelta.relativedelta": _site(
        "dateutil.relativedelta.relativedelta", moments.relative
    ),
    "dateutil.parser.parse": _site(
        "dateutil.parser.parse",
        lambda site, text, **k: site.symbolic("dateutil.parser is not evaluated"),
    ),
    "airflow.utils.timezone.datetime": _site(
        "airflow.utils.timezone.datetime", moments.pendulum_datetime
    ),
    "airflow.sdk.timezone.datetime": _site(
        "airflow.sdk.timezone.datetime", moments.pendulum_datetime
    ),
    "airflow.utils.timezone.parse": _site("airflow.utils.timezone.parse", moments.pendulum_parse),
    "airflow.utils.timezone.utc": timezone.utc,
    "pathlib.Path": _site("pathlib.Path", _path),
    "pathlib.PurePath": _site("pathlib.PurePath", _path),
    "pathlib.PurePosixPath": _site("pathlib.PurePosixPath", _path),
    "os.path.join": pure("os.path.join", _join),
    "os.path.dirname": pure("os.path.dirname", lambda p: posixpath.dirname(str(p))),
    "os.path.basename": pure("os.path.basename", lambda p: posixpath.basename(str(p))),
    "os.path.abspath": pure("os.path.abspath", lambda p: posixpath.normpath(str(p))),
    "os.path.realpath": pure("os.path.realpath", lambda p: posixpath.normpath(str(p))),
    "os.path.normpath": pure("os.path.normpath", lambda p: posixpath.normpath(str(p))),
    "os.path.splitext": pure("os.path.splitext", lambda p: posixpath.splitext(str(p))),
    "os.path.split": pure("os.path.split", lambda p: posixpath.split(str(p))),
    "os.path.exists": _site("os.path.exists", lambda site, p: paths.file_test(site, p, "exists")),
    "os.path.isfile": _site("os.path.isfile", lambda site, p: paths.file_test(site, p, "is_file")),
    "os.path.isdir": _site("os.path.isdir", lambda site, p: paths.file_test(site, p, "is_dir")),
    "os.path.isabs": pure("os.path.isabs", lambda p: posixpath.isabs(str(p))),
    "os.path.expandvars": _site("os.path.expandvars", _expanded),
    "os.path.expanduser": _site("os.path.expanduser", _expanded_home),
    "os.path.sep": "/",
    "os.sep": "/",
    "os.fspath": pure("os.fspath", str),
    "os.listdir": _site("os.listdir", _listdir),
    "os.getenv": _site("os.getenv", _getenv),
    "os.environ.get": _site("os.environ.get", _getenv),
    "glob.glob": _site("glob.glob", _glob),
    "json.loads": _site("json.loads", files.load_json),
    "json.load": _site("json.load", files.load_json),
    "json.dumps": pure("json.dumps", lambda *a, **k: __import__("json").dumps(*a, **k)),
    **{f"yaml.{name}": _site(f"yaml.{name}", _yaml) for name in ("safe_load", "full_load", "load")},
    "packaging.version.parse": pure("packaging.version.parse", parse_version),
    "packaging.version.Version": pure("packaging.version.Version", parse_version),
    "functools.partial": Builtin("functools.partial", lambda func, *a, **k: Partial(func, a, k)),
    "functools.wraps": Builtin("functools.wraps", _wraps),
    "functools.update_wrapper": Builtin(
        "functools.update_wrapper", lambda wrapper, wrapped, *a, **k: _as_wrapper(wrapper, wrapped)
    ),
    "functools.lru_cache": Builtin(
        "functools.lru_cache",
        lambda *a, **k: (
            cached(a[0]) if a and not isinstance(a[0], int) else Builtin("lru_cache", cached)
        ),
    ),
    "functools.cache": Builtin("functools.cache", cached),
    "copy.copy": _site("copy.copy", copies.shallow),
    "copy.deepcopy": _site("copy.deepcopy", copies.deep),
    "itertools.chain": _site("itertools.chain", _chain_lists),
    "itertools.chain.from_iterable": _site("itertools.chain.from_iterable", _chain_items),
    "itertools.product": _site("itertools.product", _product),
    "collections.OrderedDict": pure("collections.OrderedDict", dict),
    "collections.defaultdict": _site("collections.defaultdict", _defaultdict),
    "textwrap.dedent": pure("textwrap.dedent", lambda text: __import__("textwrap").dedent(text)),
    "inspect.cleandoc": pure("inspect.cleandoc", lambda text: __import__("inspect").cleandoc(text)),
    "math.ceil": pure("math.ceil", math.ceil),
    "math.floor": pure("math.floor", math.floor),
    "string.ascii_lowercase": string.ascii_lowercase,
    "string.ascii_uppercase": string.ascii_uppercase,
    "string.digits": string.digits,
    "typing.TYPE_CHECKING": False,
    "typing_extensions.TYPE_CHECKING": False,
    "typing.cast": Builtin("typing.cast", lambda kind, value: value),
    "sys.version_info": (3, 11, 0),
    "calendar.month_name": __import__("calendar").month_name[:],
}


def resolve(qualified_name: str) -> Any:
    """The evaluator's own value for a name outside the project, else a Ref."""
    qualified_name = canonical(qualified_name)
    if qualified_name in KNOWN:
        return KNOWN[qualified_name]
    from transpiler.evaluate.airflow_names import AIRFLOW

    return AIRFLOW.get(qualified_name, Ref(qualified_name))
