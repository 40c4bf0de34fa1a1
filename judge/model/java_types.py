"""What a signature's types are in Java, and the identifiers that Java does not allow.

========================== ===========================================================================================
bool, float                ``boolean``, ``double``
int                        ``long``, or ``BigInteger`` when the problem's integers have 128 bits
str, bytes                 ``String``, ``byte[]``
list[T], tuple[T, ...]     ``boolean[]``, ``long[]``, ``double[]``; ``List<T>`` of anything else
tuple[A, B]                ``judge.Tuple2<A, B>``, a record; ``Tuple1`` to ``Tuple8``
dict[K, V]                 ``Map<K, V>``; lists among the keys are ``List<T>``, which can be compared
Optional[T]                ``T``, or null
array[dtype, shape]        ``judge.Array<double[]>`` and so on, a record of ``shape`` and ``data`` in C order
callable[[A, B], R]        ``judge.Oracle2<A, B, R>`` with a method ``ask``; ``Oracle0`` to ``Oracle4``
========================== ===========================================================================================

What is said in angle brackets is boxed: ``List<Long>``.
"""

from __future__ import annotations

from judge.model.signature import Signature, function_of_method
from judge.model.type_expr import TypeExpr

MAX_TUPLE = 8
MAX_ASKED = 4  # arguments of an oracle
_PACKAGE = "Type"  # of judge.inside, which the driver imports
_SCALARS = {"None": "void", "bool": "boolean", "float": "double", "str": "String", "bytes": "byte[]"}
_BOXED = {"boolean": "Boolean", "long": "Long", "double": "Double"}
_LISTS = {"bool": "boolean[]", "int": "long[]", "float": "double[]"}
_CODECS = {"bool": "BOOL", "float": "FLOAT", "str": "STR", "bytes": "BYTES"}
_LIST_CODECS = {"bool": "BOOLS", "int": "LONGS", "float": "DOUBLES"}
_ELEMENTS = {
    "bool": "boolean[]",
    "int32": "int[]",
    "int64": "long[]",
    "float32": "float[]",
    "float64": "double[]",
    "complex128": "Complex[]",
}
_DTYPES = {
    "bool": "|b1",
    "int32": "<i4",
    "int64": "<i8",
    "float32": "<f4",
    "float64": "<f8",
    "complex128": "<c16",
}
_KEYWORDS = """
abstract assert boolean break byte case catch char class const continue default do double else enum extends false
final finally float for goto if implements import instanceof int interface long native new null package private
protected public return short static strictfp super switch synchronized this throw throws transient true try void
volatile while _
"""
KEYWORDS = frozenset(_KEYWORDS.split())
# Methods that every object has and a class cannot define anew, or not for this.
_TAKEN = "getClass notify notifyAll wait clone finalize hashCode toString equals"
TAKEN = frozenset(_TAKEN.split())
# Classes that the driver of a class names beside the submission's own.
_CLASSES = "Array BigInteger Boolean Calls Complex Double Entry Judge__Entry List Long Map Object Override String"
_CLASSES += " SuppressWarnings Throwable Type judge"
TAKEN_BY_CLASSES = frozenset(_CLASSES.split()) | {f"Tuple{count}" for count in range(1, MAX_TUPLE + 1)}


def java_type(kind: TypeExpr, signature: Signature, *, key: bool = False) -> str:
    """Returns the Java type that stands for ``kind``; within the key of a mapping there are no arrays."""
    if kind.name in _SCALARS:
        return _SCALARS[kind.name]
    if kind.name == "int":
        return "BigInteger" if signature.integer_bits == 128 else "long"
    if kind.name == "array":
        return f"Array<{_ELEMENTS[kind.dtype]}>"
    if kind.name == "Optional":
        return _boxed(java_type(kind.arguments[0], signature, key=key))
    if _is_list(kind):
        return (
            _LISTS[kind.arguments[0].name]
            if _is_plain(kind, signature, key)
            else _generic("List", kind, signature, key)
        )
    if kind.name == "callable":
        return _generic(f"Oracle{len(kind.arguments) - 1}", kind, signature, key)
    if kind.name == "dict":
        names = [_boxed(java_type(part, signature, key=key or at == 0)) for at, part in enumerate(kind.arguments)]
        return f"Map<{', '.join(names)}>"
    return _generic(f"Tuple{len(kind.arguments)}", kind, signature, key)


