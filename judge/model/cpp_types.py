"""What a signature's types are in C++, and the identifiers that C++ does not allow.

========================== ===========================================================================================
bool, float                ``bool``, ``double``
int                        ``long long``, or ``__int128`` when the problem's integers have 128 bits
str, bytes                 ``std::string`` in UTF-8, ``std::vector<std::uint8_t>``
list[T], tuple[T, ...]     ``std::vector<T>``
tuple[A, B], tuple[A, ...] ``std::pair<A, B>``, and ``std::tuple`` of any other number
dict[K, V]                 ``std::map<K, V>``
Optional[T]                ``std::optional<T>``
array[dtype, shape]        ``judge::Array<T>``, a struct of ``shape`` and ``data`` in C order
callable[[A, B], R]        ``std::function<R(A, B)>``
========================== ===========================================================================================
"""

from __future__ import annotations

from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr

_SCALARS = {
    "None": "void",
    "bool": "bool",
    "float": "double",
    "str": "std::string",
    "bytes": "std::vector<std::uint8_t>",
}
_ELEMENTS = {
    "bool": "bool",
    "int32": "std::int32_t",
    "int64": "std::int64_t",
    "float32": "float",
    "float64": "double",
    "complex128": "std::complex<double>",
}
_KEYWORDS = """
alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t class
co_await co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype
default delete do double dynamic_cast else enum explicit export extern false float for friend goto if inline
int long main mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public
register reinterpret_cast requires return short signed sizeof static static_assert static_cast struct switch
template this thread_local throw true try typedef typeid typename union unsigned using virtual void volatile
wchar_t while xor xor_eq
"""
KEYWORDS = frozenset(_KEYWORDS.split())


def cpp_type(kind: TypeExpr, signature: Signature) -> str:
    """Returns the C++ type that stands for ``kind``."""
    if kind.name in _SCALARS:
        return _SCALARS[kind.name]
    if kind.name == "int":
        return "__int128" if signature.integer_bits == 128 else "long long"
    if kind.name == "array":
        return f"judge::Array<{_ELEMENTS[kind.dtype]}>"
    members = [cpp_type(member, signature) for member in kind.arguments]
    if kind.name == "callable":
        return f"std::function<{members[-1]}({', '.join(members[:-1])})>"
    return f"{_template(kind)}<{', '.join(members)}>"


def _template(kind: TypeExpr) -> str:
    if kind.name == "tuple" and not kind.variadic:
        return "std::pair" if len(kind.arguments) == 2 else "std::tuple"
    return {"list": "std::vector", "tuple": "std::vector", "dict": "std::map", "Optional": "std::optional"}[kind.name]


def cpp_head(entry_point: str, signature: Signature) -> str:
    """Returns the head of the entry point's definition, as a solution writes it."""
    parameters = [
        f"{_passed(cpp_type(parameter.type, signature))}{_name(parameter.name)}" for parameter in signature.parameters
    ]
    head = f"{cpp_type(signature.returns, signature)} {entry_point}("
    line = f"{head}{', '.join(parameters)})"
    return line if len(line) <= 98 else head + ",".join(f"\n    {parameter}" for parameter in parameters) + ")"


def _passed(kind: str) -> str:
    return f"const {kind}& " if kind.startswith(("std::", "judge::")) else f"{kind} "


def _name(parameter: str) -> str:
    return f"{parameter}_" if parameter in KEYWORDS else parameter