def _generic(name: str, kind: TypeExpr, signature: Signature, key: bool) -> str:
    return f"{name}<{', '.join(_boxed(java_type(part, signature, key=key)) for part in kind.arguments)}>"


def _boxed(name: str) -> str:
    return _BOXED.get(name, name)


def _is_list(kind: TypeExpr) -> bool:
    return kind.name == "list" or kind.variadic


def _is_plain(kind: TypeExpr, signature: Signature, key: bool) -> bool:
    """Whether a list is an array of a primitive type."""
    item = kind.arguments[0].name
    return not key and item in _LISTS and not (item == "int" and signature.integer_bits == 128)


def codec(kind: TypeExpr, signature: Signature, *, key: bool = False) -> str:
    """Returns the Java expression that says how a value of ``kind`` is read."""
    if kind.name in _CODECS:
        return f"{_PACKAGE}.{_CODECS[kind.name]}"
    if kind.name == "int":
        return f"{_PACKAGE}.{'BIG' if signature.integer_bits == 128 else 'INT'}"
    if kind.name == "array":
        return f'{_PACKAGE}.array("{_DTYPES[kind.dtype]}")'
    if _is_list(kind) and _is_plain(kind, signature, key):
        return f"{_PACKAGE}.{_LIST_CODECS[kind.arguments[0].name]}"
    name = "list" if kind.variadic else {"Optional": "optional"}.get(kind.name, kind.name)
    in_keys = [key or (kind.name == "dict" and at == 0) for at in range(len(kind.arguments))]
    parts = [codec(part, signature, key=in_key) for part, in_key in zip(kind.arguments, in_keys, strict=True)]
    return f"{_PACKAGE}.{name}({', '.join(parts)})"


def java_head(entry_point: str, signature: Signature) -> str:
    """Returns the head of the entry point's definition, as a solution writes it in its class."""
    parameters = [f"{java_type(part.type, signature)} {_name(part.name)}" for part in signature.parameters]
    head = f"    public {java_type(signature.returns, signature)} {entry_point}("
    line = f"{head}{', '.join(parameters)})"
    return line if len(line) <= 98 else head + ",".join(f"\n            {part}" for part in parameters) + ")"


def java_imports(signature: Signature) -> list[str]:
    """Returns the classes that the heads of function or methods name and that must be imported."""
    functions = [function_of_method(method, signature) for method in signature.methods] or [signature]
    used = "".join(java_head("f", each) for each in functions)
    known = {"java.math": ["BigInteger"], "java.util": ["List", "Map"], "judge": ["Array", "Complex"]}
    known["judge"] += [f"Oracle{count}" for count in range(MAX_ASKED + 1)]
    known["judge"] += [f"Tuple{count}" for count in range(1, MAX_TUPLE + 1)]
    return [f"{package}.{name}" for package, names in known.items() for name in names if _names(used, name)]


def _names(text: str, name: str) -> bool:
    return any(f"{before}{name}{after}" in text for before in " <(" for after in " <>[,")


def _name(parameter: str) -> str:
    return f"{parameter}_" if parameter in KEYWORDS else parameter


def inexpressible(kind: TypeExpr) -> str | None:
    """Returns what in ``kind`` Java has no type for: a tuple or oracle of too many parts, bytes or arrays as keys."""
    if kind.name == "callable" and len(kind.arguments) > MAX_ASKED + 1:
        return f"{kind}, which takes more than {MAX_ASKED} arguments"
    if kind.name == "tuple" and not kind.variadic and not 1 <= len(kind.arguments) <= MAX_TUPLE:
        return f"{kind}, which is not a tuple of 1 to {MAX_TUPLE} parts"
    if kind.name == "dict" and _holds(kind.arguments[0], ("bytes", "array")):
        return f"{kind}, whose keys cannot be compared there"
    return next(filter(None, map(inexpressible, kind.arguments)), None)


def _holds(kind: TypeExpr, names: tuple[str, ...]) -> bool:
    return kind.name in names or any(_holds(part, names) for part in kind.arguments)
